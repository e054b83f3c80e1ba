"""Load: methodologies and plugins from installed distributions, one at a time, every fault with its distribution."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import pluggy

from par_engine import hookspecs
from par_engine.documents import read_folder
from par_engine.errors import DocumentError, PluginError, Problem, did_you_mean, quote

if TYPE_CHECKING:  # listing reads metadata only: what a methodology is made of is imported when one is loaded
    from par_engine.extends import Provided
    from par_engine.result import Origin
    from par_engine.rules.own import Function
    from par_engine.scheme import Scheme


class Listing(NamedTuple):
    """One installed methodology as its distribution's metadata declares it; nothing was imported."""

    id: str
    distribution: str
    version: str


def installed() -> tuple[Listing, ...]:
    """All methodologies that installed distributions declare, sorted by id."""
    return tuple(sorted(_listing(point) for point in _declared(hookspecs.METHODOLOGIES)))


def _declared(group: str) -> EntryPoints:
    """What installed distributions declare in a group. Their files are read again when a folder of the path changes."""
    return _all_declared(tuple((place, _changed(place)) for place in sys.path)).select(group=group)


@lru_cache(1)
def _all_declared(places: tuple[tuple[str, int], ...]) -> EntryPoints:
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
    return Listing(point.name, metadata["Name"], metadata["Version"])


def load(id: str) -> tuple[Scheme, Origin]:
    """The scheme of an installed methodology. Raises PluginError or MethodologyError, naming the distribution."""
    from par_engine.result import Origin

    point = _point(id)
    listing = _listing(point)
    scheme = load_point(point, f"{listing.distribution} {listing.version}")
    return scheme, Origin(listing.distribution, listing.version)


def _point(id: str) -> EntryPoint:
    points = [point for point in _declared(hookspecs.METHODOLOGIES) if point.name == id]
    if not points:
        known = [listing.id for listing in installed()]
        hint = did_you_mean(id, known) or (f"installed are {', '.join(known)}" if known else "no plugin is installed")
        what = f"no methodology {quote(id)} is installed"
        what_vi = f"không có bộ tiêu chí {quote(id)} nào được cài đặt"
        raise PluginError([Problem("par", "", "unknown-methodology", what, hint, "error", what_vi)])
    if len(points) > 1:
        names = " and ".join(sorted(f"{_listing(p).distribution} {_listing(p).version}" for p in points))
        _refuse(id, "two-providers", f"{names} both provide the methodology {id}", "uninstall one of them")
    return points[0]


def load_point(point: EntryPoint, where: str) -> Scheme:
    """The scheme that an entry point provides; `where` names its distribution in messages."""
    return ready(*_offered(point, where), f"{where}: {point.name}")


def ready(document: Mapping[str, Any], functions: Mapping[str, Function] | None, label: str) -> Scheme:
    """A document made ready, with what it takes from installed methodologies by `extends`."""
    from par_engine.scheme import parse

    rules: Mapping[str, Function] = functions or {}
    if "extends" in document:
        from par_engine.extends import resolve

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
        what = f"the entry point is named {point.name}, the document has the id {quote(document.get('id'))}"
        _refuse(where, "other-id", what, "give both the same id")
    return document, functions


def _refuse(where: str, code: str, what: str, hint: str) -> NoReturn:
    raise PluginError([Problem(where, "", code, what, hint)])


def _register(manager: pluggy.PluginManager, point: EntryPoint, where: str) -> None:
    """Import a plugin and hold its hooks to their specifications."""
    try:
        module = point.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001  (whatever a plugin raises becomes one clear problem)
        what = f"cannot be imported: {type(error).__name__}: {error}"
        _refuse(where, "import", what, f"the entry point is {point.value}; reinstall or repair the distribution")
    try:
        manager.register(module, name=where)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        text = " ".join(str(error).split())
        names = ", ".join(name for name in dir(manager.hook) if name.startswith("par_"))
        _refuse(where, "hook", f"breaks the plugin contract: {text}", f"the hooks are {names}")


def _call(where: str, hook: Callable[..., Any], **arguments: Any) -> Any:
    try:
        return hook(**arguments)
    except DocumentError:
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001  (a plugin's fault, reported with its name)
        _refuse(where, "hook-failed", f"a hook failed: {type(error).__name__}: {error}", "repair the distribution")


def _provided(manager: pluggy.PluginManager, id: str, where: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
    answer = _call(where, manager.hook.par_methodology, id=id)
    functions: dict[str, Any] = {}
    for rules in _call(where, manager.hook.par_rules):
        if not isinstance(rules, Mapping) or not all(callable(f) for f in rules.values()):
            _refuse(
                where, "rules", "par_rules does not return functions by name", 'return {"<plugin>.<rule>": function}'
            )
        functions.update(rules)
    if isinstance(answer, Mapping):
        return copy.deepcopy(dict(answer)), functions  # what the plugin does with its own is not in the scheme
    if answer is None or not hasattr(answer, "iterdir"):
        what = f"par_methodology returned {type(answer).__name__} for {id}"
        _refuse(where, "no-methodology", what, "return a folder of the package, or the document")
    return read_folder(answer, f"{where}: {id}"), functions


def plugins() -> pluggy.PluginManager:
    """The manager of readers and renderers: the built-in ones, then those of installed distributions."""
    import par_engine.readers as readers
    import par_engine.report.render as renderers

    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs.PluginSpecs)
    manager.register(readers, name="par-engine readers")
    manager.register(renderers, name="par-engine renderers")
    for point in _declared(hookspecs.PLUGINS):
        listing = _listing(point)
        _register(manager, point, f"{listing.distribution} {listing.version}")
    return manager


def by_name(manager: pluggy.PluginManager, hook: str) -> Mapping[str, Callable[..., Any]]:
    """What all plugins offer by a hook that returns a mapping. Two offers of one name are an error that names both."""
    out: dict[str, Callable[..., Any]] = {}
    owner: dict[str, str] = {}
    for implementation in getattr(manager.hook, hook).get_hookimpls():
        where = str(implementation.plugin_name)
        for name, function in (_call(where, implementation.function) or {}).items():
            if name in out:
                _refuse(
                    "par",
                    "two-providers",
                    f"{owner[name]} and {where} both provide {quote(name)} by {hook}",
                    "uninstall one",
                )
            out[name], owner[name] = function, where
    return out
