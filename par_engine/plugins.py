"""Load: methodologies and plugins from installed distributions, one at a time, every fault with its distribution."""

from __future__ import annotations

import contextlib
import copy
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import pluggy

from par_engine import hookspecs
from par_engine.base.problems import DocumentError, PluginError, Problem, nearest, problem, quote
from par_engine.files.documents import read_folder

if TYPE_CHECKING:  # listing reads metadata only: what a methodology is made of is imported when one is loaded
    from par_engine.methodology.extends import Provided
    from par_engine.methodology.scheme import Scheme
    from par_engine.results.assessment import Origin
    from par_engine.rules.own import Function


class Listing(NamedTuple):
    """One installed methodology as its distribution's metadata declares it; nothing was imported."""

    id: str
    distribution: str
    version: str


def installed() -> tuple[Listing, ...]:
    """All methodologies that installed distributions declare, sorted by id."""
    return tuple(sorted(_listing(point) for point in _declared(hookspecs.METHODOLOGIES)))


def _declared(group: str) -> tuple[EntryPoint, ...]:
    """What installed distributions declare in a group. Their files are read again when a folder of the path changes."""
    return _all_declared(group, tuple((place, _changed(place)) for place in sys.path))


@lru_cache(4)
def _all_declared(group: str, places: tuple[tuple[str, int], ...]) -> tuple[EntryPoint, ...]:
    """Without what pip left over of a distribution, in folders that begin with ~, and one module of one only once."""
    found: dict[tuple[str, str], list[EntryPoint]] = {}
    for point in _every(places).select(group=group):
        if not str(getattr(getattr(point.dist, "_path", ""), "name", "")).startswith("~"):
            found.setdefault((point.name, point.value), []).append(point)
    return tuple(point for alike in found.values() for point in (alike if len(alike) == 1 else _first(alike)))


def _first(points: list[EntryPoint]) -> list[EntryPoint]:
    """Of each distribution only the entry that stands first on the path, which is the one that is imported."""
    return list({re.sub("[-_.]+", "-", _listing(p).distribution).lower(): p for p in reversed(points)}.values())[::-1]


@lru_cache(1)
def _every(places: tuple[tuple[str, int], ...]) -> EntryPoints:
    every: Any = entry_points()  # of another type, with the same method, before Python 3.12
    return every  # type: ignore[no-any-return]


def _changed(place: str) -> int:
    try:
        return Path(place).stat().st_mtime_ns
    except OSError:
        return 0


def _listing(point: EntryPoint) -> Listing:
    distribution = point.dist
    if distribution is None:
        return Listing(point.name, "unknown", "0")
    metadata = distribution.metadata  # read once: each of its properties would read it again
    return Listing(point.name, metadata["Name"] or "unknown", metadata["Version"] or "0")


def load(id: str) -> tuple[Scheme, Origin]:
    """The scheme of an installed methodology. Raises PluginError or MethodologyError, naming the distribution."""
    from par_engine.results.assessment import Origin

    point = _point(id)
    listing = _listing(point)
    scheme = load_point(point, f"{listing.distribution} {listing.version}")
    return scheme, Origin(listing.distribution, listing.version)


def _point(id: str) -> EntryPoint:
    points = [point for point in _declared(hookspecs.METHODOLOGIES) if point.name == id]
    if not points:
        known = [listing.id for listing in installed()]
        near, entry = nearest(id, known), "unknown-methodology.others" if known else "unknown-methodology.none"
        raise PluginError([problem(entry, "par", id=quote(id), known=known, near=near)])
    if len(points) > 1:
        names = sorted(f"{_listing(p).distribution} {_listing(p).version}" for p in points)
        _refuse("two-providers.methodology", id, names=names, id=id)
    return points[0]


def load_point(point: EntryPoint, where: str) -> Scheme:
    """The scheme that an entry point provides; `where` names its distribution in messages."""
    return ready(*_offered(point, where), f"{where}: {point.name}")


def ready(document: Mapping[str, Any], functions: Mapping[str, Function] | None, label: str) -> Scheme:
    """A document made ready, with what it takes from installed methodologies by `extends`."""
    from par_engine.methodology.scheme import parse

    rules: Mapping[str, Function] = functions or {}
    if "extends" in document:
        from par_engine.methodology.extends import resolve

        document, rules = resolve((document, rules), label, _installed)
    return parse(document, label, rules)


def _installed(id: str) -> Provided:
    point = _point(id)
    listing = _listing(point)
    return _offered(point, f"{listing.distribution} {listing.version}")


def _offered(point: EntryPoint, where: str) -> Provided:
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs.MethodologySpecs)
    _register(manager, point, where)
    document, functions = _provided(manager, point.name, where)
    if document.get("id") != point.name:
        _refuse("other-id", where, name=point.name, id=quote(document.get("id")))
    return document, functions


def _refuse(entry: str, where: str, /, **values: Any) -> NoReturn:
    raise PluginError([problem(entry, where, **values)])


_GUARD = threading.RLock()


@contextlib.contextmanager
def _guarded() -> Iterator[None]:
    """What a plugin prints goes to standard error, where no program reads results, and its end is not ours."""
    mine, ends = (os.getpid(), threading.get_ident()), os._exit

    def stopped(status: int) -> NoReturn:
        if (os.getpid(), threading.get_ident()) != mine:
            ends(status)
        raise SystemExit(status)

    with _GUARD, contextlib.redirect_stdout(sys.stderr):
        os._exit = stopped
        try:
            yield
        finally:
            os._exit = ends


def _register(manager: pluggy.PluginManager, point: EntryPoint, where: str) -> None:
    """Import a plugin and hold its hooks to their specifications."""
    try:
        with _guarded():
            module = point.load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  (whatever a plugin raises becomes one clear problem)
        _refuse("import.failed", where, said=f"{type(error).__name__}: {error}", value=point.value)
    try:
        manager.register(module, name=where)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        hooks = [name for name in dir(manager.hook) if name.startswith("par_")]
        _refuse("hook", where, said=" ".join(str(error).split()), hooks=hooks)


def _call(where: str, hook: Callable[..., Any], **arguments: Any) -> Any:
    try:
        with _guarded():
            return hook(**arguments)
    except (DocumentError, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001  (a plugin's fault, reported with its name)
        _refuse("hook-failed", where, said=f"{type(error).__name__}: {error}")


def _provided(manager: pluggy.PluginManager, id: str, where: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
    answer = _call(where, manager.hook.par_methodology, id=id)
    functions: dict[str, Any] = {}
    for rules in _call(where, manager.hook.par_rules):
        if not isinstance(rules, Mapping) or not all(callable(f) for f in rules.values()):
            _refuse("rules", where)
        functions.update(rules)
    if isinstance(answer, Mapping):
        return copy.deepcopy(dict(answer)), functions  # what the plugin does with its own is not in the scheme
    if answer is None or not hasattr(answer, "iterdir"):
        _refuse("no-methodology", where, kind=type(answer).__name__, id=id)
    return read_folder(answer, f"{where}: {id}"), functions


class Offers(Mapping[str, Callable[..., Any]]):
    """What is offered by a hook that returns a mapping: readers by ending, renderers by name.

    The engine's own come first. Other distributions are imported only for a name that it does not have, and one that
    is broken is in nobody's way: `broken` says what is wrong with it. Two offers of one name are an error.
    """

    def __init__(self, hook: str) -> None:
        self._hook = hook

    def __getitem__(self, name: str) -> Callable[..., Any]:
        if name in self._own:
            return self._own[name]
        found = [(where, functions[name]) for where, functions in self._others[0] if name in functions]
        if len(found) > 1:
            names = sorted(where for where, _ in found)
            _refuse("two-providers.hook", "par", names=names, name=quote(name), hook=self._hook)
        if not found:
            raise KeyError(name)
        return found[0][1]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._own, *(name for _, functions in self._others[0] for name in functions)]))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def broken(self) -> tuple[Problem, ...]:
        """What is wrong with distributions that might have offered something."""
        return self._others[1]

    @cached_property
    def _own(self) -> dict[str, Callable[..., Any]]:
        import par_engine.evidence.readers as readers
        import par_engine.results.renderers as renderers

        manager = pluggy.PluginManager(hookspecs.PROJECT)
        manager.add_hookspecs(hookspecs.PluginSpecs)
        manager.register(readers, name="par-engine readers")
        manager.register(renderers, name="par-engine renderers")
        for point in _declared(hookspecs.PLUGINS):
            if _listing(point).distribution == "par-engine":
                _register(manager, point, point.value)
        return {name: f for _, functions in self._asked(manager) for name, f in functions.items()}

    @cached_property
    def _others(self) -> tuple[list[tuple[str, Mapping[str, Callable[..., Any]]]], tuple[Problem, ...]]:
        found: list[tuple[str, Mapping[str, Callable[..., Any]]]] = []
        broken: list[Problem] = []
        for point in _declared(hookspecs.PLUGINS):
            listing = _listing(point)
            if listing.distribution == "par-engine":
                continue
            manager = pluggy.PluginManager(hookspecs.PROJECT)
            manager.add_hookspecs(hookspecs.PluginSpecs)
            try:
                _register(manager, point, f"{listing.distribution} {listing.version}")
                found += self._asked(manager)
            except PluginError as error:
                broken += error.problems
        return found, tuple(broken)

    def _asked(self, manager: pluggy.PluginManager) -> list[tuple[str, Mapping[str, Callable[..., Any]]]]:
        out = []
        for implementation in getattr(manager.hook, self._hook).get_hookimpls():
            where = str(implementation.plugin_name)
            functions = _call(where, implementation.function) or {}
            if not isinstance(functions, Mapping) or not all(callable(f) for f in functions.values()):
                _refuse("offers", where, hook=self._hook)
            out.append((where, functions))
        return out


def readers() -> Offers:
    """Evidence readers by ending."""
    return Offers("par_readers")


def renderers() -> Offers:
    """Renderers by the name of the format."""
    return Offers("par_renderers")
