"""What Excel demands of a workbook before it opens one without asking to repair it: ECMA-376's order and its own limits."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ORDER = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]
BOOK = [
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
]
FUNCTIONS = {
    "ABS",
    "AND",
    "CHOOSE",
    "COUNT",
    "COUNTIF",
    "IF",
    "IFERROR",
    "INT",
    "ISLOGICAL",
    "ISNUMBER",
    "LEN",
    "MAX",
    "MIN",
    "N",
    "OR",
    "ROUND",
    "ROW",
    "SUM",
    "SUMIF",
    "SUMPRODUCT",
}
"""All are in Excel 2007 and later, need no prefix, and mean the same there and in LibreOffice."""
_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")|(?P<sheet>'(?:[^']|'')+'!|\w+!)|(?P<call>[A-Z][A-Z0-9.]*)\(|(?P<span>\$[A-Z]{1,3}:\$[A-Z]{1,3}|\$[0-9]+:\$[0-9]+)|(?P<ref>\$?[A-Z]{1,3}\$?[0-9]{1,7})(?![\w(])"""
    r"""|(?P<number>[0-9]+(?:\.[0-9]+)?(?:E[+-]?[0-9]+)?)|(?P<word>TRUE|FALSE)|(?P<open>\()|(?P<close>\))|(?P<other>[-+*/&=<>,:^ ]+)"""
)


def faults(data: bytes) -> list[str]:
    """Everything that Excel would refuse or repair."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
        found = ["a part stands twice"] if len(parts) != len(archive.namelist()) else []
    xml = {
        name: ElementTree.fromstring(content)  # noqa: S314
        for name, content in parts.items()
        if name.endswith((".xml", ".rels"))
    }
    found += _typed(parts, xml["[Content_Types].xml"])
    links = dict(_links(parts, xml))
    found += [
        f"{name}: {target} is not there" for name, to in links.items() for target in to.values() if target not in parts
    ]
    book = xml["xl/workbook.xml"]
    found += _ordered("workbook", book, BOOK)
    names = [sheet.get("name", "") for sheet in book.iter(f"{MAIN}sheet")]
    found += _names(names)
    for name in book.iter(f"{MAIN}definedName"):
        if not re.fullmatch(r"_xlnm\.\w+|[A-Za-z_\\][\w.\\]{0,254}", name.get("name", "")):
            found.append(f"defined name {name.get('name')}")
        found += [f"defined name: {fault}" for fault in formula_faults(name.text or "", names)]
    styles = xml["xl/styles.xml"]
    counts = {kind: len(styles.find(f"{MAIN}{kind}") or []) for kind in ("fonts", "fills", "borders", "cellXfs")}
    for xf in styles.iter(f"{MAIN}xf"):
        for kind in ("fonts", "fills", "borders"):
            if int(xf.get(f"{kind[:-1]}Id", "0")) >= counts[kind]:
                found.append(f"a style of no {kind}")
    found += ["a number format of over 255"] * any(
        len(f.get("formatCode", "")) > 255 for f in styles.iter(f"{MAIN}numFmt")
    )
    strings = [text_of(si) for si in xml["xl/sharedStrings.xml"]] if "xl/sharedStrings.xml" in xml else []
    found += [f"a text of {len(text)}" for text in strings if len(text) > 32767]
    for sheet in book.iter(f"{MAIN}sheet"):
        part = links["xl/workbook.xml"][sheet.get(LINK, "")]
        found += [
            f"{sheet.get('name')}: {fault}" for fault in _sheet(xml[part], names, counts["cellXfs"], len(strings))
        ]
    return found


def text_of(si: ElementTree.Element) -> str:
    return "".join(t.text or "" for t in si.iter(f"{MAIN}t"))


def _typed(parts: dict[str, bytes], types: ElementTree.Element) -> list[str]:
    endings = {entry.get("Extension") for entry in types if entry.tag.endswith("Default")}
    named = [str(entry.get("PartName"))[1:] for entry in types if entry.tag.endswith("Override")]
    bare = [name for name in parts if name not in named and name.rpartition(".")[2] not in endings]
    bare.remove("[Content_Types].xml") if "[Content_Types].xml" in bare else None
    return [f"{name} has no type" for name in bare] + [
        f"{name} is typed and gone" for name in named if name not in parts
    ]


def _links(parts: dict[str, bytes], xml: dict[str, ElementTree.Element]) -> Iterator[tuple[str, dict[str, str]]]:
    for name, root in xml.items():
        if name.endswith(".rels"):
            folder, file = posixpath.split(name)
            base = posixpath.dirname(folder)
            targets = {str(r.get("Id")): str(r.get("Target")) for r in root if r.get("TargetMode") != "External"}
            yield (
                posixpath.join(base, file.removesuffix(".rels")),
                {
                    id: posixpath.normpath(posixpath.join(base, to)) if to[0] != "/" else to[1:]
                    for id, to in targets.items()
                },
            )


def _ordered(where: str, root: ElementTree.Element, order: list[str]) -> list[str]:
    tags = [child.tag.removeprefix(MAIN) for child in root]
    if unknown := [tag for tag in tags if tag not in order]:
        return [f"{where}: unknown {unknown}"]
    return [] if tags == sorted(tags, key=order.index) and len(set(tags)) == len(tags) else [f"{where}: order {tags}"]


def _names(names: list[str]) -> list[str]:
    found = [f"sheet name {n!r}" for n in names if not 1 <= len(n) <= 31 or re.search(r"[\[\]:*?/\\]|^'|'$", n)]
    return found + ["two sheets of one name"] * (len({n.casefold() for n in names}) != len(names))


def _sheet(root: ElementTree.Element, names: list[str], styles: int, strings: int) -> list[str]:
    found = _ordered("sheet", root, ORDER)
    last_row = 0
    for row in root.iter(f"{MAIN}row"):
        number, last = int(row.get("r", "0")), 0
        if not last_row < number <= 1_048_576 or float(row.get("ht", "0")) > 409:
            found.append(f"row {number}")
        last_row = number
        for cell in row:
            column, at = place(cell.get("r", ""))
            if at != number or not last < column <= 16_384 or int(cell.get("s", "0")) >= styles:
                found.append(f"cell {cell.get('r')}")
            last = column
            value, formula = cell.find(f"{MAIN}v"), cell.find(f"{MAIN}f")
            if cell.get("t") == "s" and not (value is not None and int(value.text or "-1") < strings):
                found.append(f"cell {cell.get('r')}: no such text")
            if (
                cell.get("t") in (None, "n")
                and value is not None
                and not re.fullmatch(r"-?[0-9.]+([Ee][+-]?\d+)?", value.text or "")
            ):
                found.append(f"cell {cell.get('r')}: {value.text} is no number")
            if formula is not None:
                found += [f"{cell.get('r')}: {fault}" for fault in formula_faults(formula.text or "", names)]
    for col in root.iter(f"{MAIN}col"):
        if not 0 <= float(col.get("width", "0")) <= 255 or int(col.get("min", "0")) > int(col.get("max", "0")):
            found.append("a column's width")
    for kind, attribute in (("mergeCell", "ref"), ("dataValidation", "sqref")):
        taken: set[tuple[int, int]] = set()
        for entry in root.iter(f"{MAIN}{kind}"):
            for area in str(entry.get(attribute)).split():
                cells = set(_area(area))
                if cells & taken:
                    found.append(f"{kind} {area} overlaps")
                taken |= cells
    for check in root.iter(f"{MAIN}dataValidation"):
        found += _validation(check, names)
    return found


def _validation(check: ElementTree.Element, names: list[str]) -> list[str]:
    found = [f"validation: {key} of {len(check.get(key, ''))}" for key, most in (("errorTitle", 32), ("promptTitle", 32), ("error", 255), ("prompt", 255)) if len(check.get(key, "")) > most]  # fmt: skip
    for formula in check:
        text = formula.text or ""
        if text.startswith('"'):
            if len(text) - 2 > 255 or text.count('"') != 2:
                found.append(f"validation: a list of {len(text) - 2}")
        else:
            found += [f"validation: {fault}" for fault in formula_faults(text, names)]
    return found


def place(ref: str) -> tuple[int, int]:
    match = re.fullmatch(r"([A-Z]{1,3})([0-9]+)", ref.replace("$", ""))
    assert match, ref
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return column, int(match[2])


def _area(area: str) -> Iterator[tuple[int, int]]:
    first, _, last = area.partition(":")
    (c1, r1), (c2, r2) = place(first), place(last or first)
    for c in range(c1, c2 + 1):
        for r in range(r1, r2 + 1):
            yield c, r


def formula_faults(text: str, names: list[str]) -> list[str]:
    """What Excel would not take in one formula."""
    if len(text) > 8192:
        return [f"a formula of {len(text)}"]
    found, at = [], 0
    stack: list[list[object]] = []
    deepest = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return [f"cannot be read at {text[at : at + 20]!r}"]
        at, kind, token = match.end(), match.lastgroup, match[match.lastgroup or 0]
        if kind == "text" and len(token) - 2 > 255:
            found.append("a text of over 255")
        elif kind == "sheet" and token[:-1].strip("'").replace("''", "'") not in names:
            found.append(f"no sheet {token}")
        elif kind == "ref" and not (place(token)[0] <= 16_384 and 1 <= place(token)[1] <= 1_048_576):
            found.append(f"no cell {token}")
        elif kind == "number" and len(re.sub(r"\..*|E.*", "", token).strip("0")) > 15:
            found.append(f"a number of over 15 digits: {token}")
        elif kind == "call":
            if token not in FUNCTIONS:
                found.append(f"function {token}")
            stack.append([token, 1])
            deepest = max(deepest, sum(1 for name, _ in stack if name))
        elif kind == "open":
            stack.append(["", 1])
        elif kind == "close":
            if not stack:
                return [*found, "an unopened bracket"]
            name, count = stack.pop()
            if name and int(str(count)) > 255:
                found.append(f"{name} of {count} arguments")
        elif kind == "other" and stack:
            stack[-1][1] = int(str(stack[-1][1])) + token.count(",")
    if stack:
        found.append("an open bracket")
    return found + [f"{deepest} levels"] * (deepest > 64)
