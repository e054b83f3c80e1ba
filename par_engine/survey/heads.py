"""The columns of a list of people: what they may be headed, which row is the header, and what is not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from par_engine.base.problems import Problem, problem, quote
from par_engine.i18n.catalogue import Term
from par_engine.survey.questions import letter, slug

_PEOPLE = ("", "_dieu_tra", "_khao_sat", "_dieu_tra_xa_hoi_hoc", "_duoc_dieu_tra", "_lay_y_kien")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "group": (
        *(f"{word}{more}" for word in ("nhom", "nhom_doi_tuong", "doi_tuong") for more in _PEOPLE), "thanh_phan",
        "group",
    ),
    "name": ("ho_va_ten", "ho_ten", "ho_va_ten_nguoi_duoc_dieu_tra", "ten", "name", "full_name"),
    "family": ("ho_va_dem", "ho_dem", "ho_va_ten_dem", "ho_ten_dem", "ho_va_chu_dem", "ho_chu_dem", "ho_lot",
               "ho_va_ten_lot", "ho", "family_name", "last_name", "surname"),
    "given": ("given_name", "first_name"),
    "position": ("chuc_vu", "chuc_danh", "chuc_vu_chuc_danh", "chuc_danh_chuc_vu", "chuc_vu_cong_tac",
                 "chuc_vu_hien_nay", "position", "title", "job_title"),
    "agency": ("co_quan", "don_vi", "co_quan_don_vi", "ten_co_quan", "ten_don_vi", "ten_co_quan_don_vi",
               "don_vi_cong_tac", "co_quan_cong_tac", "co_quan_don_vi_cong_tac", "noi_cong_tac", "noi_lam_viec",
               "don_vi_lam_viec", "agency", "organisation", "organization"),
    "phone": ("dien_thoai", "so_dien_thoai", "sdt", "so_dt", "dt", "dien_thoai_lien_he", "so_dien_thoai_lien_he",
              "sdt_lien_he", "dien_thoai_di_dong", "so_dien_thoai_di_dong", "di_dong", "dien_thoai_co_dinh",
              "dien_thoai_co_quan", "may_ban", "phone", "mobile", "telephone"),
    "email": ("email", "e_mail", "thu_dien_tu", "dia_chi_email", "dia_chi_thu_dien_tu", "email_lien_he",
              "email_cong_vu", "hop_thu_cong_vu", "thu_dien_tu_cong_vu", "mail", "gmail"),
    "key": ("ma", "ma_so", "key", "id"),
    "order": ("stt", "tt", "so_tt", "so_thu_tu", "no"),
}  # fmt: skip
"""What each column may be headed, without accents. `key` is optional and only drawing uses it; `family` and `given`
are the two parts of a name."""
HEADS = {
    "group": "Nhóm đối tượng",
    "name": "Họ và tên",
    "position": "Chức vụ",
    "agency": "Cơ quan, đơn vị",
    "phone": "Điện thoại",
    "email": "Email",
}
"""What a list is headed when it is written."""
_OF = {word: role for role, words in COLUMNS.items() for word in words}
_FEW_GIVEN = 2


@dataclass(frozen=True)
class Columns:
    """The columns of one list: the row that heads them, what each says, and the place of each that is read."""

    row: int
    last: int
    """The last row of the header, which may be of two: one word over several columns, and theirs beneath it."""
    heads: tuple[str, ...]
    places: Mapping[str, int]
    twice: tuple[tuple[str, int, int], ...]

    @property
    def lacking(self) -> set[str]:
        """The columns that a list must have and this one has not."""
        return set(HEADS) - set(self.places)

    def taken(self) -> list[tuple[str, str]]:
        """Each column's head, with what it was read as; "" for one that is not read."""
        roles = {place: role for role, place in self.places.items()}
        if "family" in self.places:
            roles[self.places["name"]] = "given"
        taken = [(head, roles.get(j, "")) for j, head in enumerate(self.heads)]
        while taken and taken[-1] == ("", ""):
            taken.pop()
        return taken


def columns_of(body: Sequence[Sequence[str]], row: int) -> Columns:
    """What a row says as a header, alone or with the row beneath it."""
    one = _read(body, row, row, [cell.strip() for cell in body[row]])
    if not one.lacking or not one.places or row + 1 >= len(body):
        return one
    under = [cell.strip() for cell in body[row + 1]]
    width = max(len(body[row]), len(under))
    above = [*one.heads, *[""] * (width - len(one.heads))]
    below = [*under, *[""] * (width - len(under))]
    if any(below[place] for place in one.places.values()):
        return one
    both = _read(body, row, row + 1, [b or a for a, b in zip(above, below, strict=True)])
    return both if both.lacking < one.lacking else one


def _read(body: Sequence[Sequence[str]], row: int, last: int, heads: list[str]) -> Columns:
    places: dict[str, int] = {}
    twice: list[tuple[str, int, int]] = []
    for j, head in enumerate(heads):
        role = _OF.get(slug(head), "")
        if role and role in places:
            twice.append((role, places[role], j))
        elif role:
            places[role] = j
    if "family" in places and "name" in places and slug(heads[places["name"]]) not in ("ten", "name"):
        twice.append(("name", places["name"], places["family"]))  # a whole name beside a part of it
    elif "given" in places and "name" not in places:
        places["name"] = places.pop("given")
    elif "name" in places and "family" not in places:
        beside = places["name"] + 1
        unnamed = beside >= len(heads) or not heads[beside]
        below = [line[beside].strip() for line in body[last + 1 :] if len(line) > beside and line[beside].strip()]
        if unnamed and len(below) >= _FEW_GIVEN and all(cell.isalpha() for cell in below):
            heads += [""] * (beside + 1 - len(heads))  # one head over the two columns of a name
            places |= {"family": places["name"], "name": beside}
    return Columns(row, last, tuple(heads), places, tuple(twice))


def column_problems(label: str, sheet: str, columns: Columns, body: Sequence[Sequence[str]]) -> Iterator[Problem]:
    """Two columns for one thing, names of which only a part is there, and columns with something and no head."""

    def at(j: int, row: int = columns.last) -> str:
        cell = f"{letter(j)}{row + 1}"
        return f"{sheet}!{cell}" if sheet else cell

    heads, places = columns.heads, columns.places
    for role, first, second in columns.twice:
        yield problem(
            "column-twice.list",
            label,
            at(second),
            a=quote(heads[first]),
            b=quote(heads[second]),
            role=Term("survey.columns", role),
        )
    name = places.get("name")
    if name is not None and "family" not in places and slug(heads[name]) in ("ten", "given_name", "first_name"):
        names = [line[name].split() for line in body[columns.last + 1 :] if len(line) > name and line[name].strip()]
        if names and all(len(words) == 1 for words in names):
            others = [quote(h) for h, role in columns.taken() if h and not role] or ["—"]
            yield problem("given-names", label, at(name), head=quote(heads[name]), others=others)
    width = max((len(line) for line in body), default=0)
    for j in range(width):
        unnamed = (j >= len(heads) or not heads[j]) and j not in places.values()
        if unnamed and any(len(line) > j and line[j].strip() for line in body[columns.last + 1 :]):
            yield problem("no-head", label, at(j), "warning")
