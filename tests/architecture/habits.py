"""Habits of the house that neither ruff nor import-linter sees. Each function returns one line per fault."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from typing import TypeGuard

from tests.architecture.sources import ROOT, Source, contexts

BUDGETS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["yuanxin"]["budgets"]
PERSONAL = {
    "address", "address_text", "birthday", "caller_number", "contact", "customer_name", "email", "id_number",
    "id_card", "message", "mobile", "name", "note", "phone", "remark", "text", "title",
}  # fmt: skip
WALL_CLOCKS = {"timezone.now", "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "now"}
LONG_STEP = 28  # days
PERSONAL_ENDINGS = ("_name", "_phone", "_text", "_note", "_email")
CONTEXTS = frozenset(contexts())
_TABLE_IN_SQL = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE|TABLE|USING)\s+"?([a-z]+)_(\w+)')
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def long_file(source: Source) -> list[str]:
    """A file has at most 500 lines, a test file 800; what Django generates may be longer."""
    if source.is_migration:
        return []
    limit = BUDGETS["test_file_lines" if source.is_test else "file_lines"]
    return [f"{source.path}: {source.lines} lines, at most {limit}"] if source.lines > limit else []


def long_function(source: Source) -> list[str]:
    """A function has at most 60 lines, a view 30."""
    is_view = source.context == "web" and not source.is_test and "views" in (source.parts[-1][:-3], source.parts[-2])
    limit = BUDGETS["view_lines" if is_view else "function_lines"]
    found = []
    for node in _functions(ast.parse(source.text)):
        start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        length = (node.end_lineno or node.lineno) - start + 1
        if length > limit:
            found.append(f"{source.path}:{node.lineno}: {node.name} has {length} lines, at most {limit}")
    return found


def import_inside_function(source: Source) -> list[str]:
    """Imports stand at the top, except in ``ready`` of ``apps.py``, which Django calls when models are loaded."""
    found = []
    for node in _functions(ast.parse(source.text)):
        if source.parts[-1] == "apps.py" and node.name == "ready":
            continue
        found += [
            f"{source.path}:{inner.lineno}: import inside {node.name}"
            for inner in ast.walk(node)
            if isinstance(inner, ast.Import | ast.ImportFrom)
        ]
    return found


def foreign_model(source: Source) -> list[str]:
    """Nobody fetches another context's model by name, except a migration and the kernel's operations for it."""
    if source.is_migration or source.context in {"", "kernel"}:
        return []
    found = []
    for node in ast.walk(ast.parse(source.text)):
        if isinstance(node, ast.Call) and _called(node) == "get_model" and node.args:
            first = node.args[0]
            label = str(first.value).split(".")[0] if isinstance(first, ast.Constant) else "?"
            if label.lower() != source.context:
                found.append(f"{source.path}:{node.lineno}: get_model of {label}: use its api")
    return found


def hidden_effect(source: Source) -> list[str]:
    """A model saves and deletes as Django does: no side effect hides in an override, and there are no signals."""
    if not source.context or source.is_migration or source.is_test:
        return []
    if "models" not in (source.parts[-1][:-3], source.parts[-2]):
        return []
    return [
        f"{source.path}:{inner.lineno}: {node.name}.{inner.name} overrides Django's"
        for node in ast.walk(ast.parse(source.text))
        if isinstance(node, ast.ClassDef)
        for inner in node.body
        if isinstance(inner, _Function) and inner.name in {"save", "delete", "asave", "adelete"}
    ]


def personal_fact(source: Source) -> list[str]:
    """A fact carries ids, codes, instants and amounts: no name, phone, address, identity number or free text."""
    if source.context != "published":
        return []
    return [
        f"{source.path}:{inner.lineno}: {node.name}.{inner.target.id} could carry personal data or free text"
        for node in ast.walk(ast.parse(source.text))
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Fact") for base in node.bases)
        for inner in node.body
        if isinstance(inner, ast.AnnAssign)
        and isinstance(inner.target, ast.Name)
        and (inner.target.id in PERSONAL or inner.target.id.endswith(PERSONAL_ENDINGS))
    ]


def constant_duration(source: Source) -> list[str]:
    """A duration of the trade lives in a rulebook: ``timedelta(hours=48)`` in a context is a hidden promise.

    One unit (a day, an hour, a minute, a second) is arithmetic, and so is a step of 28 days or more into another month.
    """
    if source.is_test or source.is_migration or source.context in {"", "kernel", "web", "simulation", "config"}:
        return []
    return [
        f"{source.path}:{node.lineno}: a duration of bare numbers belongs into a rulebook"
        for node in ast.walk(ast.parse(source.text))
        if isinstance(node, ast.Call) and _called(node) == "timedelta" and _is_promise(node)
    ]


def foreign_table(source: Source) -> list[str]:
    """SQL names tables of its own context; of another one only its exported views."""
    if source.is_migration or source.is_test or source.context not in CONTEXTS:
        return []
    return [
        f"{source.path}:{node.lineno}: SQL names {label}_{table}: use its api or an exported view"
        for node in ast.walk(ast.parse(source.text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for label, table in _TABLE_IN_SQL.findall(node.value)
        if label in CONTEXTS - {source.context} and not table.startswith("export_")
    ]


def wall_time(source: Source) -> list[str]:
    """Time is an argument: a context never asks the machine, whose clock is not the domain's."""
    if source.is_test or source.is_migration or source.context not in CONTEXTS:
        return []
    return [
        f"{source.path}:{node.lineno}: asks the machine for the time; take `at`"
        for node in ast.walk(ast.parse(source.text))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in WALL_CLOCKS
    ]


def silent_admin(source: Source) -> list[str]:
    """The admin writes as everybody does: its ``save_model`` calls an action, so that permission and audit hold."""
    if source.parts[-1] != "admin.py" or not source.context:
        return []
    tree = ast.parse(source.text)
    shared = {node.name for node in tree.body if isinstance(node, ast.ClassDef) and _defines(node, "save_model")}
    return [
        f"{source.path}:{node.lineno}: {node.name} saves past the actions: write save_model, or forbid changes"
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).endswith("ModelAdmin") for base in node.bases)
        and not _defines(node, "save_model")
        and not {"has_add_permission", "has_change_permission"} <= {item.name for item in node.body if _is_method(item)}
        and not {ast.unparse(base) for base in node.bases} & shared
    ]


def _is_method(item: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    return isinstance(item, ast.FunctionDef)


def _defines(node: ast.ClassDef, name: str) -> bool:
    return any(_is_method(item) and item.name == name for item in node.body)


def _is_promise(call: ast.Call) -> bool:
    given = [("days", value) for value in call.args] + [(word.arg, word.value) for word in call.keywords]
    numbers = [
        (unit, value.value)
        for unit, value in given
        if isinstance(value, ast.Constant) and isinstance(value.value, int | float)
    ]
    steps = [
        number for unit, number in numbers if number not in {0, 1} and not (unit == "days" and number >= LONG_STEP)
    ]
    return bool(given) and len(numbers) == len(given) and bool(steps)


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _functions(tree: ast.Module) -> Iterator[_Function]:
    for node in ast.walk(tree):
        if isinstance(node, _Function):
            yield node


HABITS: tuple[Callable[[Source], list[str]], ...] = (
    long_file,
    long_function,
    import_inside_function,
    foreign_model,
    hidden_effect,
    personal_fact,
    constant_duration,
    foreign_table,
    wall_time,
    silent_admin,
)
