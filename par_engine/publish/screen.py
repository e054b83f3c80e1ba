"""What a report's template may hold: text, pictures and page numbers, nothing that runs, fetches or hides a file."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from par_engine.base.problems import DocumentError, Problem, own_problem, quote
from par_engine.files.ooxml import bounded

_MOST = 64 * 2**20  # bytes of a template when unpacked, pictures and all
_MOST_XML = 16 * 2**20  # of them XML, which takes many times its size while it is read
ELEMENTS = 100_000
"""How many elements the parts of a template may have together."""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/relationships/"
_MICROSOFT = "http://schemas.microsoft.com/office/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/relationships/metadata/"
_PARTS = (
    *("officeDocument", "styles", "settings", "webSettings", "fontTable", "theme", "numbering", "header", "footer"),
    *("footnotes", "endnotes", "comments", "image", "customXml", "customXmlProps", "glossaryDocument"),
    *("extended-properties", "custom-properties"),
)
_NEWER = (
    *("stylesWithEffects", "people", "commentsExtended", "commentsIds", "commentsExtensible"),
    *("intelligence", "documenttasks", "classificationlabels"),  # what Word of later years adds by itself
)
_RELATIONS = frozenset(
    (
        *(_PACKAGE + name for name in ("core-properties", "thumbnail")),
        *(_OFFICE + name for name in _PARTS),
        *(_MICROSOFT + name for name in _NEWER),
    )
)
_EDITION = re.compile(r"/[0-9]{4}(?:/[0-9]{2})?(?=/)")  # the year, or month, of a kind of relation
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM")
_FIELD = re.compile(r"(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION)(?: \\\* ?[A-Z]+)*")
_ADDRESS = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:\s*)?(?://|\\\\)|\s*(?:file|data|javascript|mailto|cid|mhtml):", re.I)
_NAMESPACE = re.compile(
    r"(?:http://schemas\.(?:openxmlformats\.org|microsoft\.com)|http://(?:purl\.org|www\.w3\.org))/"
)
_SOURCES = frozenset(("src", "href", "althref"))
_FOREIGN = frozenset(
    (
        *("altchunk", "subdoc", "object", "oleobject", "control", "mailmerge", "savethroughxslt"),
        *("attachedtemplate", "frameset", "webvideopr", "ffdata", "entrymacro", "exitmacro"),
    )
)
# what one program reads and another skips: a field must not be one thing to us and another to it
_APART = frozenset(("Choice", "Fallback", "ins", "del", "moveFrom", "moveTo", "txbxContent"))
_Said = tuple[str, str, str, str]
_NO_DOCUMENT = (
    "this is no Word document", "save it as .docx",
    "đây không phải tài liệu Word", "lưu lại thành .docx",
)  # fmt: skip
_STRICT = (
    "this is a Strict Open XML document", "save it as Word Document (.docx), not as Strict Open XML Document",
    "đây là tài liệu Strict Open XML", "lưu lại dạng Word Document (.docx), không phải Strict Open XML Document",
)  # fmt: skip
_TOO_LARGE = ("the template is too large", "a template is a few pages", "mẫu quá lớn", "mẫu chỉ vài trang")
_DAMAGED = (
    "this part is damaged", "open the template and save it again",
    "phần này bị hỏng", "mở mẫu ra và lưu lại",
)  # fmt: skip
_LINKS = (
    "remove links and linked pictures; insert pictures into the file",
    "bỏ liên kết và ảnh liên kết; chèn ảnh vào hẳn trong tệp",
)


def screen(data: bytes, label: str, most: int = ELEMENTS) -> None:
    """Raise DocumentError, with all problems, for a template that holds more than text, pictures and page numbers.

    `most` is how many elements all its parts may have.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            bounded(package.infolist(), label, _MOST)
            found = list(_package(package, most))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
        found = [("", _NO_DOCUMENT)]
    if found:
        raise DocumentError(problem(label, at, *said) for at, said in found)


def problem(label: str, at: str, what: str, hint: str, what_vi: str, hint_vi: str) -> Problem:
    """A problem of a template."""
    return own_problem(label, at, "template", what[:300], hint, "error", what_vi[:300], hint_vi)


def main_part(package: zipfile.ZipFile) -> tuple[str, bool]:
    """The name of the part that a document begins with, "" when there is none, and whether it is Strict Open XML."""
    try:
        root = _parsed(package.read("_rels/.rels"))
    except KeyError:
        return "", False
    for relation in () if root is None else root:
        type_, target = str(relation.get("Type", "")), str(relation.get("Target", ""))
        if type_.endswith("/officeDocument"):
            return target.lstrip("/"), "purl.oclc.org" in type_
    return "", False


def _package(package: zipfile.ZipFile, most: int) -> Iterator[tuple[str, _Said]]:
    parts = [info for info in package.infolist() if not (info.is_dir() and not info.file_size)]
    names = [info.filename for info in parts]
    xml = [info for info in parts if info.filename.lower().endswith((".xml", ".rels"))]
    if sum(info.file_size for info in xml) > _MOST_XML:
        yield "", _TOO_LARGE
        return
    try:
        elements = sum(package.read(info).count(b"<") for info in xml)
        main, strict = main_part(package)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        elements, main, strict = 0, "", False  # the part is named below
        main = "word/document.xml"
    if elements > 2 * most:  # each begins, and most of them end
        yield "", _TOO_LARGE
        return
    if strict:
        yield "", _STRICT
        return
    if main not in names and (not main or "_rels/.rels" in names):
        damaged = "_rels/.rels" in names and _parsed(package.read("_rels/.rels")) is None
        if not damaged:  # it is named below
            yield "", _NO_DOCUMENT
    for name, count in Counter(name.lower() for name in names).items():
        if count > 1:
            what, what_vi = "two parts have this name", "có hai phần cùng tên này"
            yield name, (what, _DAMAGED[1], what_vi, _DAMAGED[3])
    for name in names:
        try:
            said = list(_part(name, package.read(name)))
        except (zipfile.BadZipFile, zlib.error, EOFError):
            said = [_DAMAGED]
        yield from ((name, one) for one in dict.fromkeys(said))


def _part(name: str, content: bytes) -> Iterator[_Said]:
    lower = name.lower()
    if "vbaproject" in lower or "vbadata" in lower or "activex" in lower:
        yield (
            "the template holds a program (macro)", "save it as .docx without macros",
            "mẫu có chứa chương trình (macro)", "lưu lại thành .docx không có macro",
        )  # fmt: skip
    elif lower.endswith((".xml", ".rels")):
        yield from _xml(name, content)
    elif not content.startswith(_PICTURES):
        yield (
            "this is no text and no PNG, JPEG, GIF or BMP picture", "remove embedded files, objects and fonts",
            "phần này không phải văn bản, cũng không phải ảnh PNG, JPEG, GIF, BMP",
            "bỏ tệp, đối tượng và phông chữ nhúng",
        )  # fmt: skip


def _xml(name: str, content: bytes) -> Iterator[_Said]:
    again, again_vi = "save it with Word or LibreOffice", "lưu lại bằng Word hoặc LibreOffice"
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        yield "this part is not UTF-8", again, "phần này không phải UTF-8", again_vi
        return
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        yield "it declares entities", again, "phần này khai báo thực thể XML", again_vi
        return
    root = _parsed(content)
    if root is None:
        yield _DAMAGED
        return
    info = root.getroottree().docinfo
    if (info.encoding or "UTF-8").upper() not in ("UTF-8", "US-ASCII", "ASCII"):
        yield "this part is not UTF-8", again, "phần này không phải UTF-8", again_vi
        return
    for element in root.iter():
        yield from _element(element)
    if name.endswith(".rels"):
        yield from _relations(root)
    else:
        yield from filter(None, map(_field, _instructions(root)))


def _parsed(content: bytes) -> Any:
    """The root of a part, or None when it is no XML."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(content, parser)
    except (etree.LxmlError, SyntaxError, ValueError):
        return None


def filled_parts(data: bytes) -> dict[str, Any]:
    """The roots of the parts that marks are filled in in: the main one, then headers, footers and footnotes."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        main = main_part(package)[0]
        folder, _, name = main.rpartition("/")
        names = set(package.namelist())
        beside = f"{folder}/_rels/{name}.rels".lstrip("/")
        relations = _parsed(package.read(beside)) if beside in names else None
        found = [main]
        for relation in () if relations is None else relations:
            target = str(relation.get("Target", ""))
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            kind = str(relation.get("Type", "")).rpartition("/")[2]
            if kind in ("header", "footer", "footnotes") and path in names and path not in found:
                found.append(path)
        return {path: _parsed(package.read(path)) for path in found}


def other_texts(data: bytes) -> dict[str, str]:
    """The texts of the other parts that hold words: nothing is filled in there that people see."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        done = set(filled_parts(data))
        names = [n for n in package.namelist() if n.endswith(".xml") and n not in done and n != "[Content_Types].xml"]
        roots = {name: _parsed(package.read(name)) for name in names if not name.startswith("customXml/")}
        return {name: "".join(root.itertext()) for name, root in roots.items() if root is not None}


def _relations(root: Any) -> Iterator[_Said]:
    hint, hint_vi = _LINKS
    for element in root.iter():
        values = {_local(key).lower(): value for key, value in element.attrib.items()}
        if values.get("targetmode", "Internal") != "Internal":
            yield "it refers to something outside the file", hint, "phần này trỏ ra ngoài tệp", hint_vi
        type_ = _EDITION.sub("", values.get("type", ""), count=1)
        if _local(element.tag) == "Relationship" and type_ not in _RELATIONS:
            kind = quote(type_.rpartition("/")[2])
            what, what_vi = f"it holds a part that a template must not have, {kind}", f"mẫu không được có phần {kind}"
            yield what, f"{hint}; remove embedded objects", what_vi, f"{hint_vi}; bỏ đối tượng nhúng"


def _element(element: Any) -> Iterator[_Said]:
    name = _local(element.tag)
    if name.lower() in _FOREIGN:
        what, what_vi = f"it has what a template must not have, <{name}>", f"mẫu không được có <{name}>"
        yield what, "remove it", what_vi, "bỏ phần ấy đi"
    for key, value in element.attrib.items():
        if (_local(key).lower() in _SOURCES and value.strip()) or (
            _ADDRESS.match(value) and not _NAMESPACE.match(value)
        ):
            hint, hint_vi = _LINKS
            yield "it refers to something outside the file", hint, "phần này trỏ ra ngoài tệp", hint_vi


def _field(instruction: str) -> _Said | None:
    shown = " ".join(instruction.split())
    if _FIELD.fullmatch(shown.upper()):
        return None
    hint, hint_vi = "only page numbers may be fields; remove it", "mẫu chỉ được có trường số trang; bỏ trường này"
    return f"it has the field {quote(shown)}", hint, f"phần này có trường {quote(shown)}", hint_vi


def _instructions(root: Any) -> Iterator[str]:
    """What every field says, however many runs it is split over; a field that is not closed says what it has."""
    open_: list[tuple[list[str], bool]] = []  # the text of a field, and whether its result has begun
    for child in root:
        yield from _walk(child, open_)
    for words, _ in open_:
        yield "".join(words) + " …"


def _walk(element: Any, open_: list[tuple[list[str], bool]]) -> Iterator[str]:
    name = _local(element.tag)
    if name == "fldChar":
        kind = next((v for k, v in element.attrib.items() if _local(k) == "fldCharType"), "")
        if kind == "begin":
            open_.append(([], False))
        elif kind == "separate" and open_:
            open_[-1] = (open_[-1][0], True)
        elif open_:
            yield "".join(open_.pop()[0])
    for key, value in element.attrib.items():
        if _local(key).lower() == "instr":
            yield value
    if name in _APART:
        if open_ and not open_[-1][1]:
            yield "".join(open_[-1][0]) + " …"
        yield from _instructions(element)
        return
    instruction = name.lower().endswith("instrtext")
    yield from _says(element.text, open_, own=instruction, leaf=not len(element))
    for child in element:
        yield from _walk(child, open_)
        yield from _says(child.tail, open_, own=instruction, leaf=False)


def _says(text: str | None, open_: list[tuple[list[str], bool]], *, own: bool, leaf: bool) -> Iterator[str]:
    """Add a text to the field that is open: LibreOffice takes any text there for the field's, not only instrText."""
    if text is None or not (leaf or text.strip()):
        return
    if open_ and not open_[-1][1]:
        open_[-1][0].append(text)
    elif own:
        yield text


def _local(name: str) -> str:
    return name.rpartition("}")[2]
