"""A file of the wrong kind: what it is, what is wanted, and what to do."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import tiny

import par_engine as par
from par_engine.base.problems import ParError
from par_engine.files import kinds
from par_engine.results.report_reading import read_report

RULE = {"name": "given", "fact": "points"}
M = par.from_document(tiny.document([tiny.leaf("1", "1", RULE)], {"points": {"type": "decimal", "decimals": 2}}, "1"))
EVIDENCE = {"methodology": "tiny", "stage": "s", "units": [{"unit": "a", "facts": {"points": "1"}}]}
REPORT = M.assess(EVIDENCE).report()


def package(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as into:
        for name, text in parts.items():
            into.writestr(name.replace("__", "/") + ".xml", text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7", "tệp PDF"),
        (b"SQLite format 3\x00", "tệp của một kỳ đánh giá (par round)"),
        (package(word__document=""), "tệp Word"),
        (package(xl__workbook=""), "tệp Excel"),
        (package(xl__workbook="", xl__sharedStrings="<t>par-workbook-1</t>"), "biểu số liệu của par template (Excel)"),
        (package(other=""), "tệp nén"),
        (b"PK\x03\x04 cut", "tệp nén"),
        (json.dumps(EVIDENCE).encode(), "tệp số liệu (JSON)"),
        (json.dumps(REPORT).encode(), "báo cáo chấm điểm (JSON)"),
        (b"{", "tệp JSON khác"),
        (b"a,b\n", "tệp CSV hoặc văn bản"),
        (b"", None),
    ],
)
def test_what_a_file_is(data: bytes, kind: str | None) -> None:
    found = kinds.kind_of(data)
    assert (found and found.get("vi")) == kind


HOW = 'lập bằng "par score SỐ-LIỆU -m ID -o BÁO-CÁO.json" rồi dùng tệp ấy'


@pytest.mark.parametrize(
    ("name", "data", "is_"),
    [
        ("x.csv", b"a,b\n", "tệp CSV hoặc văn bản"),
        ("x.xlsx", package(xl__workbook=""), "tệp Excel"),
        ("e.json", json.dumps(EVIDENCE).encode(), "tệp số liệu (JSON)"),
    ],
)
def test_what_is_no_report(tmp_path: Path, name: str, data: bytes, is_: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ParError) as caught:
        read_report(tmp_path / name)
    assert [p.text("vi") for p in caught.value.problems] == [
        f"{name}: đây là {is_}, không phải báo cáo chấm điểm (JSON) — {HOW}"
    ]


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (
            {**EVIDENCE, "methodology": "other", "units": [{"unit": "a", "facts": {"strange": 1}}], "odd": 1},
            'evidence /methodology: số liệu này thuộc bộ tiêu chí "other", không phải tiny — chọn đúng bộ tiêu chí',
        ),
        (
            REPORT,
            "evidence: đây là báo cáo chấm điểm (JSON), không phải tệp số liệu (JSON)"
            " — chọn tệp đã dùng để chấm điểm; mẫu tệp: par schema evidence -m ID",
        ),
    ],
)
def test_another_document_is_told_alone(document: Any, text: str) -> None:
    with pytest.raises(ParError) as caught:
        M.read(document)
    assert [p.text("vi") for p in caught.value.problems] == [text]
