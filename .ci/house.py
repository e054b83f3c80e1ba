"""The house in numbers: rooms, floors, arrows, files. Fails where they go beyond what CONTRIBUTING.md allows.

A room is a package of par_engine, or a module at its root; an arrow goes from one room to another that it imports,
also inside functions; a floor is one more than the highest that a room stands on.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1] / "par_engine"
MOST = {
    "rooms": 30,
    "floors": 15,
    "arrows": 180,
    "files at the root": 8,
    "lines of a file": 500,
    "median of lines": 150,
}


def imported(path: Path) -> Iterator[str]:
    """The modules of the engine that a file imports, but for those that only type checkers read."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    unread = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in unread:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module + "." + name.name for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def room(module: str) -> str | None:
    """The room that a module of the engine is in; None for what is none."""
    parts = module.split(".")
    if parts[0] != "par_engine" or len(parts) < 2:
        return None
    here = ROOT / parts[1]
    return parts[1] if here.is_dir() or here.with_suffix(".py").is_file() else None


def arrows() -> dict[str, set[str]]:
    """Each room with those that it imports."""
    out: dict[str, set[str]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        inside = path.relative_to(ROOT).parts
        here = inside[0].removesuffix(".py")
        if here == "__init__":
            continue
        others = {there for module in imported(path) if (there := room(module)) not in (None, here)}
        out.setdefault(here, set()).update(other for other in others if other)
    return out


def floors(edges: dict[str, set[str]]) -> dict[str, int]:
    """The floor of each room, the lowest 1. Raises ValueError for a circle."""
    out: dict[str, int] = {}

    def floor(name: str, above: tuple[str, ...] = ()) -> int:
        if name in above:
            raise ValueError(" -> ".join([*above[above.index(name) :], name]))
        if name not in out:
            out[name] = 1 + max((floor(other, (*above, name)) for other in edges.get(name, ())), default=0)
        return out[name]

    for name in edges:
        floor(name)
    return out


def main() -> int:
    """Print the numbers; 1 when one is beyond its bound."""
    edges = arrows()
    try:
        heights = floors(edges)
    except ValueError as circle:
        print(f"a circle: {circle}")
        return 1
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in ROOT.rglob("*.py")}
    found = {
        "rooms": len(edges),
        "floors": max(heights.values()),
        "arrows": sum(map(len, edges.values())),
        "files at the root": sum(path.is_file() for path in ROOT.iterdir()),
        "lines of a file": max(lines.values()),
        "median of lines": int(median(lines.values())),
    }
    for name, number in found.items():
        print(f"{name}: {number} of {MOST[name]}")
    print(f"lines: {sum(lines.values())} in {len(lines)} files")
    return int(any(number > MOST[name] for name, number in found.items()))


if __name__ == "__main__":
    sys.exit(main())
