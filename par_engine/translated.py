"""Vietnamese for what is not ours to word: places in tables, and what Python's own readers and the system say."""

from __future__ import annotations

import re

_PLACE = re.compile(r"(header|(?:line|row|table) [0-9]+(?:, row [0-9]+)?)(?:, column (.*))?", re.DOTALL)
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
}
_EXPECTED = re.compile("'(.)' expected after '\"'")
_LONG = re.compile(r"field larger than field limit \(([0-9]+)\)")


def place_vi(place: str) -> str:
    """A place in a table as Vietnamese says it; any other as it is.

    >>> place_vi("line 3, column 5"), place_vi("header, column unit"), place_vi("/units/0")
    ('dòng 3, cột 5', 'dòng tiêu đề, cột unit', '/units/0')
    """
    if paragraph := _PARAGRAPH.fullmatch(place):
        part = "" if paragraph[1].startswith("word/document") else f"{paragraph[1]}, "
        return f"{part}đoạn {paragraph[2]}"
    found = _PLACE.fullmatch(place)
    if found is None:
        return place
    head = re.sub("[a-z]+", lambda word: _WORDS[word[0]], found[1])
    return head if found[2] is None else f"{head}, cột {found[2]}"


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
