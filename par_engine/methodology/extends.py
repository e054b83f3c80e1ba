"""Extends: a methodology that takes what it does not say itself from an older one, pinned by its fingerprint."""

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, NoReturn

from pydantic import Field, StringConstraints, ValidationError

from par_engine.base.problems import (
    MethodologyError,
    Problem,
    nearest,
    own_problem,
    pointer,
    problem,
    quote,
)
from par_engine.base.types import Code, Node, Slug, Whole
from par_engine.files.documents import canonical, sha256
from par_engine.i18n.foreign_messages import fault_vi
from par_engine.rules.own import Function

Provided = tuple[Mapping[str, Any], Mapping[str, Function]]
"""A methodology as a plugin provides it: its document, not resolved, and its own rules."""


class Added(Node):
    """A new item and the item after which it stands."""

    after: Code
    item: dict[str, Any]


class Extends(Whole):
    """The older methodology, and the differences that are not whole top-level keys.

    `change` patches items by code: keys replace, objects are patched in turn, null takes a key away, and null for an
    item takes the item away.
    """

    id: Slug
    fingerprint: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    change: dict[Code, dict[str, Any] | None] = Field(default_factory=dict)
    add: list[Added] = Field(default_factory=list)


_BY_KEY = ("sources", "rulings", "owners", "surveys", "facts")


def resolve(given: Provided, label: str, base_of: Callable[[str], Provided]) -> Provided:
    """The whole document and all own rules of a methodology that may extend another, which may extend another.

    Keys that the document says itself replace the older ones; of sources, rulings, owners, surveys and facts it
    replaces single entries. What the older one brought and nothing uses after the changes is left out. Raises
    MethodologyError when the older one is not the pinned one, or a difference has nothing to change.
    """
    return _resolve(given, label, base_of, ())


def _resolve(given: Provided, label: str, base_of: Callable[[str], Provided], seen: tuple[str, ...]) -> Provided:
    document, functions = given
    if "extends" not in document:
        return given
    try:
        extends = Extends.model_validate(document["extends"])
    except ValidationError as error:
        hint, hint_vi = "see schema methodology-part-1", "xem schema methodology-part-1"
        raise MethodologyError(
            own_problem(
                label,
                pointer("extends", *fault["loc"]),
                "extends",
                fault["msg"],
                hint,
                "error",
                fault_vi(fault["type"], fault["msg"]),
                hint_vi,
            )
            for fault in error.errors()
        ) from None
    if extends.id in seen or extends.id == document.get("id"):
        vi, hint_vi = f"{extends.id} dựa vào chính nó", "ghi một bộ tiêu chí cũ hơn"
        _refuse(label, "/extends/id", f"{extends.id} extends itself", "name an older methodology", vi, hint_vi)
    older, inherited = _resolve(base_of(extends.id), extends.id, base_of, (*seen, str(document.get("id"))))
    now = sha256(canonical({key: value for key, value in older.items() if key != "$schema"}))
    if now != extends.fingerprint:
        what = f"{extends.id} has the fingerprint {now}, not the pinned {extends.fingerprint}"
        vi, hint_vi = f"{extends.id} đã thay đổi so với dấu vân tay đã ghi", "xem bằng par diff rồi ghi lại dấu vân tay"
        hint = "see by par diff what it means for this one, then pin it"
        _refuse(label, "/extends/fingerprint", what, hint, vi, hint_vi)
    out = copy.deepcopy({key: value for key, value in older.items() if key != "$schema"})
    if not _sound(out):
        what, vi = f"{extends.id} is itself not a methodology", f"bản thân {extends.id} không phải là bộ tiêu chí"
        _refuse(label, "/extends/id", what, f"par check {extends.id}", vi, f"par check {extends.id}")
    problems = _change(out, extends, label)
    for key, value in document.items():
        if key in _BY_KEY and isinstance(value, dict) and isinstance(out.get(key), dict):
            out[key] = {**out[key], **value}
        elif key not in ("$schema", "extends"):
            out[key] = value
    if problems:
        raise MethodologyError(problems)
    for key in reversed(_BY_KEY):  # facts first: a survey may be left without one, and a source without a survey
        if not isinstance(out.get(key), dict) or not isinstance(mine := document.get(key, {}), dict):
            continue  # refused when the whole is parsed
        used = {word for part in out if part != key for word in _words(out[part])}
        out[key] = {name: entry for name, entry in out[key].items() if name in mine or name in used}
    return out, {**inherited, **functions}


def _sound(document: Mapping[str, Any]) -> bool:
    """Whether a document has the shape that differences can be applied to."""
    items = document.get("items")
    return isinstance(items, list) and all(
        isinstance(item, dict) and isinstance(item.get("code"), str) for item in items
    )


def _change(out: dict[str, Any], extends: Extends, label: str) -> list[Problem]:
    items: list[dict[str, Any]] = list(out["items"])
    problems = []

    def place(code: str) -> int | None:
        return next((i for i, item in enumerate(items) if item["code"] == code), None)

    def unknown(code: str, *at: str | int) -> Problem:
        return problem(
            "unknown-item",
            label,
            pointer("extends", *at),
            id=extends.id,
            code=quote(code),
            near=nearest(code, [item["code"] for item in items]),
        )

    for code, patch in extends.change.items():
        i = place(code)
        if i is None:
            problems.append(unknown(code, "change", code))
        elif patch is None:
            del items[i]
        else:
            items[i] = _patched(items[i], patch)
    for n, added in enumerate(extends.add):
        i = place(added.after)
        if i is None:
            problems.append(unknown(added.after, "add", n, "after"))
        else:
            items.insert(i + 1, dict(added.item))
    out["items"] = items
    return problems


def _patched(old: Any, patch: Any) -> Any:
    """A merge patch (RFC 7386) of plain values."""
    if not isinstance(patch, Mapping):
        return patch
    out = dict(old) if isinstance(old, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = _patched(out.get(key), value)
    return out


def _words(value: Any) -> Iterator[str]:
    """All texts of a value, keys among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (Mapping, list)):
        yield from (key for key in value if isinstance(key, str))
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _words(inner)


def _refuse(label: str, at: str, what: str, hint: str, vi: str, hint_vi: str) -> NoReturn:
    raise MethodologyError([own_problem(label, at, "extends", what, hint, "error", vi, hint_vi)])
