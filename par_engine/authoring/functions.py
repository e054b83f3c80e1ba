"""Own rules copied as source: a function, what it calls in its module, and the imports that both need."""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
import types
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from par_engine.base.problems import DocumentError, own_problem, quote


def source_of(functions: Mapping[str, Callable[..., Any]]) -> tuple[list[str], list[str]]:
    """Import lines, and the texts of all definitions that the functions need, each once.

    Raises DocumentError for a function without readable source, or one that uses a value that cannot be written down.
    """
    imports: set[str] = set()
    bodies: dict[str, str] = {}
    for name, function in functions.items():
        _definition(name, function, imports, bodies)
    return sorted(imports), list(bodies.values())


def _definition(rule: str, function: Any, imports: set[str], bodies: dict[str, str]) -> None:
    name = getattr(function, "__name__", "")
    if name in bodies:
        return
    try:
        text = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        shown = quote(name or repr(function))
        _refuse(rule, f"the source of {shown} cannot be read", f"không đọc được mã nguồn của {shown}")
    tree = ast.parse(text)
    if not isinstance(tree.body[0], (ast.FunctionDef, ast.ClassDef)) or getattr(function, "__closure__", None):
        _refuse(rule, f"{quote(name)} is not a plain function", f"{quote(name)} không phải là hàm thường")
    values = vars(inspect.getmodule(function)) if inspect.getmodule(function) else {}
    needed = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    for used in sorted(needed - {name}):
        if used in values:
            _value(rule, used, values[used], str(function.__module__), imports, bodies)
        elif not hasattr(builtins, used) and used not in _bound(tree):
            what, vi = (
                f"{quote(name)} uses {quote(used)}, which is not there",
                f"{quote(name)} dùng {quote(used)}, không có",
            )
            _refuse(rule, what, vi)
    bodies[name] = text


def _bound(tree: ast.AST) -> set[str]:
    stored = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return stored | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}


def _value(rule: str, used: str, value: Any, home: str, imports: set[str], bodies: dict[str, str]) -> None:
    if isinstance(value, types.ModuleType):
        imports.add(f"import {value.__name__}" + (f" as {used}" if value.__name__ != used else ""))
    elif getattr(value, "__module__", None) == home and callable(value):
        _definition(rule, value, imports, bodies)
    elif isinstance(value, Fraction):
        imports.add("from fractions import Fraction")
        bodies[used] = f"{used} = {value!r}\n"
    elif isinstance(value, (int, str, tuple, frozenset, type(None))) and ast.literal_eval(repr(value)) == value:
        bodies[used] = f"{used} = {value!r}\n"
    elif hasattr(value, "__qualname__") and "." not in value.__qualname__:
        imports.add(f"from {value.__module__} import {value.__qualname__}")
    else:
        vi = f"quy tắc dùng {quote(used)}, một giá trị không ghi lại thành mã được"
        _refuse(rule, f"it uses {quote(used)}, a value that cannot be written down", vi)


def _refuse(rule: str, what: str, vi: str) -> Any:
    hint, hint_vi = "copy this rule by hand into the new plugin", "hãy tự chép quy tắc này sang gói mới"
    raise DocumentError([own_problem(rule, "", "own-rule", what, hint, "error", vi, hint_vi)])
