"""`par import` and `par export`: from the annex of a decision to a plugin, and from a methodology to an annex."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from par_engine.api import Methodology, installed, load
from par_engine.base.extras import install, needs
from par_engine.base.problems import DocumentError, MethodologyError, Problem, fail, own_problem
from par_engine.cli.diff import print_changes
from par_engine.cli.new import write_plugin
from par_engine.cli.output import print_json, say, table
from par_engine.files.atomic import write_all, written_whole
from par_engine.files.documents import parse_json
from par_engine.files.kinds import called
from par_engine.i18n.catalogue import Lang

_ROLES = {
    "number": ("số thứ tự", "number"),
    "title": ("tên mục", "title"),
    "max": ("điểm tối đa", "maximum"),
    "assessed": ("nguồn điểm", "way of assessment"),
    "rules": ("quy tắc", "rules"),
    "note": ("ghi chú", "notes"),
}
_FEW = 8
_NUMBERED = re.compile(r"\d+\s*/\s*\w")
_UNSAID = {
    "whole_zero": ("khi mẫu số bằng 0: coi là thiếu số liệu", "a whole of 0 is taken as missing"),
    "over": ("khi tử số lớn hơn mẫu số: coi là số liệu sai", "a part above its whole is taken as bad evidence"),
    "below": (
        "dưới mức thấp nhất: người nhập chọn 0, dòng ấy không là chính thức",
        "below the lowest level: 0 was chosen, and the row is not official",
    ),
    "floor": ("trừ đến đâu: coi là không dưới 0", "a deduction is taken to end at 0"),
}


def export_command(id: str, output: Path, lang: Lang) -> int:
    """Write a methodology as an annex."""
    from par_engine.authoring.sources import find

    kind = output.suffix.lower()
    if kind not in (".docx", ".xlsx"):
        fail("annex-kind.written", output.name, kind=called(kind))
    _extra(output.name, "lark", "xlsxwriter" if kind == ".xlsx" else "docx")  # texts of rules are read again
    from par_engine.annex import writing

    found = find(id)
    if len(found) > 1:
        ids = ", ".join(methodology.id for methodology in found)
        fail("several.export-command", id, id=id, ids=ids)
    document = found[0].document
    data = writing.xlsx(document) if kind == ".xlsx" else writing.docx(document)
    with written_whole(output) as temporary:
        temporary.write_bytes(data)
    leaves = sum(item.rule is not None for item in document.items)
    vi = f"{output}: {len(document.items)} mục, {leaves} mục có quy tắc"
    say(vi if lang == "vi" else f"{output}: {len(document.items)} items, {leaves} with rules")
    return 0


def _extra(label: str, *libraries: str) -> None:
    if not all(find_spec(library) for library in libraries):  # importing all takes its time
        needs(label, "annex")


def import_command(
    annex: Path,
    id: str,
    output: Path,
    base_id: str | None,
    official: str | None,
    *,
    choice: str | None = None,
    rest_zero: bool = False,
    dry: bool,
    json: bool,
    lang: Lang,
) -> int:
    """Read an annex, show what it changes and what stays open, and write it into a plugin's folder.

    0 when everything was understood, 1 when questions stay open (the rows are written and marked `to_do`).
    """
    _extra(annex.name, "docx", "lark", "openpyxl")
    if official is not None and not (_NUMBERED.search(official) and len(official) <= 100):
        hint, hint_vi = 'as in "12/QĐ-BNV"', 'ví dụ "12/QĐ-BNV"'
        fail("number", "--official-document")
    from par_engine.annex.draft import draft
    from par_engine.annex.layout import Open
    from par_engine.annex.tables import read_annex
    from par_engine.authoring.sources import find
    from par_engine.comparison.methodologies import diff
    from par_engine.plugins import ready
    from par_engine.results.assessment import Origin

    vi = lang == "vi"
    tables = read_annex(annex)
    base, there = _base(id, output, base_id)
    functions = base.scheme.functions
    found = draft(tables, base.document, official, choice, functions, rest_zero=rest_zero)
    if isinstance(found, Open):
        hint, hint_vi = "see the layout that par export writes", "xem mẫu của par export"
        at = "" if found.at == annex.name else found.at
        raise DocumentError([own_problem(annex.name, at, "no-table", found.en, hint, "error", found.vi, hint_vi)])
    try:
        new = Methodology(ready(found.document, functions, annex.name), Origin())
    except MethodologyError as error:
        asked = [(q, "" if q.at == annex.name else q.at) for q in found.questions]
        questions = [own_problem(annex.name, at, "open", q.en, "", "error", q.vi) for q, at in asked]
        codes = [item["code"] for item in found.document["items"]]
        placed = [_placed(problem, codes, found.places) for problem in error.problems]
        raise MethodologyError([*questions, *placed]) from None
    changes = diff(base.document, new.document)
    if json:
        print_json(
            {
                "annex": {"name": tables.name, "sha256": tables.sha256},
                "base": {"id": base.id, "fingerprint": base.fingerprint},
                "columns": dict(found.columns.taken),
                "signed": [text for _, text in found.columns.signed],
                "unread": list(found.columns.unread),
                "untranslated": found.untranslated,
                "leaves": found.leaves,
                "understood": found.understood,
                "assumed": dict(found.assumed),
                "questions": [{"at": q.at, "item": q.code, "vi": q.vi, "en": q.en} for q in found.questions],
                "aside": [{"at": q.at, "item": q.code, "vi": q.vi, "en": q.en} for q in found.aside],
                "changes": [change.as_dict() for change in changes],
            }
        )
    else:
        taken = "; ".join(f"{_ROLES[role][not vi]} = “{text}”" for role, text in found.columns.taken)
        say(f"{'Các cột' if vi else 'Columns'}: {taken}")
        if found.columns.signed:
            names = ", ".join(f"“{text}”" for _, text in found.columns.signed)
            said = "Cột điểm cộng, trừ (hỏi từng ô)" if vi else "Points to add or take off (asked cell by cell)"
            say(f"{said}: {names}")
        if found.columns.unread:
            names = ", ".join(f"“{text}”" for text in found.columns.unread)
            say(f"{'Các cột không đọc' if vi else 'Columns not read'}: {names}")
        say(f"{'So với' if vi else 'Compared with'} {base.id}:")
        print_changes(changes, base.id, annex.name if base.id == id else id, lang)
        _tell(found, len(new.document.items), vi)
    if not dry:
        if there is None:

            def revise(folder: Path) -> None:
                """Import into what has been taken over, so that it says of each number where it is from."""
                taken = find(str(folder))[0]
                own = taken.scheme.functions
                again = draft(tables, taken.document, official, choice, own, rest_zero=rest_zero)
                assert not isinstance(again, Open)
                _put(folder, id, again.document)

            write_plugin(id, [base], output, revise)
        else:
            _put(output, id, found.document)
        if not json:
            say(f"{'Đã ghi' if vi else 'Written'}: {output}")
            _next(output, id, there, vi)
    return 1 if found.questions else 0


def _tell(found: Any, items: int, vi: bool) -> None:
    for key, count in sorted(found.assumed.items()):
        text = _UNSAID[key][not vi]
        say(f"{'Phụ lục không nói' if vi else 'Not said'}, {text} ({count})")
    heads = ["Ô", "Mã", "Nội dung"] if vi else ["cell", "item", "what"]
    if found.aside:
        say("Để riêng, không dùng để chấm:" if vi else "Set aside, used for no points:")
        table(heads, _rows(found.aside, vi), ["left", "left", "left"])
    if found.untranslated:
        count = found.untranslated
        say(f"{count} tên mục chưa có tiếng Anh: tạm ghi tiếng Việt" if vi else f"{count} titles have no English yet")
    asked = _rows(found.questions, vi)
    if asked:
        say("Câu hỏi còn mở:" if vi else "Open questions:")
        table(["Ô", "Mã", "Câu hỏi"] if vi else ["cell", "item", "question"], asked, ["left", "left", "left"])
    cells = len(found.questions)
    places = (f" (ở {cells} ô)" if vi else f" (at {cells} cells)") if cells > len(asked) else ""
    share = f"{found.understood}/{found.leaves}"
    say(
        f"{items} mục; hiểu {share} quy tắc; {len(asked)} câu hỏi còn mở{places}"
        if vi
        else f"{items} items; {share} rules understood; {len(asked)} open questions{places}"
    )


def _rows(said: Sequence[Any], vi: bool) -> list[list[str]]:
    """Each thing once, with the first of its places and all its items."""
    groups: dict[str, list[Any]] = {}
    for one in said:
        groups.setdefault(one.vi if vi else one.en, []).append(one)
    rows = []
    for text, found in groups.items():
        codes = list(dict.fromkeys(one.code for one in found if one.code))
        shown = ", ".join(codes[:_FEW]) + (f", … ({len(codes)})" if len(codes) > _FEW else "")
        more = len(found) - 1
        at = f"{found[0].at} {f'và {more} ô nữa' if vi else f'and {more} more'}" if more else found[0].at
        rows.append([at, shown, text])
    return rows


def _placed(problem: Problem, codes: Sequence[str], places: Mapping[str, str]) -> Problem:
    """A problem of the whole at the cell and code of its item, not at an index."""
    found = re.match(r"/items/(\d+)(/.*)?$", problem.pointer)
    if found is None or int(found[1]) >= len(codes):
        return problem
    code = codes[int(found[1])]
    return replace(problem, pointer=f"{places.get(code, '')} ({code})".strip())


def _base(id: str, output: Path, base_id: str | None) -> tuple[Methodology, Methodology | None]:
    """What the annex is held against, and the methodology in the folder when it is there already."""
    from par_engine.authoring.sources import find

    if output.exists() and not (output / "pyproject.toml").is_file():
        fail("no-plugin", str(output))
    if output.exists():
        found = {methodology.id: methodology for methodology in find(str(output))}
        if id not in found:
            ids = ", ".join(found)
            fail("other", str(output), ids=ids, id=id)
        return found[id], found[id]
    if base_id is not None:
        return load(base_id), None
    names = sorted(listing.id for listing in installed())
    if id in names:
        fail("installed", id, id=id, output=output)
    kind = id.partition("-")[2]
    like = [other for other in names if other.partition("-")[2] == kind and kind]
    if not like:
        fail("no-base", id, names=names)
    return load(like[-1]), None


def _put(folder: Path, id: str, document: Mapping[str, Any]) -> None:
    """Replace the parts of the methodology in a plugin's folder that an annex decides, and the pages made of them."""
    from par_engine.authoring.pages import pretty, rulings_page
    from par_engine.authoring.scaffold import parts
    from par_engine.authoring.sources import find

    data = _data_folder(folder, id)
    old = {path.name: parse_json(path.read_bytes(), path.name) for path in sorted(data.glob("*.json"))}
    texts: dict[Path, str] = {}
    extends = "extends" in old["methodology.json"]
    for name, content in parts(document).items():
        was = old.get(f"{name}.json", {})
        head = {"$schema": schema} if (schema := was.get("$schema", old["methodology.json"].get("$schema"))) else {}
        if extends and name == "methodology":  # the rest is the older year's; its differences are in the items now
            pin = {key: was["extends"][key] for key in ("id", "fingerprint")}
            content = {**was, "extends": pin, **{key: document[key] for key in ("streams", "total")}}
        elif extends and name in ("units", "plan", "surveys"):
            continue
        if {**head, **content} != was:
            texts[data / f"{name}.json"] = pretty({**head, **content}) + "\n"
    documents = {m.id: m.document.model_dump(mode="json", by_alias=True) for m in find(str(folder))} | {id: document}
    texts[folder / "RULINGS.md"] = rulings_page(_name(folder), list(documents.values()))
    write_all({path: text.encode() for path, text in texts.items()})
    for cache in (folder / "src").rglob("__pycache__"):
        shutil.rmtree(cache, ignore_errors=True)


def _name(folder: Path) -> str:
    import tomllib

    return str(tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"])


def _data_folder(folder: Path, id: str) -> Path:
    found = [
        path.parent
        for path in sorted(folder.glob("src/*/*/methodology.json"))
        if parse_json(path.read_bytes(), path.name).get("id") == id
    ]
    if not found:
        fail("no-data", str(folder), id=id)
    return found[0]


def _next(output: Path, id: str, there: Methodology | None, vi: bool) -> None:
    steps: Sequence[str] = [f"par check {output}", f"pytest {output}"]
    if there is not None:
        note = "nâng phiên bản, ghi CHANGELOG" if vi else "raise the version, write the changelog"
        steps = [note, *steps]
    else:
        steps = [install(str(output)), *steps]
    say(("Tiếp theo: " if vi else "Next: ") + "; ".join(steps))
