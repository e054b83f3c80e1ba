"""Vietnamese for what is not ours to word: places in tables, and what Python's own readers and the system say."""

from __future__ import annotations

import re
from typing import NamedTuple

from par_engine.i18n.catalogue import Lang

_PLACE = re.compile(r"(header|(?:line|row|table) [0-9]+(?:, row [0-9]+)?)(?:, column (.*))?", re.DOTALL)
_ITEM = re.compile(r"item (\S+(?:, \S+)*)")
_PARAGRAPH = re.compile("(.*)/paragraph/([0-9]+)")
_WORDS = {"header": "dòng tiêu đề", "line": "dòng", "row": "dòng", "table": "bảng"}
_SAID = {
    # json
    "Expecting value": "thiếu giá trị",
    "Expecting property name enclosed in double quotes": "thiếu tên khóa trong nháy kép",
    "Expecting ':' delimiter": "thiếu dấu hai chấm",
    "Expecting ',' delimiter": "thiếu dấu phẩy",
    "Illegal trailing comma before end of object": "thừa dấu phẩy trước dấu }",
    "Illegal trailing comma before end of array": "thừa dấu phẩy trước dấu ]",
    "Unterminated string starting at": "chữ thiếu nháy kép đóng",
    "Invalid control character at": "chữ có ký tự điều khiển",
    "Invalid \\escape": "dấu \\ không đúng chỗ",
    f"Invalid \\u{'X' * 4} escape": "mã \\u không đủ bốn chữ số",
    "Extra data": "thừa nội dung ở cuối",
    # csv
    "unexpected end of data": "thiếu nháy kép đóng ở cuối tệp",
    # the system
    "No such file or directory": "không có tệp hoặc thư mục này",
    "Permission denied": "không có quyền",
    "Is a directory": "đây là thư mục",
    "Not a directory": "đây không phải thư mục",
    "No space left on device": "hết chỗ trên đĩa",
    "Read-only file system": "đĩa chỉ cho đọc",
    "File name too long": "tên tệp quá dài",
    "File exists": "đã có tệp này",
    "Too many levels of symbolic links": "liên kết vòng tròn",
    "Broken pipe": "bên nhận đã đóng",
    "No such device or address": "không có thiết bị này",
    "Input/output error": "lỗi đọc ghi",
    "Disk quota exceeded": "hết hạn mức đĩa",
    "Text file busy": "tệp đang được dùng",
    "cannot be written": "không ghi được",
    "cannot be read": "không đọc được",
}
_EXPECTED = re.compile("'(.)' expected after '\"'")
_LONG = re.compile(r"field larger than field limit \(([0-9]+)\)")


def in_table(place: str) -> bool:
    """Whether a place is one of a table: a line, a row, the header."""
    return _PLACE.fullmatch(place) is not None


def place_vi(place: str) -> str:
    """A place in a table, or an item, as Vietnamese says it; any other place as it is.

    >>> place_vi("line 3, column 5"), place_vi("header, column unit"), place_vi("item 1.2"), place_vi("/units/0")
    ('dòng 3, cột 5', 'dòng tiêu đề, cột unit', 'mục 1.2', '/units/0')
    """
    if item := _ITEM.fullmatch(place):
        return f"mục {item[1]}"
    if paragraph := _PARAGRAPH.fullmatch(place):
        part = "" if paragraph[1].startswith("word/document") else f"{paragraph[1]}, "
        return f"{part}đoạn {paragraph[2]}"
    found = _PLACE.fullmatch(place)
    if found is None:
        return place
    head = re.sub("[a-z]+", lambda word: _WORDS[word[0]], found[1])
    return head if found[2] is None else f"{head}, cột {found[2]}"


class Place(NamedTuple):
    """A place as a value in a text."""

    place: str

    def get(self, lang: Lang) -> str:
        """The place in `lang`."""
        return self.place if lang == "en" else place_vi(self.place)


def grouped(number: int) -> str:
    """A whole number as Vietnamese groups it.

    >>> grouped(342679)
    '342.679'
    """
    return f"{number:,}".replace(",", ".")


_FAULTS = {
    "missing": "thiếu khóa này",
    "string_type": "phải là chữ",
    "bool_type": "phải là true hoặc false",
    "int_type": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "decimal_type": "phải là số",
    "decimal_parsing": "phải là số",
    "list_type": "phải là danh sách",
    "dict_type": "phải là một đối tượng",
    "model_type": "phải là một đối tượng",
    "too_short": "quá ngắn",
    "too_long": "quá dài",
    "string_too_short": "không được để trống",
    "string_too_long": "quá dài",
    "string_pattern_mismatch": "không đúng dạng",
    "literal_error": "không nằm trong các giá trị cho phép",
    "enum": "không nằm trong các giá trị cho phép",
}


_RULES_OF_FORM = {
    'write the number as a decimal text such as "1.5"': "ghi số thập phân trong nháy kép, ví dụ “1.5”",
    'write the number as a decimal text such as "1.5", or as a fraction such as "2/3"': (
        "ghi số thập phân trong nháy kép, ví dụ “1.5”, hoặc phân số, ví dụ “2/3”"
    ),
    "the denominator of a fraction must be above 0": "mẫu số của phân số phải lớn hơn 0",
    "a fraction is in lowest terms, and for what no decimal writes": (
        "phân số phải tối giản, và chỉ dùng khi không số thập phân nào ghi đúng được"
    ),
    "a unit that is not ranked says why; a ranked one does not": (
        "đơn vị không xếp hạng thì nêu lý do; đơn vị xếp hạng thì không"
    ),
    "a leaf has stream, rule and rule_text; an item with children has none of them": (
        "mục không có mục con phải có stream, rule và rule_text; mục có mục con không có khóa nào trong số ấy"
    ),
    "missing is declared on leaves only": "missing chỉ khai ở mục không có mục con",
    "aggregate and cap are for items with children": "aggregate và cap chỉ dành cho mục có mục con",
    "an item with open questions (to_do) is not official": (
        "mục còn câu hỏi chưa trả lời (to_do) không phải số chính thức"
    ),
    "an approximate date locks nothing": "ngày gần đúng không khóa được việc gì",
    "decision and date go together": "decision và date phải đi cùng nhau",
    "an issuer is that of a decision; there is none": "issuer là người ký quyết định, mà chưa có quyết định (decision)",
    "planned_basis says how a planned number is known; there is none": (
        "planned_basis cho biết căn cứ của số lượng kế hoạch, mà chưa có số lượng (planned)"
    ),
    "planned_sources go with planned_basis": "planned_sources phải đi cùng planned_basis",
    "give either fact, or part and whole, or now and before": "ghi fact, hoặc part và whole, hoặc now và before",
    "give from or above, not both": "chỉ ghi from hoặc above",
    "give below or to, not both": "chỉ ghi below hoặc to",
    "points_to needs a lower and an upper bound": "points_to cần cả cận dưới và cận trên",
    "whole_zero goes with part/whole and now/before, always and only": (
        "whole_zero phải có, và chỉ có, cùng part/whole hoặc now/before"
    ),
    "over goes with part/whole, always and only": "over phải có, và chỉ có, cùng part/whole",
}
"""What the models of documents say of parts that do not fit together, by its English."""


def fault_vi(kind: str, said: str) -> str:
    """A fault of a document's form, by its kind; what has no words yet is quoted.

    >>> fault_vi("list_type", "Input should be a valid list"), fault_vi("value_error", "too odd")
    ('phải là danh sách', 'không hợp lệ: too odd')
    """
    return _FAULTS.get(kind) or f"không hợp lệ: {_RULES_OF_FORM.get(said.removeprefix('Value error, '), said)}"


class Foreign(NamedTuple):
    """What a library or the system says, as a value in a text: as it is in English, in Vietnamese where it is known."""

    said: str

    def get(self, lang: Lang) -> str:
        """The words in `lang`."""
        return self.said if lang == "en" else said_vi(self.said)


def said_vi(message: str) -> str:
    """What a reader or the system said, in Vietnamese; what is not in the table as it is.

    >>> said_vi("Expecting ',' delimiter"), said_vi("something new")
    ('thiếu dấu phẩy', 'something new')
    """
    if expected := _EXPECTED.fullmatch(message):
        return f"sau nháy kép đóng phải là dấu phân cách {expected[1]}"
    if limit := _LONG.fullmatch(message):
        return f"có ô dài quá {limit[1]} ký tự"
    # json's two scanners differ in what they put behind
    return _SAID.get(message) or _SAID.get(re.sub(r": ?('.*')?$", "", message)) or message
