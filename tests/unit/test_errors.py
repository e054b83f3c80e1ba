"""Errors and everything public as they cross from one process to another, and as they are printed, in both languages."""

import concurrent.futures
import copy
import multiprocessing
import pickle
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tiny

import par_engine as par
from par_engine.base.problems import ParError, own_problem, printable, problem

RULE = {"name": "choice", "fact": "a", "points": {"true": "1", "false": "0"}}


def town() -> dict[str, Any]:
    return tiny.document([tiny.leaf("1", "1", RULE)], {"a": tiny.BOOLEAN}, "1")


HOSTILE = "\x1b[2J\x00\x9b\u202e\u2028\ud800\r\n"
WAYS: list[Callable[[Any], Any]] = [lambda x: pickle.loads(pickle.dumps(x)), copy.copy, copy.deepcopy]  # noqa: S301
KINDS = [par.ParError, par.DocumentError, par.MethodologyError, par.EvidenceError, par.PluginError]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WAYS)
def test_errors_are_the_same_elsewhere(kind: type[ParError], way: Callable[[Any], Any]) -> None:
    error = kind(
        [
            own_problem("a.json", "/units/0", "code", "what", "hint", "error", "gì", "gợi ý"),
            own_problem("b", "", "c", "d"),
        ]
    )
    error.add_note("a note")
    again = way(error)
    assert type(again) is kind and again.problems == error.problems and str(again) == str(error)
    assert again.__notes__ == ["a note"]


def test_an_error_crosses_a_pool_of_processes() -> None:
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
        (ok, failed) = (pool.submit(tiny.refuse_one, number) for number in (0, 1))
        assert ok.result(timeout=120) == 0
        with pytest.raises(par.EvidenceError, match="evidence /units/0/unit: no unit"):
            failed.result(timeout=120)


@pytest.mark.parametrize("way", WAYS)
def test_everything_public_is_the_same_elsewhere(way: Callable[[Any], Any]) -> None:
    methodology = par.from_document(town())
    assessment = methodology.assess(tiny.evidence({"a": True}, {"a": False}))
    (unit, *_) = assessment.units
    again = way(methodology)
    assert (again.id, again.fingerprint, again.canonical) == (
        methodology.id,
        methodology.fingerprint,
        methodology.canonical,
    )
    assert again.assess(tiny.evidence({"a": True}, {"a": False})).report() == assessment.report()
    assert way(assessment).report() == assessment.report()
    assert way(assessment.evidence).sha256 == assessment.evidence.sha256
    assert way(unit).points == unit.points and way(unit.total) == unit.total
    for value in (
        assessment.explain(unit.id),
        own_problem("a", "", "c", "d"),
        par.Outcome.SCORED,
        par.Listing("a", "b", "1"),
    ):
        assert way(value) == value


def test_nothing_that_steers_a_terminal_is_printed() -> None:
    problem = own_problem(f"a{HOSTILE}.json", f"/units/{HOSTILE}", "code", f"what{HOSTILE}", f"hint{HOSTILE}")
    for text in (problem.text(), problem.text("vi"), problem.where, str(ParError([problem])), repr(problem)):
        assert printable(text) == text and text.isprintable()
    assert all(text.isprintable() and text.encode() for text in problem.as_dict().values())
    assert problem.where == (
        r"a\x1b[2J\x00\x9b\u202e\u2028\ud800\r\n.json /units/\x1b[2J\x00\x9b\u202e\u2028\ud800\r\n"
    )
    explanation = par.Explanation({}, f"vi\n{HOSTILE}", "en")
    assert str(explanation) == "vi\n" + "\\x1b[2J\\x00\\x9b\\u202e\\u2028\\ud800\\r\n"


def test_kinds_of_faults_of_documents_speak_vietnamese() -> None:
    document = town() | {"surplus": 1}
    del document["settings"]
    with pytest.raises(par.MethodologyError) as error:
        par.from_document(document)
    told = [problem.text("vi") for problem in error.value.problems]
    assert any(re.search(r'/settings: thiếu "settings" — không có giá trị mặc định$', text) for text in told), told
    assert any(text.endswith('/surplus: "surplus" không phải là khóa ở đây — xem lại chính tả') for text in told), told


def test_values_of_a_problem_are_kept_apart_from_what_they_were_found_in() -> None:
    names = ["b", "c"]
    found = problem("more", "a.json", more=np.int64(1200))
    assert found.text("en") == "a.json: and 1,200 more problems — mend these first"
    assert found.text("vi") == "a.json: và 1.200 lỗi nữa — hãy sửa các lỗi trên trước"
    listed = problem("unknown-sheet", "a.xlsx", wanted='"x"', known=names, near=())
    names.clear()
    assert listed.hint == "b, c"
    assert pickle.loads(pickle.dumps(listed)) == listed  # noqa: S301
    assert hash(listed) == hash(copy.deepcopy(listed))
