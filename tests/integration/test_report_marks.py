"""Templates whose marks would lose something: refused by mark and paragraph, and what is filled in is all there."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

for module in ("docx", "docxtpl"):
    pytest.importorskip(module)

import docx

import par_engine as par
from par_engine.publish.details import Details
from par_engine.publish.marks import Marks
from par_engine.publish.report import context, read_marks, report
from par_engine.publish.screen import filled_parts, screen
from par_engine.publish.selfscore import SelfScore
from par_engine.publish.template import template
from par_engine.publish.texts import safe, safe_all

TOWN = Path(__file__).parents[2] / "examples/example-town.json"
BODY = "word/document.xml"


@pytest.fixture(scope="module")
def score() -> SelfScore:
    return SelfScore(par.load("example-town").assess(TOWN), "ashford")


@pytest.fixture(scope="module")
def fields(score: SelfScore) -> Any:
    return safe_all(context(score, Details()))


def package(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The default template with parts changed."""
    with zipfile.ZipFile(io.BytesIO(template())) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def typed(old: str, new: str) -> bytes:
    """The default template with other text in one place."""

    def change(parts: dict[str, bytes]) -> None:
        assert old.encode() in parts[BODY]
        parts[BODY] = parts[BODY].replace(old.encode(), new.encode(), 1)

    return package(change)


def said(data: bytes, fields: Any, lang: str = "vi") -> list[str]:
    try:
        screen(data, "mau.docx")
        read_marks(data, "mau.docx", fields)
    except par.ParError as error:
        return [re.sub(r"(đoạn|paragraph/)\s?[0-9]+", r"\1", problem.text(lang)) for problem in error.problems]
    return []


CLOSE = " — viết {{ trường }} hoặc {% … %}, gọn trong một đoạn"
PLACE = " — mở và đóng cùng chỗ, cùng loại"
ONLY = " — mẫu chỉ gọi tên trường, lặp và xét"
WRONG = {
    "one brace": ("{{ closing }}", "{{ closing }", [f'dấu "{{{{ closing }}" không đóng{CLOSE}']),
    "blank in braces": ("{{ closing }}", "{ { closing } }", [f'dấu "{{ {{ closing }} }}" không đóng{CLOSE}']),
    "no opening": ("{{ closing }}", "closing }}", [f'dấu "closing }}" không có phần mở (ở "closing }}}}"){CLOSE}']),
    "one brace each": ("{{ closing }}", "{ closing }", [f'dấu "{{ closing }}" không đóng{CLOSE}']),
    "cell": ("{{ f.points }}", "{{ f.points }", [f'dấu "{{{{ f.points }}" không đóng{CLOSE}']),
    "wide brace": ("{{ closing }}", "｛｛ closing ｝｝", [f'dấu "｛｛ closing ｝｝" không đóng{CLOSE}']),
    "two in one": (
        "{{ closing }}", "{{ closing }{{ unit }}",
        [f'dấu "{{{{ closing }}{{{{ unit }}}}" không đóng{CLOSE}'],
    ),
    "text beside": (
        "{%p if gaps %}", "Bảng: {%p if gaps %}",
        ['dấu "{%p if gaps %}" chiếm cả đoạn, "Bảng:" bên cạnh sẽ mất (ở "Bảng: {%p if gaps %}")'
         " — để riêng một đoạn cho dấu này"],
    ),
    "text in its row": (
        "{%tr for f in fields %}", "{%tr for f in fields %} x",
        ['dấu "{%tr for f in fields %}" chiếm cả dòng, "x" bên cạnh sẽ mất (ở "{%tr for f in fields %} x")'
         " — để riêng một dòng cho dấu này"],
    ),
    "not ended": (
        "{%p endif %}", "", [f'dấu "{{%p if gaps %}}" không có {{% endif %}} cùng chỗ{PLACE}'],
    ),
    "other kind": (
        "{%p endif %}", "{% endif %}",
        ['dấu "{%p if gaps %}" không có {% endif %} cùng chỗ' + PLACE,
         'dấu "{% endif %}" không có {% if … %} cùng loại, cùng chỗ đứng trước' + PLACE],
    ),
    "other word": (
        "{%p endif %}", "{%p endfor %}",
        ['dấu "{%p if gaps %}" không có {% endif %} cùng chỗ' + PLACE,
         'dấu "{%p endfor %}" không có {%p for … %} cùng loại, cùng chỗ đứng trước' + PLACE],
    ),
    "no row": ("{{ closing }}", "{%tr if gaps %}", [f'dấu "{{%tr if gaps %}}" phải nằm trong một dòng của bảng{ONLY}']),
    "comment": ("{{ closing }}", "{# x #}", [f'dấu "{{# x #}}" là ghi chú của mẫu{ONLY}']),
    "filter": ("{{ closing }}", "{{ closing | upper }}", [f'dấu "{{{{ closing | upper }}}}" không phải dấu được phép{ONLY}']),
    "call": ("{{ closing }}", "{{ closing.upper() }}", [f'dấu "{{{{ closing.upper() }}}}" không phải dấu được phép{ONLY}']),
    "method": ("{{ closing }}", "{{ closing.upper }}", [f'dấu "{{{{ closing.upper }}}}" gọi một phần của chữ{ONLY}']),
    "sum": ("{{ closing }}", "{{ max + max }}", [f'dấu "{{{{ max + max }}}}" không phải dấu được phép{ONLY}']),
    "run": ("{{ closing }}", "{{r closing }}", [f'dấu "{{{{r closing }}}}" không phải dấu được phép{ONLY}']),
    "merging": ("{{ closing }}", "{{%- if gaps %}}{{%- endif %}}".replace("{{%", "{%").replace("%}}", "%}"), [
        f'dấu "{{%- {word} %}}" không phải dấu được phép (ở "{{%- if gaps %}}{{%- endif %}}"){ONLY}' for word in ("endif", "if gaps")
    ]),
    "list": ("{{ closing }}", "{{ gaps }}", ['dấu "{{ gaps }}" là danh sách — lặp: {% for x in … %}']),
    "field of a row": (
        "{{ f.points }}", "{{ f.point }}", ['dấu "{{ f.point }}" gọi tên trường không có — có phải là "points"?'],
    ),
    "field": ("{{ closing }}", "{{ closin }}", ['dấu "{{ closin }}" gọi tên trường không có — có phải là "closing"?']),
    "loop over text": (
        "{{ closing }}", "{% for c in unit %}{{ c }}{% endfor %}",
        ['dấu "{% for c in unit %}" lặp trên thứ không phải danh sách'
         ' (ở "{% for c in unit %}{{ c }}{% endfor %}")' + ONLY],
    ),
    "taken name": (
        "{{ closing }}", "{% for unit in rows %}x{% endfor %}",
        ['dấu "{% for unit in rows %}" đặt tên đã dùng (ở "{% for unit in rows %}x{% endfor %}") — đặt tên khác'],
    ),
    "test": (
        "{%p if gaps %}", "{%p if gaps | length %}",
        ['dấu "{%p if gaps | length %}" xét điều mẫu không xét được' + ONLY],
    ),
    "half a test": ("{%p if gaps %}", "{%p if gaps == %}", ['dấu "{%p if gaps == %}" không phải phép xét — viết {% if gaps %}']),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "wanted"), WRONG.values(), ids=WRONG)
def test_a_mark_that_would_lose_something_is_refused(fields: Any, old: str, new: str, wanted: list[str]) -> None:
    assert said(typed(old, new), fields) == [f"mau.docx đoạn: {text}" for text in wanted]
    assert all(
        "mau.docx word/document.xml/paragraph/: the mark " in text for text in said(typed(old, new), fields, "en")
    )


def test_nothing_is_written_when_a_mark_is_wrong(tmp_path: Path) -> None:
    from par_engine.cli.report import report_command

    mau, out = tmp_path / "mau.docx", tmp_path / "out"
    mau.write_bytes(typed("{{ closing }}", "{{ closing }"))
    with pytest.raises(par.ParError):
        report_command(TOWN, "example-town", out, template=mau)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mau.docx"]


def test_all_wrong_marks_are_said_in_the_order_of_the_document(fields: Any) -> None:
    data = typed("{{ subject }}", "{{ subjekt }}")

    def change(parts: dict[str, bytes]) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            parts[BODY] = (
                source.read(BODY).replace(b"{{ r.code }}", b"{{ r.kode }}").replace(b"{{ closing }}", b"{{ closing }")
            )

    marks = [text.partition(": ")[2].split('"')[1] for text in said(package(change), fields)]
    assert marks == ["{{ subjekt }}", "{{ closing }", "{{ r.kode }}", "{{ r.kode }}"]


def test_three_loops_and_loops_without_an_end_are_refused_by_a_sentence(score: SelfScore, fields: Any) -> None:
    three = "{% for a in rows %}{% for b in rows %}{% for c in rows %}x{% endfor %}{% endfor %}{% endfor %}"
    (text,) = said(typed("{{ closing }}", three), fields)
    assert text.startswith('mau.docx đoạn: dấu "{% for c in rows %}" là vòng lặp nằm trong 2 vòng khác')
    assert text.endswith("tối đa 2 vòng lồng nhau")
    two = "{% for a in gaps %}{% for b in rows %}{{ b.code }}{% endfor %}{% endfor %}"
    assert said(typed("{{ closing }}", two), fields) == []
    many = {**fields, "rows": fields["rows"] * 40}
    data = typed("{{ closing }}", "{% for a in rows %}{% for b in rows %}{{ b.code }}{% endfor %}{% endfor %}")
    assert said(data, many) == ["mau.docx: các vòng lặp tạo ra văn bản quá lớn — mỗi danh sách chỉ lặp một lần"]


def test_a_large_template_is_refused_before_it_is_read() -> None:
    def many(parts: dict[str, bytes]) -> None:
        parts["word/styles.xml"] = parts["word/styles.xml"].replace(
            b"</w:styles>", b"<w:x/>" * 300_000 + b"</w:styles>"
        )

    def long(parts: dict[str, bytes]) -> None:
        parts["word/styles.xml"] = parts["word/styles.xml"].replace(b"</w:styles>", b" " * 17_000_000 + b"</w:styles>")

    for change in (many, long):
        with pytest.raises(par.ParError) as caught:
            screen(package(change), "mau.docx")
        assert [p.text("vi") for p in caught.value.problems] == ["mau.docx: mẫu quá lớn — mẫu chỉ vài trang"]
    out = io.BytesIO(package(long))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr("word/media/image.png", b"\x89PNG\r\n\x1a\n" + bytes(70 * 2**20))
    with pytest.raises(par.ParError) as caught:  # by the limits of all packages, before a part is unpacked
        screen(out.getvalue(), "mau.docx")
    (problem,) = caught.value.problems
    assert problem.text("vi").startswith("mau.docx: tệp giải nén ra 91.")
    assert problem.code == "too-large"


def plain(*texts: str) -> bytes:
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_template_without_marks_or_without_the_figure_is_refused(fields: Any) -> None:
    assert said(plain("Báo cáo"), fields) == [
        "mau.docx: mẫu không có dấu nào để điền — bắt đầu từ mẫu mặc định (--save-template)"
    ]
    assert said(plain("{{ unit }}"), fields) == ["mau.docx: mẫu không có tổng điểm tự chấm — thêm {{ points }} vào mẫu"]


def test_marks_where_nothing_is_filled_in_are_refused(fields: Any) -> None:
    note = b'<w:endnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p>{{ unit }}</w:p></w:endnotes>'

    def change(parts: dict[str, bytes]) -> None:
        parts["word/endnotes.xml"] = note
        parts["docProps/core.xml"] = parts["docProps/core.xml"].replace(b"par-engine", b"{{ unit }}")

    assert said(package(change), fields) == [
        f"mau.docx {part}: dấu trong phần này không được điền — gõ dấu ấy trong phần chữ của văn bản"
        for part in ("docProps/core.xml", "word/endnotes.xml")
    ]


def test_a_header_is_filled_in_and_held_against_its_marks(score: SelfScore, fields: Any) -> None:
    document = docx.Document(io.BytesIO(template()))
    document.sections[-1].header.is_linked_to_previous = False
    document.sections[-1].header.paragraphs[0].add_run("{{ unit_full }}")
    out = io.BytesIO()
    document.save(out)
    made = docx.Document(io.BytesIO(report(score, Details(), out.getvalue(), "mau.docx")))
    assert made.sections[-1].header.paragraphs[0].text == "Ashford"
    document.sections[-1].header.paragraphs[0].add_run("{{ unit_ful }}")
    out = io.BytesIO()
    document.save(out)
    (text,) = said(out.getvalue(), fields)
    assert re.match(r'mau.docx word/header[0-9].xml, đoạn: dấu "{{ unit_ful }}" gọi tên trường không có', text)


def test_a_mark_split_over_runs_and_every_kind_of_test_is_filled_in(score: SelfScore) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for piece in ("{", "{ po", "ints }", "}"):
        paragraph.add_run(piece)
    document.add_paragraph("{% if gaps and not nothing %}a{% else %}b{% endif %}".replace("nothing", "unit == 'x'"))
    document.add_paragraph("{% if unit == “Ashford” %}c{% elif unit %}d{% endif %}")
    document.add_paragraph(
        "{% for r in rows %}{% if loop.first %}{{ r.code }}{% endif %}{% if loop.last %}{{ loop.index }}{% endif %}{% endfor %}"
    )
    out = io.BytesIO()
    document.save(out)
    made = docx.Document(io.BytesIO(report(score, Details(), out.getvalue(), "mau.docx")))
    rows, gaps = list(score.rows()), list(score.gaps())
    assert [p.text for p in made.paragraphs] == [
        score.number(score.unit.points), "a" if gaps else "b", "c", f"{rows[0].code}{len(rows)}",
    ]  # fmt: skip


def test_the_main_part_is_the_one_that_the_package_names(score: SelfScore) -> None:
    """Word Online calls it document2.xml."""

    def change(parts: dict[str, bytes]) -> None:
        parts["word/document2.xml"] = parts.pop(BODY)
        parts["word/_rels/document2.xml.rels"] = parts.pop("word/_rels/document.xml.rels")
        for name in ("[Content_Types].xml", "_rels/.rels"):
            parts[name] = parts[name].replace(b"word/document.xml", b"word/document2.xml")

    texts = [
        p.text for p in docx.Document(io.BytesIO(report(score, Details(), package(change), "mau.docx"))).paragraphs
    ]
    assert texts == [p.text for p in docx.Document(io.BytesIO(report(score, Details()))).paragraphs]

    def without(parts: dict[str, bytes]) -> None:
        change(parts)
        del parts["word/document2.xml"]

    with pytest.raises(par.ParError) as caught:
        report(score, Details(), package(without), "mau.docx")
    assert [p.what for p in caught.value.problems] == ["this is no Word document"]


def test_strict_open_xml_is_named() -> None:
    def change(parts: dict[str, bytes]) -> None:
        strict = b"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
        usual = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
        parts["_rels/.rels"] = parts["_rels/.rels"].replace(usual, strict)

    with pytest.raises(par.ParError) as caught:
        screen(package(change), "mau.docx")
    assert [p.text("vi") for p in caught.value.problems] == [
        "mau.docx: đây là tài liệu Strict Open XML"
        " — lưu lại dạng Word Document (.docx), không phải Strict Open XML Document"
    ]


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("office/2020/10/relationships/intelligence", "intelligence2.xml"),
        ("office/2019/05/relationships/documenttasks", "documenttasks/documenttasks1.xml"),
        ("office/2020/02/relationships/classificationlabels", "labels.xml"),
    ],
)
def test_parts_that_word_adds_by_itself_are_let_in(score: SelfScore, kind: str, target: str) -> None:
    def change(parts: dict[str, bytes]) -> None:
        relation = (
            f'<Relationship Id="rId99" Type="http://schemas.microsoft.com/{kind}" Target="{target}"/></Relationships>'
        )
        name = "word/_rels/document.xml.rels"
        parts[name] = parts[name].replace(b"</Relationships>", relation.encode())
        parts[f"word/{target}"] = b'<x xmlns="urn:x"/>'
        kinds = f'<Override PartName="/word/{target}" ContentType="application/xml"/></Types>'
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", kinds.encode())

    assert report(score, Details(), package(change), "mau.docx")


def test_what_is_lost_while_filling_in_is_noticed(score: SelfScore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the reason: the report is held against what its marks ask for."""
    from par_engine.publish import report as module

    filled = module._filled
    wrong = Marks.texts

    def short(self: Marks) -> list[str]:
        return [*wrong(self), "Tổng cộng"]

    monkeypatch.setattr(module, "_filled", filled)
    monkeypatch.setattr(Marks, "texts", short)
    with pytest.raises(par.ParError) as caught:
        report(score, Details(), template(), "mau.docx")
    assert next(p.text("vi") for p in caught.value.problems) == (
        'mau.docx word/document.xml: điền xong, báo cáo sẽ thiếu "Tổng cộng" — dựng trên mẫu mặc định (--save-template)'
    )


@pytest.mark.parametrize("text", ["a < b & c > d", "một\nhai", "một\r\nhai", "một\rhai", "{{ unit }} }} {%p", "a\tb"])
def test_signs_of_values_are_there(score: SelfScore, text: str) -> None:
    """docxtpl by itself drops < and &, and keeps the CR of CRLF."""
    data = report(score, Details(difficulties=[text], signer=text))
    made = docx.Document(io.BytesIO(data))
    assert "- " + safe(text) in [p.text for p in made.paragraphs]
    assert b"\r" not in next(iter(zipfile.ZipFile(io.BytesIO(data)).read(BODY).splitlines(keepends=False)))
    assert safe(text) == text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")


def test_the_default_template_says_all_of_its_fields(fields: Any) -> None:
    marks = read_marks(template(), "mau.docx", fields)
    names = set().union(*(found.names for found in marks.values()))
    assert set(fields) - names == {"unit", "unit_full"}
    assert next(iter(filled_parts(template()))) == BODY
