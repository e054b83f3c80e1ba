"""Inputs that are a little wrong: bytes, JSON, tables, office packages and frames, each by the words of a generator."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from random import Random
from typing import Any

WORDS = (
    *("", " ", "0", "-1", "-0", "1e9", "1e999999", "NaN", "Infinity", "12.000", "12,5", "1/3", "１２", "9" * 400),
    *("\x1b[31m", "\u202eabc", "\x00", "\x85\u2028", "\ufeff", "=1+1", "@SUM(A1)", "a" * 40_000, "e\u0302\u0323"),
    *("31/02/2021", "2021-13-01", "29/02/2021", "../../x", "con", "Điện Biên", "ĐIỆN  BIÊN", "Ashford", "A", "null"),
    *("<b>", "]]>", "&amp;", '"', "a\nb", "a\tb", ";", "total", "stream:x", "#REF!", "x005F_x000D_", "_x000D_"),
)
MARKS = (
    *(
        "{{ unit.name }}",
        "{{ unit }}",
        "{{",
        "}}",
        "{%",
        "{% for i in items %}",
        "{% endfor %}",
        "{{ unit.name|upper }}",
    ),
    *("{% if unit %}", "{% endif %}", "{{ 1+1 }}", "{{ unit.__class__ }}", "{%tr for i in items %}", "{{ x.y.z }}"),
    *("{{ unit['name'] }}", "{# note #}", "{{r unit.name }}", "{% set a = 1 %}", "{{ items }}", "{%p if unit %}"),
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 1.5, -0.0, 1e308, 10**30, -(10**400), [], {}, [[]], [None], {"": None}, "\ud800"),
    *({"x": 1}, [[[[[[[[]]]]]]]], "\udfff\ud800", float("nan"), float("inf")),
)
_TEXT = re.compile(r"(?<=>)[^<>]+(?=<)|(?<==\")[^\"<>]*(?=\")")
_ELEMENT = re.compile(r"<(\w+:?\w*)(?: [^<>]*)?>(?:(?!<\1[ >]).){0,400}?</\1>", re.DOTALL)


def _word(draw: Random, more: tuple[str, ...] = ()) -> str:
    return draw.choice(WORDS + more)


def bytes_(draw: Random, data: bytes) -> bytes:
    """Some bytes flipped, cut, doubled, moved or replaced."""
    out = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 5, 20))):
        at, size = draw.randrange(len(out) + 1), draw.choice((1, 2, 8, 300))
        match draw.randrange(6):
            case 0:
                del out[at : at + size]
            case 1:
                out[at:at] = out[at : at + size]
            case 2:
                out[at:at] = draw.randbytes(size)
            case 3 if at < len(out):
                out[at] ^= 1 << draw.randrange(8)
            case 4:
                out[at : at + size] = _word(draw).encode("utf-8", "surrogatepass")
            case _:
                out[at : at + 1] = draw.choice(
                    (b'"', b",", b"{", b"]", b"\n", b"\r", b"\xff", b"\xef\xbb\xbf", b"\xc3")
                )
        if draw.random() < 0.03:
            del out[at:]
    return bytes(out)


def _places(value: Any) -> list[tuple[Any, Any]]:
    found, todo = [], [value]
    while todo:
        inner = todo.pop()
        keys = list(inner) if isinstance(inner, dict) else range(len(inner)) if isinstance(inner, list) else ()
        found += [(inner, key) for key in keys]
        todo += [inner[key] for key in keys]
    return found


def json_(draw: Random, data: bytes) -> bytes:
    """A document in which values are replaced, moved, doubled, renamed or gone."""
    document = json.loads(data)
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        places = _places(document)
        if not places:
            break
        inner, key = draw.choice(places)
        other, name = draw.choice(places)
        new = draw.choice((_word(draw), draw.choice(VALUES), json.loads(json.dumps(other[name]))))
        match draw.randrange(5):
            case 0:
                del inner[key]
            case 1 if isinstance(inner, list):
                inner.insert(key, json.loads(json.dumps(inner[key])))
            case 1 | 2 if isinstance(inner, dict):
                inner[draw.choice((_word(draw), str(name), f"{key}x"))] = inner.pop(key) if draw.random() < 0.5 else new
            case _:
                inner[key] = new
    return json.dumps(document, ensure_ascii=draw.random() < 0.5).encode("utf-8", "surrogatepass")


def csv_(draw: Random, data: bytes) -> bytes:
    """A table whose cells, heads, rows, columns, separator or code are others."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    for _ in range(draw.choice((1, 1, 1, 2, 5))):
        row = draw.choice(rows[:6] if draw.random() < 0.5 else rows)
        at = draw.randrange(len(row) + 1)
        match draw.randrange(7):
            case 0:
                rows.insert(draw.randrange(len(rows) + 1), list(row))
            case 1 if len(rows) > 2:
                rows.remove(row)
            case 2:
                for each in rows:
                    each.insert(at, _word(draw) if each is row else "x")
            case 3:
                row.insert(at, _word(draw))
            case _:
                row[at : at + 1] = [_word(draw)]
    out = io.StringIO()
    separator = draw.choice(",,,;\t")
    csv.writer(out, delimiter=separator, lineterminator=draw.choice(("\n", "\r\n"))).writerows(rows)
    return out.getvalue().encode(draw.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16")), "replace")


def package(draw: Random, data: bytes, more: tuple[str, ...] = ()) -> bytes:
    """An office file in whose parts texts, attributes and elements are changed, or bytes, or a part is gone."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        main = [
            n for n in names if re.search(r"sheet\d*\.xml|sharedStrings|word/document|styles|workbook\.xml|header", n)
        ]
        hit = {draw.choice(main or names), draw.choice(names)} if draw.random() < 0.3 else {draw.choice(main or names)}
        for name in names:
            content = source.read(name)
            if name in hit:
                if draw.random() < 0.05:
                    continue
                content = bytes_(draw, content) if draw.random() < 0.15 else _xml(draw, content, more)
            target.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _xml(draw: Random, content: bytes, more: tuple[str, ...]) -> bytes:
    text = content.decode("utf-8", "replace")
    for _ in range(draw.choice((1, 1, 2, 6))):
        elements = draw.random() < 0.3
        found = [m.span() for m in (_ELEMENT if elements else _TEXT).finditer(text)]
        if not found:
            break
        start, end = draw.choice(found)
        old, word = text[start:end], _word(draw, more * 2)
        if draw.random() < 0.9:  # mostly what XML can hold
            word = (
                re.sub("[\0-\x08\x0b-\x1f\ud800-\udfff]", "", word)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace('"', "")
            )
        new = (
            draw.choice(("", old * 2, text[slice(*draw.choice(found))]))
            if elements
            else draw.choice((word, word, old + word))
        )
        text = text[:start] + new + text[end:]
    return text.encode("utf-8", "surrogatepass")


def parquet(draw: Random, data: bytes) -> bytes:
    """A Parquet file of the table with other values, types and names of columns; or with other bytes."""
    import pandas as pd

    frame = pd.read_csv(io.BytesIO(data), comment="#", dtype=object)
    for _ in range(draw.randint(0, 4)):
        at = draw.randrange(frame.shape[1])
        match draw.randrange(5):
            case 0:
                frame.insert(at, _word(draw) or "x", draw.choice(("x", 1, None)), allow_duplicates=True)
            case 1:
                frame.columns = [_word(draw) if i == at else name for i, name in enumerate(frame.columns)]
            case 2:
                kinds = (1.5, 3, b"\xff\xfe", [1, 2], {"a": 1}, True, pd.Timestamp("2021-02-03"), None, float("inf"))
                frame.isetitem(at, pd.Series([draw.choice(kinds)] * len(frame)))
            case 3:
                frame = pd.concat([frame, frame.iloc[[draw.randrange(len(frame))]]], ignore_index=True)
            case _:
                cells = list(frame.iloc[:, at])
                cells[draw.randrange(len(cells))] = _word(draw)
                frame.isetitem(at, pd.Series(cells, dtype=object))
    out = io.BytesIO()
    try:
        frame.to_parquet(out, index=draw.random() < 0.1)
    except Exception:  # noqa: BLE001  (what pyarrow cannot write is no input)
        return bytes_(draw, data)
    return bytes_(draw, out.getvalue()) if draw.random() < 0.2 else out.getvalue()
