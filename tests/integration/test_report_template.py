"""Templates of a report: what they may hold, every way around that which is known, and what is damaged."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

for module in ("docx", "docxtpl"):
    pytest.importorskip(module)

import docx

import par_engine as par
from par_engine.publish import office
from par_engine.publish.details import Details
from par_engine.publish.report import report
from par_engine.publish.screen import screen
from par_engine.publish.selfscore import SelfScore
from par_engine.publish.template import template

TOWN = Path(__file__).parents[2] / "examples/example-town.json"
RELATIONS = "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OUT = "http://127.0.0.1:9/x.png"


@pytest.fixture(scope="module")
def score() -> SelfScore:
    return SelfScore(par.load("example-town").assess(TOWN), "ashford")


def changed(part: str, change: Callable[[bytes], bytes], **more: bytes) -> bytes:
    """The default template with one part changed, and more parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template())) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change(content) if name == part else content)
        for name, content in more.items():
            target.writestr(name, content)
    return out.getvalue()


def related(attributes: str, encoding: str = "utf-8", **more: bytes) -> bytes:
    """The default template with one more relationship."""

    def change(content: bytes) -> bytes:
        text = content.decode().replace("</Relationships>", f'<Relationship Id="rId99" {attributes}/></Relationships>')
        return text.replace("encoding='UTF-8'", f"encoding='{encoding.upper()}'").encode(encoding)

    return changed(RELATIONS, change, **more)


def holding(xml: str, part: str = "word/document.xml") -> bytes:
    """The default template with XML at the start of its first paragraph."""
    return changed(part, lambda content: content.replace(b"</w:pPr>", b"</w:pPr>" + xml.encode(), 1))


def runs(*pieces: str) -> str:
    """A field: `<` begins, `|` separates, `>` ends, the rest is w:instrText, or w:t after `=`."""
    kinds = {"<": "begin", "|": "separate", ">": "end"}
    out = []
    for piece in pieces:
        if piece in kinds:
            out.append(f'<w:r><w:fldChar w:fldCharType="{kinds[piece]}"/></w:r>')
        elif piece.startswith("="):
            out.append(f"<w:r><w:t>{piece[1:]}</w:t></w:r>")
        else:
            out.append(f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>')
    return "".join(out)


IMAGE = f'Type="{OFFICE}image" Target="{OUT}"'
GO = f'INCLUDEPICTURE "{OUT}" \\d'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
VML = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
OUTSIDE, FIELD = "it refers to something outside the file", "it has the field"
HOLDS, NO_TEXT = "it holds a part that a template must not have", "this is no text and no PNG"
HAS = "it has what a template must not have"

HOSTILE = {
    "external": (related(f'{IMAGE} TargetMode="External"'), RELATIONS, OUTSIDE),
    "external-blanks": (related(f'{IMAGE} TargetMode = "External"'), RELATIONS, OUTSIDE),
    "external-quotes": (related(f"{IMAGE} TargetMode\n=\t'External'"), RELATIONS, OUTSIDE),
    "external-reference": (related(f'{IMAGE} TargetMode="Externa&#108;"'), RELATIONS, OUTSIDE),
    "external-capitals": (related(f'{IMAGE} TargetMode="EXTERNAL"'), RELATIONS, OUTSIDE),
    "external-utf-16": (related(f'{IMAGE} TargetMode="External"', "utf-16"), RELATIONS, "this part is not UTF-8"),
    "internal-address": (related(IMAGE), RELATIONS, OUTSIDE),
    "share": (related(f'Type="{OFFICE}image" Target="\\\\host\\x.png"'), RELATIONS, OUTSIDE),
    "chunk": (related(f'Type="{OFFICE}aFChunk" Target="a.xml"'), RELATIONS, f'{HOLDS}, "aFChunk"'),
    "chunk-part": (related("", **{"word/a.html": b"<img src='http://x'>"}), "word/a.html", NO_TEXT),
    "object": (related(f'Type="{OFFICE}oleObject" Target="x.xml"'), RELATIONS, f'{HOLDS}, "oleObject"'),
    "object-part": (related("", **{"word/embeddings/x.bin": b"\xd0\xcf"}), "word/embeddings/x.bin", NO_TEXT),
    "picture-svg": (related("", **{"word/media/x.png": b"<svg/>"}), "word/media/x.png", NO_TEXT),
    "macro": (related("", **{"word/vbaProject.bin": b"x"}), "word/vbaProject.bin", "the template holds a program"),
    "entities": (related("", **{"word/x.xml": b"<!DOCTYPE a><a/>"}), "word/x.xml", "it declares entities"),
    "latin": (
        related("", **{"word/x.xml": b"<?xml version='1.0' encoding='UTF-7'?><a/>"}),
        "word/x.xml",
        "this part is",
    ),
    "field": (holding(runs("<", GO, ">")), "word/document.xml", FIELD),
    "field-small": (holding(runs("<", GO.lower(), ">")), "word/document.xml", FIELD),
    "field-split": (holding(runs("<", "INCLUDE", GO[7:], ">")), "word/document.xml", FIELD),
    "field-split-words": (holding(runs("<", "PAGE", GO, ">")), "word/document.xml", FIELD),
    "field-reference": (holding(runs("<", "&#73;" + GO[1:], ">")), "word/document.xml", FIELD),
    "field-comment": (holding(runs("<", "IN<!-- x -->" + GO[2:], ">")), "word/document.xml", FIELD),
    "field-as-text": (holding(runs("<", f"={GO}", "|", "=x", ">")), "word/document.xml", FIELD),
    "field-open": (holding(runs("<", GO)), "word/document.xml", FIELD),
    "field-alone": (holding(runs(GO)), "word/document.xml", FIELD),
    "field-nested": (holding(runs("<", "PAGE", "|", "<", GO, ">", ">")), "word/document.xml", FIELD),
    "field-in-field": (holding(runs("<", "IF ", "<", "PAGE", ">", " = 1", ">")), "word/document.xml", FIELD),
    "field-simple": (holding(f"<w:fldSimple w:instr='{GO}'/>"), "word/document.xml", FIELD),
    "field-simple-small": (holding("<w:fldSimple w:instr='database x'/>"), "word/document.xml", FIELD),
    "field-database": (holding(runs("<", "DATABASE \\d x", ">")), "word/document.xml", FIELD),
    "field-dde": (holding(runs("<", "DDEAUTO c:\\\\x", ">")), "word/document.xml", FIELD),
    "field-clock": (holding(runs("<", "DATE", ">")), "word/document.xml", FIELD),
    "field-header": (holding(runs("<", GO, ">"), "word/header1.xml"), "word/header1.xml", FIELD),
    "field-one-branch": (
        holding(
            f"{runs('<')}<mc:AlternateContent {MC}><mc:Choice Requires='x'>{runs('PAGE', '|')}</mc:Choice>"
            f"</mc:AlternateContent>{runs(f'={GO}', '>')}"
        ),
        "word/document.xml",
        FIELD,
    ),
    "field-deleted": (
        holding(f"{runs('<', 'PAGE')}<w:del>{runs('|')}</w:del>{runs(GO, '>')}"),
        "word/document.xml",
        FIELD,
    ),
    "field-by-marks": (holding(runs("<", "{{ 'INCLUDEPICTURE' }} x", ">")), "word/document.xml", FIELD),
    "vml": (holding(f"<w:r><w:pict><v:imagedata {VML} src='x.png'/></w:pict></w:r>"), "word/document.xml", OUTSIDE),
    "vml-href": (holding(f"<w:r><w:pict><v:x {VML} o:href='x'/></w:pict></w:r>"), "word/document.xml", OUTSIDE),
    "address": (holding("<w:r w:x=' file:///etc/passwd'/>"), "word/document.xml", OUTSIDE),
    "look-alike": (holding("<w:r w:x='http://schemas.microsoft.com.example/'/>"), "word/document.xml", OUTSIDE),
    "chunk-element": (holding("<w:altChunk/>"), "word/document.xml", f"{HAS}, <altChunk>"),
    "object-element": (holding("<w:r><w:object/></w:r>"), "word/document.xml", f"{HAS}, <object>"),
    "merge": (
        changed("word/settings.xml", lambda c: c.replace(b"</w:settings>", b"<w:mailMerge/></w:settings>")),
        "word/settings.xml",
        f"{HAS}, <mailMerge>",
    ),
    "twice": (related("", **{"word/Document.xml": b"<a/>"}), "word/document.xml", "two parts have this name"),
}


@pytest.mark.parametrize(("data", "part", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_template_with_more_than_text_is_refused(score: SelfScore, data: bytes, part: str, said: str) -> None:
    with pytest.raises(par.ParError) as caught:
        report(score, Details(), data, "mau.docx")
    found = [problem for problem in caught.value.problems if problem.what.startswith(said)]
    assert found and {problem.where for problem in found} == {f"mau.docx {part}"}
    assert all(problem.hint and problem.hint_vi and problem.what_vi != problem.what for problem in found)


def test_a_refusal_says_place_fact_and_hint_in_both_languages() -> None:
    with pytest.raises(par.ParError) as caught:
        screen(HOSTILE["field-split"][0], "mau.docx")
    (problem,) = caught.value.problems
    field = GO
    assert problem.text("vi") == (
        f'mau.docx word/document.xml: phần này có trường "{field}" — mẫu chỉ được có trường số trang; bỏ trường này'
    )
    assert problem.text() == (
        f'mau.docx word/document.xml: it has the field "{field}" — only page numbers may be fields; remove it'
    )


def test_all_that_is_wrong_is_said_at_once() -> None:
    data = related(f'{IMAGE} TargetMode="External"', **{"word/vbaProject.bin": b"x", "word/x.xml": b"<a"})
    with pytest.raises(par.ParError) as caught:
        screen(data, "mau.docx")
    assert [problem.pointer for problem in caught.value.problems] == [
        RELATIONS, "word/vbaProject.bin", "word/x.xml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "field",
    [
        runs("<", "PAGE", ">"),
        runs("<", " page  \\* MERGEFORMAT ", "|", "=7", ">"),
        runs("<", "NUM", "PAGES", "|", "=7", ">"),
        "<w:fldSimple w:instr=' SECTIONPAGES \\* roman'><w:r><w:t>x</w:t></w:r></w:fldSimple>",
    ],
)
def test_page_numbers_and_words_about_fields_are_let_in(score: SelfScore, field: str) -> None:
    report(score, Details(), holding(field + "<w:r><w:t>LINK, IMPORT: http://x.example/</w:t></w:r>"), "mau.docx")


def test_marks_do_not_put_together_what_no_part_holds(score: SelfScore) -> None:
    # docxtpl takes the tags out of a mark before it is filled in: what comes out is looked at again
    split = "{% if unit %}</w:t></w:r><w:fldSimple w:instr='PAGE'/><w:r><w:t>{% endif %}"
    report(score, Details(), holding(f"<w:r><w:t>{split}</w:t></w:r>"), "mau.docx")
    for text in (
        "{% autoescape false %}{{ '&lt;w:altChunk/&gt;' }}{% endautoescape %}",
        "{#</w:t></w:r><w:r><w:t>#}&lt;w:altChunk/>",
    ):
        assert {p.code for p in refused(score, holding(f"<w:r><w:t>{text}</w:t></w:r>"))} == {"template"}


def test_a_mark_in_no_text_is_refused(score: SelfScore) -> None:
    """docxtpl fills in attributes too: the address stands in none until then."""
    data = holding("<w:r w:x=\"{{ 'ht' }}{{ 'tp://x.example/' }}\"/>")
    screen(data, "mau.docx")
    (problem,) = refused(score, data)
    assert problem.text() == (
        "mau.docx word/document.xml: the mark \"{{ 'ht' }}{{ 'tp://x.example/' }}\" stands in no text of a paragraph"
        " — type it as text"
    )


@pytest.mark.source
@pytest.mark.skipif(office.office() is None, reason="needs LibreOffice")
def test_the_default_template_is_let_in_also_saved_again_by_libreoffice(score: SelfScore, tmp_path: Path) -> None:
    screen(template(), "mau.docx")
    assert report(score, Details(), template(), "mau.docx") == report(score, Details())
    source = tmp_path / "mau.docx"
    document = docx.Document(io.BytesIO(template()))
    document.add_picture(io.BytesIO(PICTURE))
    document.save(str(source))
    program = office.office() or ""
    words = [program, f"-env:UserInstallation={(tmp_path / 'home').as_uri()}", "--headless", "--convert-to", "docx"]
    subprocess.run([*words, "--outdir", str(tmp_path / "again"), str(source)], check=True, capture_output=True)
    again = (tmp_path / "again/mau.docx").read_bytes()
    assert shutil.which(program) and again != source.read_bytes()
    for data in (source.read_bytes(), again):
        filled = docx.Document(io.BytesIO(report(score, Details(), data, "mau.docx")))
        own = docx.Document(io.BytesIO(report(score, Details())))
        assert [c.text for r in filled.tables[-1].rows for c in r.cells] == [
            c.text for r in own.tables[-1].rows for c in r.cells
        ]


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def refused(score: SelfScore, data: bytes) -> tuple[par.Problem, ...]:
    """What a template is refused for; nothing but problems may come out."""
    try:
        report(score, Details(), data, "mau.docx")
    except par.ParError as error:
        return error.problems
    return ()


PARTS = [
    *("word/document.xml", "[Content_Types].xml", RELATIONS, "_rels/.rels", "docProps/core.xml", "word/header1.xml"),
    *("word/styles.xml", "word/settings.xml"),
]


@pytest.mark.parametrize("part", PARTS)
def test_a_damaged_part_is_named(score: SelfScore, part: str) -> None:
    for change in (lambda c: c[: len(c) // 2], lambda c: c.replace(b"<", b"< <", 3), lambda c: b""):
        with pytest.raises(par.ParError) as caught:
            report(score, Details(), changed(part, change), "mau.docx")
        (problem,) = caught.value.problems
        assert problem.text("vi") == f"mau.docx {part}: phần này bị hỏng — mở mẫu ra và lưu lại"
        assert problem.text() == f"mau.docx {part}: this part is damaged — open the template and save it again"


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_no_document_is_a_problem_of_the_template(score: SelfScore, part: str) -> None:
    """XML that is whole and says nothing: an empty element, and a part that is not there."""
    without = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template())) as source, zipfile.ZipFile(without, "w") as target:
        for name in source.namelist():
            if name != part:
                target.writestr(name, source.read(name))
    for data in (changed(part, lambda c: b"<a/>"), without.getvalue()):
        found = refused(score, data)
        assert all(problem.code == "template" and problem.text("vi") != problem.text() for problem in found)


def test_bytes_that_are_cut_or_turned_are_a_problem_of_the_template(score: SelfScore) -> None:
    whole = template()
    spoiled = [whole[: len(whole) * k // 8] for k in range(8)]
    spoiled += [whole[:k] + bytes([whole[k] ^ 255]) + whole[k + 1 :] for k in range(40, len(whole), len(whole) // 40)]
    for data in spoiled:
        assert {problem.code for problem in refused(score, data)} <= {"template"}


@pytest.mark.parametrize(
    ("mark", "vi"),
    [
        ("{{ nobody }}", 'dấu "{{ nobody }}" gọi tên trường không có (ở '),
        ("{{ placee }}", 'dấu "{{ placee }}" gọi tên trường không có (ở '),
        ("{{ unit.__class__ }}", 'dấu "{{ unit.__class__ }}" gọi một phần của chữ (ở '),
        ("{% for r in rows %}", 'dấu "{% for r in rows %}" không có {% endfor %} cùng chỗ (ở '),
        ("{{ " + "(" * 5000 + " }}", 'dấu "{{ ((('),
    ],
    ids=["field", "near", "unsafe", "mark", "deep"],
)
def test_a_wrong_mark_is_said_in_vietnamese(score: SelfScore, mark: str, vi: str) -> None:
    with pytest.raises(par.ParError) as caught:
        report(score, Details(), holding(f"<w:r><w:t>{mark}</w:t></w:r>"), "mau.docx")
    (problem,) = caught.value.problems
    assert problem.text("vi").startswith(f"mau.docx đoạn 1: {vi}")
    assert problem.what_vi != problem.what
