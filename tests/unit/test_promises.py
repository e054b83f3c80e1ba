"""Promises of the whole: immutable, the same from many threads, light to import, nothing fetched."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import tiny

import par_engine as par

DOC = tiny.document(
    [
        tiny.leaf(
            "1",
            "1.5",
            {
                "name": "ratio",
                "part": "a",
                "whole": "b",
                "floor": "0.8",
                "full_at": "1",
                "over": "cap",
                "whole_zero": "missing",
            },
        ),
        tiny.leaf("2", "1", {"name": "tiny.own", "facts": ["a", "b"]}),
    ],
    {"a": tiny.COUNT, "b": tiny.COUNT},
    "2.5",
)


def own(a: object, b: object, *, maximum: object) -> object:
    return maximum if a == b else 0


def methodology() -> par.Methodology:
    return par.from_document(DOC, {"tiny.own": own})  # type: ignore[dict-item]


def test_eight_threads_give_the_same_bytes() -> None:
    shared = methodology()
    evidence = tiny.evidence(*({"a": i % 7, "b": 1 + i % 5} for i in range(600)))

    def run(_: int) -> str:
        return json.dumps(shared.assess(evidence).report())

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(run, range(16)))) == 1


def test_results_cannot_be_changed() -> None:
    result = methodology().assess(tiny.evidence({"a": 1, "b": 1}))
    arrays = [
        result.scored.points,
        result.scored.outcomes,
        result.sums.points,
        result.sums.attainable,
        result.sums.known,
        result.standing.rank,
        result.evidence.values,
        result.bound.status,
    ]
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            np.asarray(array)[...] = 0
    with pytest.raises(AttributeError):
        result.problems = ()  # type: ignore[misc]


def test_the_order_of_units_and_facts_changes_no_figure() -> None:
    rows = {f"u{i}": {"a": i, "b": 9} for i in range(20)}
    one = methodology().assess(tiny.evidence(**rows))
    two = methodology().assess(tiny.evidence(**{u: dict(reversed(f.items())) for u, f in reversed(rows.items())}))
    assert [(u.id, u.points, u.rank) for u in one.league()] == [(u.id, u.points, u.rank) for u in two.league()]


def test_a_document_that_changes_later_changes_no_methodology() -> None:
    mine = json.loads(json.dumps({**DOC, "items": DOC["items"]}))
    shared = par.from_document(mine, {"tiny.own": own})  # type: ignore[dict-item]
    mine["items"][0]["title"]["vi"] = "khác"
    mine["facts"]["a"]["max"] = "1"
    assert shared.fingerprint == methodology().fingerprint


def test_parts_of_documents_are_made_by_many_threads_at_once() -> None:
    code = """
import sys, threading
from par_engine.methodology.model import Document
from par_engine.base.types import Fact, Text
assert Document.__pydantic_complete__ and not Fact.__pydantic_complete__
sys.setswitchinterval(1e-6)
together, wrong = threading.Barrier(8), []
def make():
    together.wait()
    try:
        Text(vi="a", en="b"), Fact.model_validate({"title": {"vi": "a", "en": "b"}, "type": "count"})
    except Exception as error:
        wrong.append(error)
threads = [threading.Thread(target=make) for _ in range(8)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
print(wrong)
"""
    assert run(code).strip() == "[]"


def run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    ).stdout


def test_importing_the_engine_imports_nothing_heavy() -> None:
    out = run(
        "import par_engine, sys; print([m for m in ('pandas', 'numpy', 'pydantic', 'typer', 'rich', 'par_example') if m in sys.modules])"
    )
    assert out.strip() == "[]"


def test_assessing_does_not_import_pandas() -> None:
    code = f"""
import sys, json, par_engine as par
m = par.from_document(json.loads({json.dumps(json.dumps(DOC | {"items": DOC["items"][:1], "total": DOC["total"] | {"max": "1.5"}, "streams": [DOC["streams"][0] | {"max": "1.5"}]}))}))
m.assess({{"methodology": "tiny", "stage": "s", "units": [{{"unit": "u", "facts": {{"a": 1, "b": 1}}}}]}}).report()
print([m for m in ('pandas', 'pyarrow', 'typer', 'rich', 'jsonschema') if m in sys.modules])
"""
    assert run(code).strip() == "[]"


def test_every_public_name_is_there() -> None:
    for name in par.__all__:
        assert getattr(par, name) is not None
    assert set(par.__all__) == set(dir(par))
    with pytest.raises(AttributeError, match="no attribute 'laod'"):
        par.laod  # type: ignore[attr-defined]  # noqa: B018


def test_half_written_files_do_not_appear(tmp_path: Path) -> None:
    from par_engine.files.atomic import written_whole

    target = tmp_path / "out.json"
    target.write_text("before")
    with pytest.raises(RuntimeError), written_whole(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]
    with pytest.raises(par.DocumentError), written_whole(tmp_path / "no" / "out.json"):
        pass
