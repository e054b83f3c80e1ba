"""A round as a bundle that needs no database: everything it rests on, its figures, and how to get them again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from par_engine import plugins
from par_engine.api import Methodology
from par_engine.results.assessment import Assessment, Origin
from par_engine.round.entries import Entry, files_of
from par_engine.round.figures import by_evidence, standing
from par_engine.round.round import check_fingerprint
from par_engine.round.state import State, replay
from par_engine.round.store import open_store

SCORES = ("scores/self-assessment.json", "scores/standing.json")
README = """# {id}

Gói này đủ để tính lại mọi con số của kỳ đánh giá mà không cần cơ sở dữ liệu gốc.
This bundle is all that is needed to compute every figure of the round again, without its database.

| tệp / file | nội dung / content |
| --- | --- |
| methodology.json | bộ tiêu chí; SHA-256 của tệp là dấu vân tay / the methodology; its SHA-256 is the fingerprint |
| entries.jsonl | mỗi dòng một bản ghi, đúng từng byte / one entry a line, byte by byte |
| files/SHA256 | số liệu và tài liệu đã nộp / what was handed in, as it was handed in |
| scores/self-assessment.json | điểm tự đánh giá (report-1) / the units' own points |
| scores/standing.json | điểm sau thẩm định (report-1) / the points as they stand |

- methodology: {id}, {distribution}, fingerprint `{fingerprint}`
- engine: par-engine {engine}
- entries: {count}; hash of the last one: `{head}`

## Tính lại / Again

1. Cài par-engine {engine}{plugin}: ở thư mục mã nguồn `python3 start.py setup round`, hoặc `pip install` tệp .whl.
   Install par-engine {engine}{plugin}: in its source `python3 start.py setup round`, or `pip install` the wheels.
2. `par round recompute BUNDLE.zip`

## Kiểm tra bằng tay / By hand

- SHA-256 của mỗi tệp trong files/ là tên của nó; của methodology.json là dấu vân tay ở trên.
  The SHA-256 of each file in files/ is its name; that of methodology.json is the fingerprint above.
- SHA-256 của mỗi dòng (không kể dấu xuống dòng) là `previous` của dòng sau; của dòng cuối là mã ở trên.
  The SHA-256 of each line without its line end is `previous` of the next line; that of the last line is the hash above.
- Bản ghi `submit` nêu tệp số liệu gốc (`file`) và dạng chuẩn của nó (`document`); các bản ghi khác cũng vậy.
  An entry names the file as it was handed in (`file`) and its normal form (`document`), from which the figures come.
"""


def export(path: Path, methodology: Methodology) -> bytes:
    """The bundle of a round file: the same bytes whenever the entries are the same."""
    with open_store(path) as store:
        entries = store.entries()
        check_fingerprint(path.name, entries[0].content, methodology)
        names = sorted({name for _, name in files_of(entries)} - {methodology.fingerprint})
        files = {f"files/{name}": store.file(name) for name in names}
        state = replay(entries, store.file)
    parts = {
        "README.md": readme(entries).encode(),
        "entries.jsonl": b"".join(entry.body + b"\n" for entry in entries),
        "methodology.json": methodology.canonical,
        **files,
        **scores(methodology, state),
    }
    return packed(parts)


def readme(entries: Sequence[Entry]) -> str:
    """The page that says what is in the bundle and how to compute it again."""
    first = entries[0].content
    by = f"{first['distribution']} {first['version']}" if first["distribution"] else "methodology.json"
    plugin = f", {first['distribution']} {first['version']}" if first["distribution"] else ""
    return README.format(
        id=first["methodology"],
        distribution=by,
        plugin=plugin,
        fingerprint=first["fingerprint"],
        engine=first["engine"],
        count=len(entries),
        head=entries[-1].hash,
    )


def scores(methodology: Methodology, state: State) -> dict[str, bytes]:
    """The figures of a state as report-1; none while nobody has handed in."""
    if not state.units:
        return {}
    own = by_evidence(methodology, state)
    render = renderer()
    return dict(zip(SCORES, (render(own), render(standing(methodology, state, own))), strict=True))


def renderer() -> Callable[[Assessment], bytes]:
    """What writes report-1."""
    return plugins.renderers()["json"]


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A zip without times, in the order of its names, not compressed: its bytes hang on nothing but its content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, parts[name])
    return out.getvalue()


def with_origin(methodology: Methodology, first: Entry) -> Methodology:
    """A methodology with the name of the distribution that it came from then."""
    return Methodology(methodology.scheme, Origin(first.content["distribution"], first.content["version"]))
