"""Words: what the engine calls things when it speaks to people, in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from par_engine.base.decimals import short
from par_engine.base.names import fold
from par_engine.base.types import Basis, Outcome, Text
from par_engine.i18n.catalogue import Lang

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
    "page": ("trang", "page"),
    "explained": ("Giải trình", "Explanation"),
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

STAGES = {
    "self": ("tự đánh giá", "self-assessment"),
    "self-assessment": ("tự đánh giá", "self-assessment"),
    "appraisal": ("thẩm định", "appraisal"),
    "explanation": ("giải trình", "explanation"),
    "final": ("thẩm định xong", "final"),
    "survey": ("điều tra xã hội học", "survey"),
    "published": ("công bố", "published"),
    "table": ("bảng số liệu", "table"),
    "frame": ("bảng số liệu", "table"),
    "illustrative": ("minh họa", "illustrative"),
    "trial": ("thử", "trial"),
}
"""What stages are called, Vietnamese and English."""


def stage_words(stage: str, lang: Lang) -> str:
    """A stage for people; one that is not known as it is."""
    return STAGES[stage][lang != "vi"] if stage in STAGES else stage


_RULES = {
    "choice": "chọn mức",
    "checklist": "cộng điểm từng nội dung",
    "ratio": "theo tỷ lệ",
    "bands": "theo bậc",
    "tally": "cộng điểm theo số lượng",
    "deduction": "trừ điểm",
    "survey": "điều tra xã hội học",
    "given": "điểm do người chấm cho",
}


def rule_words(name: str, lang: Lang) -> str:
    """A rule for people: its kind in Vietnamese, its name in English; a plugin's own rule is one of its own in both."""
    return name if lang == "en" else _RULES.get(name, "riêng")


def caution(title: Text | str, reconstructed: Fraction, of: Fraction, lang: Lang) -> str:
    """The first line of every output: how many points of a methodology rest on reconstructed numbers.

    >>> caution("Thư viện", Fraction(5, 2), Fraction(10), "vi")
    'Thư viện: 2,5 trên 10 điểm dựa vào số dựng lại, không chính thức.'
    """
    name = title if isinstance(title, str) else title.get(lang)
    points, most = short(reconstructed), short(of)
    if lang == "en":
        return f"{name}: {points} of {most} points rest on reconstructed numbers, not official ones."
    points, most = points.replace(".", ","), most.replace(".", ",")
    return f"{name}: {points} trên {most} điểm dựa vào số dựng lại, không chính thức."


def day_words(day: str, lang: Lang) -> str:
    """A date as documents keep it (YYYY-MM-DD), as people of the language write it; any other text as it is."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", day, re.ASCII)
    return f"{found[3]}/{found[2]}/{found[1]}" if found and lang == "vi" else day


def paper_words(paper: Mapping[str, str], lang: Lang) -> str:
    """A supporting document in one line."""
    parts = {**paper, "date": day_words(paper.get("date", ""), lang)}
    if paper.get("page"):
        parts["page"] = f"{word('page', lang)} {paper['page']}"
    return ", ".join(parts[key] for key in ("number", "date", "title", "page", "link") if parts.get(key))


def word(key: str, lang: Lang) -> str:
    """A word of the engine in `lang`."""
    return _WORDS[key][lang == "en"]


def outcome_words(outcome: Outcome, lang: Lang) -> str:
    """An outcome for people."""
    return word(outcome.value, lang)


_OUTCOMES = {fold(text): key for key in ("missing", "pending", "not_applicable") for text in _WORDS[key]}
_OUTCOMES[fold("chờ kết quả")] = "pending"  # as workbooks offer it
_STAGES = {fold(text): id for id, titles in STAGES.items() if id not in ("self", "frame") for text in titles}


def said_outcome(text: str) -> str:
    """The outcome that a text names in either language; any other text as it is."""
    return _OUTCOMES.get(fold(text), text)


def said_stage(text: str) -> str:
    """The stage that a text names in either language; any other text as it is.

    >>> said_stage("Thẩm định"), said_stage("appraisal"), said_stage("second look")
    ('appraisal', 'appraisal', 'second look')
    """
    return _STAGES.get(fold(text), text)


def basis_words(basis: Basis, lang: Lang) -> str:
    """A basis for people."""
    return word(basis, lang)
