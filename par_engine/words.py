"""Words: what the engine calls things when it speaks to people, in both languages."""

from __future__ import annotations

from par_engine.nodes import Basis, Lang, Outcome

LANGS: tuple[Lang, ...] = ("vi", "en")
_WORDS = {
    "scored": ("đã chấm", "scored"),
    "missing": ("thiếu số liệu", "missing"),
    "pending": ("chờ kết quả điều tra", "pending"),
    "not_applicable": ("không áp dụng", "not applicable"),
    "official": ("số chính thức", "official"),
    "derived": ("suy ra từ số chính thức", "derived from official numbers"),
    "reconstructed": ("số dựng lại, KHÔNG chính thức", "reconstructed, NOT official"),
    "sum": ("tổng các mục con", "the sum of its parts"),
    "weighted_mean": ("trung bình có trọng số của các mục con", "the weighted mean of its parts"),
    "facts": ("Số liệu", "Facts"),
    "rule": ("Quy tắc", "Rule"),
    "arithmetic": ("Cách tính", "Arithmetic"),
    "why": ("Lý do", "Why"),
    "documents": ("Tài liệu kiểm chứng", "Documents"),
    "absent": ("chưa có số liệu", "not in the evidence"),
    "no number": ("chưa có", "no number"),
    "points": ("điểm", "points"),
    "of": ("trên", "of"),
    "at most": ("Không vượt quá", "At most"),
    "attainable": ("số điểm có thể đạt", "what is attainable"),
    "stated": ("ghi sẵn", "stated"),
    "stated whole": (
        "Điểm được ghi sẵn trong số liệu, thay cho các mục con",
        "Stated in the evidence; it stands for its parts",
    ),
    "within": ("nằm trong điểm đã ghi của {}", "inside the stated points of {}"),
    "alone": ("là điểm đã ghi của {}", "the stated points of {}"),
    "the total": ("tổng điểm", "the total"),
    "by stream": ("Theo nguồn điểm", "By stream"),
    "index": ("Chỉ số", "Index"),
    "index so far": ("Chỉ số tạm tính trên số điểm đã có thể đạt", "Index so far, of what was attainable"),
    "no place yet": ("chưa xếp hạng, chưa xếp nhóm", "no place and no group yet"),
    "rank": ("hạng", "rank"),
    "taken along": (
        "mục mà điểm thưởng, điểm trừ này thuộc về không áp dụng",
        "the item that this bonus or penalty belongs to does not apply",
    ),
    "basis": ("Căn cứ", "Basis"),
    "gate": ("Điều kiện", "Gate"),
    "needs": ("cần từ", "needs"),
    "else": ("nếu không thì tối đa", "else at most"),
    "has": ("hiện có", "has"),
    "bonus": ("điểm thưởng", "bonus"),
    "penalty": ("điểm trừ", "penalty"),
    "frame": ("khung lấy theo", "frame taken from"),
    "among": ("trong số {} đơn vị có trong số liệu, trên {} đơn vị được xếp hạng", "among {} units here, of {} ranked"),
    "check": ("điều kiện, không tính điểm", "check, counts nowhere"),
}


def word(key: str, lang: Lang) -> str:
    """A word of the engine in `lang`."""
    return _WORDS[key][lang == "en"]


def outcome_words(outcome: Outcome, lang: Lang) -> str:
    """An outcome for people."""
    return word(outcome.value, lang)


def basis_words(basis: Basis, lang: Lang) -> str:
    """A basis for people."""
    return word(basis, lang)
