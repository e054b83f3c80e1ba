"""Heads: where a report says that it comes from, held against what is installed and the evidence that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from importlib.metadata import version
from typing import Any

from par_engine.api import Methodology
from par_engine.audit.finding import Finding, note
from par_engine.base.decimals import short
from par_engine.base.problems import Problem, Severity, pointer, quote
from par_engine.results.assessment import Assessment


def origins(label: str, report: Mapping[str, Any], methodology: Methodology) -> Iterator[Finding]:
    """The engine, the methodology and its edition, and the points by basis."""
    named = report["methodology"]
    same = named["fingerprint"] == methodology.fingerprint
    if named["id"] != methodology.id:
        yield _pair(label, "/methodology/id", "other-methodology", named["id"], methodology.id)
    if report["evidence"]["methodology"] != named["id"]:
        yield _pair(label, "/evidence/methodology", "other-methodology", report["evidence"]["methodology"], named["id"])
    if not same:
        one, other = (_edition(x) for x in (named, _origin(methodology)))
        texts = (
            f"the report is by another edition of the methodology: {one}; installed is {other}",
            "figures may differ for that reason; they are scored by the installed edition",
            f"báo cáo lập theo bản khác của bộ tiêu chí: {one}; bản đang cài là {other}",
            "các con số có thể khác vì lý do này; việc chấm lại dùng bản đang cài",
        )
        yield note(
            label,
            "/methodology/fingerprint",
            "edition",
            texts,
            "warning",
            reported=named["fingerprint"],
            again=methodology.fingerprint,
        )
    here = _origin(methodology) | {"title": methodology.document.title.model_dump()}
    if named["title"] != here["title"]:
        yield _pair(label, "/methodology/title", "title", named["title"], here["title"], "error" if same else "warning")
    for key in ("distribution", "version"):
        if same and named[key] != here[key] and methodology.distribution is not None:
            yield _pair(label, f"/methodology/{key}", key, named[key], here[key], "warning")
    if report["engine"] != version("par-engine"):
        yield _pair(label, "/engine", "engine", report["engine"], version("par-engine"), "warning")
    for basis, points in methodology.basis().items():
        if Fraction(report["basis"][basis]) != Fraction(short(points)):
            at, mine, theirs = f"/basis/{basis}", report["basis"][basis], short(points)
            if same:
                yield _pair(label, at, "basis", mine, theirs)
            else:
                yield _pair(label, at, "other-basis", mine, theirs, "warning")


def evidence(label: str, report: Mapping[str, Any], assessment: Assessment, *, named: bool) -> Iterator[Finding]:
    """The file, its stage, and what it contradicts itself in. `named`: whether the evidence names its stage itself."""
    said, here = report["evidence"], assessment.evidence
    if said["sha256"] != here.sha256:
        mine, theirs = said["sha256"], here.sha256
        texts = (
            f"this is not the evidence file of the report: SHA-256 {theirs[:12]}…, the report names {mine[:12]}…",
            "figures may differ for that reason; ask for the file itself",
            f"đây không phải tệp số liệu của báo cáo: SHA-256 {theirs[:12]}…, báo cáo ghi {mine[:12]}…",
            "các con số có thể khác vì lý do này; hãy xin đúng tệp đó",
        )
        yield note(
            label, "/evidence/sha256", "other-evidence", texts, "warning", reported=said["sha256"], again=here.sha256
        )
    if said["stage"] != here.stage:
        severity: Severity = "error" if named else "warning"
        yield _pair(label, "/evidence/stage", "stage", said["stage"], here.stage, severity)
    yield from _problems(label, report, assessment.problems)


def _problems(label: str, report: Mapping[str, Any], again: Sequence[Problem]) -> Iterator[Finding]:
    """What the report says that its evidence contradicts itself in; an older engine may have said it in other words."""
    left, rest = list(again), []
    for i, said in enumerate(report["problems"]):
        same = next((x for x in left if _alike(said, x) and _texts(said) == _texts(x.as_dict())), None)
        if same is None:
            rest.append((pointer("problems", i), said))
        else:
            left.remove(same)
    severity: Severity = "error" if report["engine"] == version("par-engine") else "warning"
    for at, said in rest:
        like = next((x for x in left if _alike(said, x)), None)
        if like is None:
            yield _said(label, at, _UNFOUND, said, reported=said["what"])
        else:
            left.remove(like)
            values = {"reported": said["what"], "again": like.what}
            yield _said(label, at, _OTHERWISE, like.as_dict(), severity, **values)
    for problem in left:
        yield _said(label, "/problems", _UNSAID, problem.as_dict(), again=problem.what)


_UNFOUND = ("scoring again does not find this problem", "chấm lại không thấy vấn đề này")
_OTHERWISE = ("scoring again words this problem otherwise", "chấm lại nêu vấn đề này bằng lời khác")
_UNSAID = ("the report does not say", "báo cáo không nêu")


def _said(
    label: str, at: str, words: tuple[str, str], problem: Mapping[str, str], severity: Severity = "error", **values: Any
) -> Finding:
    texts = (
        f"{words[0]}: {quote(problem['what'], 200)}",
        "compare it with what `par validate` says",
        f"{words[1]}: {quote(problem['what_vi'], 200)}",
        "đối chiếu với kết quả của `par validate`",
    )
    return note(label, at, "problems", texts, severity, **values)


def _alike(said: Mapping[str, str], problem: Problem) -> bool:
    """Whether both are about one thing at one place of the evidence, whose file may have another name today."""
    return said["code"] == problem.code and said["where"].endswith(problem.pointer)


def _texts(problem: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(problem[key] for key in ("severity", "what", "hint", "what_vi", "hint_vi"))


def _origin(methodology: Methodology) -> dict[str, Any]:
    return {
        "fingerprint": methodology.fingerprint,
        "distribution": methodology.distribution,
        "version": methodology.version,
    }


def _edition(named: Mapping[str, Any]) -> str:
    package = f"{named['distribution']} {named['version']}, " if named["distribution"] else ""
    return f"{package}{named['fingerprint'][:12]}"


_KEYS = {
    "other-methodology": (
        ("methodology", "name the one of the report with -m"),
        ("bộ tiêu chí", "chỉ đúng bộ tiêu chí của báo cáo bằng -m"),
    ),
    "title": (("title", "the title was changed"), ("tên bộ tiêu chí", "tên đã bị sửa")),
    "distribution": (("package", "the methodology in it is the same"), ("gói", "bộ tiêu chí trong đó vẫn là một")),
    "version": (
        ("version of the package", "the methodology in it is the same"),
        ("phiên bản gói", "bộ tiêu chí trong đó vẫn là một"),
    ),
    "engine": (
        ("version of the engine", "figures do not depend on it, wording may"),
        ("phiên bản par-engine", "con số không phụ thuộc điều này, câu chữ thì có thể"),
    ),
    "basis": (("points of this basis", "the number was changed"), ("số điểm theo căn cứ", "con số đã bị sửa")),
    "other-basis": (
        ("points of this basis", "the other edition has its own"),
        ("số điểm theo căn cứ", "bản kia của bộ tiêu chí có số riêng"),
    ),
    "stage": (
        ("stage", "a table that does not name its stage takes it by --stage"),
        ("giai đoạn", "bảng không tự ghi giai đoạn thì nêu bằng --stage"),
    ),
}


def _pair(label: str, at: str, code: str, mine: Any, other: Any, severity: Severity = "error") -> Finding:
    (en, hint), (vi, hint_vi) = _KEYS[code]
    one, two = (quote(x["en"]) if isinstance(x, dict) else quote(x) for x in (mine, other))
    one_vi, two_vi = (quote(x["vi"]) if isinstance(x, dict) else quote(x) for x in (mine, other))
    if code.endswith("basis"):
        one_vi, two_vi = (x.replace(".", ",") for x in (one_vi, two_vi))
    texts = (
        f"{en}: {one} in the report, {two} here",
        hint,
        f"{vi}: báo cáo ghi {one_vi}, ở đây là {two_vi}",
        hint_vi,
    )
    return note(label, at, code, texts, severity, reported=mine, again=other)
