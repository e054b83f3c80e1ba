"""Damaged and swollen office files: one guard and one set of limits for every reader."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from docx import Document

import par_engine as par
from par_engine.agencies.reading import read as read_agencies
from par_engine.annex.tables import read_annex
from par_engine.files import ooxml
from par_engine.survey.lists import read_people
from par_engine.survey.sources import open_source
from par_engine.workbook.template import template


def book() -> bytes:
    out = io.BytesIO()
    made = openpyxl.Workbook()
    made.active.append(["Họ và tên", "Đơn vị công tác", "Số điện thoại"])
    made.active.append(["Nguyễn Văn A", "Sở Nội vụ", "0912345678"])
    made.save(out)
    return out.getvalue()


def changed(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return out.getvalue()


def in_part(ending: str, old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda data: changed(data, lambda name, part: part.replace(old, new, 1) if name.endswith(ending) else part)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "encoding": in_part("sheet1.xml", b"<worksheet", b'<?xml version="1.0" encoding="ZZZZ9"?><worksheet'),
    "style": in_part("sheet1.xml", b'<c r="A1"', b'<c r="A1" s="99999999999999999999"'),
    "style-long": in_part("styles.xml", b'fontId="0"', b'fontId="3000000000"'),
    "style-words": in_part("styles.xml", b'numFmtId="0"', b'numFmtId="many"'),
    "cell": in_part("sheet1.xml", b'r="A1"', b'r="1A"'),
    "string": in_part("sheet1.xml", b"<v>0</v>", b"<v>900000</v>"),
    "strings": in_part("sharedStrings.xml", b"<si>", b"<si><"),
    "relations": in_part("workbook.xml.rels", b"worksheets/sheet1.xml", b"worksheets/none.xml"),
    "content": in_part("[Content_Types].xml", b"<Types", b"<Type"),
}


def _survey(path: Path) -> None:
    with open_source(path, len, None) as source:
        list(source.rows(range(3)))


READERS: dict[str, Callable[[Path], object]] = {
    "evidence": lambda path: par.load("example-town").read(path, "s"),
    "annex": read_annex,
    "people": read_people,
    "ballots": _survey,
    "agencies": read_agencies,
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_workbook_is_a_problem_or_read_in_every_reader(damage: str, reader: str, tmp_path: Path) -> None:
    town = par.load("example-town")
    whole = template(town, unit=town.document.units[0].name) if reader == "evidence" else book()
    path = tmp_path / "x.xlsx"
    path.write_bytes(DAMAGE[damage](whole))
    try:
        READERS[reader](path)
    except par.ParError as error:
        for problem in error.problems:
            assert "Traceback" not in problem.text() and " at 0x" not in problem.text()


def test_what_a_library_stumbles_over_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    town = par.load("example-town")
    path.write_bytes(in_part("sheet1.xml", b"UTF-8", b"ZZZZ9")(template(town, unit=town.document.units[0].name)))
    with pytest.raises(par.DocumentError) as caught:
        town.read(path)
    assert (
        caught.value.problems[0].text() == "x.xlsx: the file cannot be read (LookupError) — open it and save it again"
    )
    assert caught.value.problems[0].text("vi") == "x.xlsx: không đọc được tệp — hãy mở ra và lưu lại"


def test_a_damaged_hidden_sheet_is_said(tmp_path: Path) -> None:
    town = par.load("example-town")
    whole = template(town, unit=town.document.units[0].name)
    path = tmp_path / "x.xlsx"
    path.write_bytes(changed(whole, lambda name, part: part.replace(b"item:1.1<", b"item<")))
    with pytest.raises(par.DocumentError) as caught:
        town.read(path)
    assert caught.value.problems[0].text() == 'x.xlsx: the hidden sheet "par" is damaged — take a new template'


def _swollen(part: str, size: int) -> bytes:
    """A workbook or document with a part that unpacks to much."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, b"<a/>" * (size // 4))
    return out.getvalue()


def _apart(part: str, size: int) -> bytes:
    """The same without the ratio giving it away."""
    noise = "".join(f"<a b='{i * 7919 % 1000003}'/>" for i in range(size // 17))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, noise)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (lambda: _swollen("word/document.xml", 4 * 2**20), "word/document.xml unpacks to more than 200 times its size"),
        (lambda: _apart("word/document.xml", 24 * 2**20), "word/document.xml unpacks to "),
        (lambda: _apart("xl/styles.xml", 24 * 2**20), "xl/styles.xml unpacks to "),
    ],
)
@pytest.mark.parametrize("reader", READERS)
def test_what_swells_is_refused_before_it_is_unpacked(
    data: Callable[[], bytes], said: str, reader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(data())
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_, **__: pytest.fail("unpacked"))
    with pytest.raises(par.ParError) as caught:
        READERS[reader](path)
    (problem,) = caught.value.problems
    if reader in ("people", "ballots") and said.startswith("word/"):  # they look at what a file is before they open it
        assert problem.code == "wrong-kind"
        return
    assert (problem.code, problem.what.startswith(said)) == ("too-large", True)
    assert problem.what_vi != problem.what


def test_what_is_large_and_honest_is_let_in() -> None:
    made = Document()
    for n in range(300):
        made.add_paragraph(f"Đoạn thứ {n} của một văn bản dài. " * 20)
    out = io.BytesIO()
    made.save(out)
    ooxml.inspect(out.getvalue(), "x.docx")
    ooxml.inspect(_apart("xl/worksheets/sheet1.xml", 30 * 2**20), "x.xlsx")
