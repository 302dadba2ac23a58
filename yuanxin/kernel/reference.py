"""The reference tables of docs/ (facts, reactions, settings, commands, invariants, sweeps), read off the code."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

from django.apps import apps
from django.core.management import find_commands, load_command_class

from yuanxin.kernel import commands, outbox, ticks, verify
from yuanxin.kernel.fact import Fact

ROOT = Path(__file__).resolve().parents[2]
_MADE = "<!-- made by ./run manage docs; do not edit -->\n"


def pages() -> dict[Path, str]:
    """Return every generated page with its path below the checkout."""
    _open_every_door()
    return {
        Path("docs/reactions.md"): _page("Who reacts to what", _reactions_intro(), _reactions()),
        Path("docs/reference/facts.md"): _page("Facts", "Told in a transaction, never changed.", _facts()),
        Path("docs/reference/settings.md"): _page("Settings", "Environment first, then these defaults.", _settings()),
        Path("docs/reference/commands.md"): _page("Management commands", "Run with `./run manage NAME`.", _manage()),
        Path("docs/reference/actions.md"): _page(
            "Actions and permissions", "Every write; the code is also the permission that a role needs.", _actions()
        ),
        Path("docs/reference/invariants.md"): _page("Invariants", "What `./run manage verify` asks.", _invariants()),
        Path("docs/glossary.md"): _page(
            "Glossary", "Words that the code owns, as its tables and codes say them.", _glossary()
        ),
        Path("docs/reference/sweeps.md"): _page("Sweeps", "What `run_ticker` repeats.", _sweeps()),
    }


def _open_every_door() -> None:
    """Import what registers itself when imported, so that the pages do not depend on what ran before."""
    for config in apps.get_app_configs():
        for room in ("api", "reactions", "tasks", "invariants"):
            name = f"{config.name}.{room}"
            if config.name.startswith("yuanxin.") and importlib.util.find_spec(name):
                importlib.import_module(name)
    for name in ("yuanxin.kernel.workdays", "yuanxin.kernel.listing", "yuanxin.kernel.jobs"):
        importlib.import_module(name)


def _page(title: str, intro: str, lines: Iterable[str]) -> str:
    return "\n".join([_MADE + f"# {title}", "", intro, "", *lines, ""])


def _first_line(text: str | None) -> str:
    return (text or "").strip().split("\n", 1)[0].replace("|", "/")


def _table(header: str, rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    names = header.split(" | ")
    yield f"| {header} |"
    yield "|" + "---|" * len(names)
    for row in rows:
        yield f"| {' | '.join(row)} |"


def published_facts() -> list[type[Fact]]:
    """Return every fact class of ``published``, by module and name."""
    import_path = "yuanxin.published"
    package = importlib.import_module(import_path)
    found: dict[str, type[Fact]] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        for value in vars(importlib.import_module(f"{import_path}.{module}")).values():
            if isinstance(value, type) and issubclass(value, Fact) and value is not Fact:
                found[f"{value.__module__}.{value.__name__}"] = value
    return [found[name] for name in sorted(found)]


def _facts() -> Iterator[str]:
    rows = (
        (
            fact.__name__,
            fact.__module__.rsplit(".", 1)[1],
            _first_line(fact.__doc__),
            ", ".join(f.name for f in fields(fact) if f.name not in {"subject", "at"}),
        )
        for fact in published_facts()
    )
    return _table("fact | told by | meaning | carries beside subject and instant", rows)


def _reactions_intro() -> str:
    return (
        "`within` runs in the teller's transaction; every other reaction is delivered by the outbox, in order per"
        " subject, at least once."
    )


def _is_ours(reaction: outbox.Reaction) -> bool:
    return ".tests." not in reaction.__module__ and reaction.__module__.startswith("yuanxin.")


def _reactions() -> Iterator[str]:
    rows: list[tuple[str, ...]] = []
    for fact in published_facts():
        rows += [
            (fact.__name__, outbox.name_of(reaction), "within", _first_line(reaction.__doc__))
            for reaction in outbox.within.get(fact, ())
            if _is_ours(reaction)
        ]
        rows += [
            (fact.__name__, name, "later", _first_line(outbox.reactions[name].__doc__))
            for name in outbox.later.get(fact, ())
            if _is_ours(outbox.reactions[name])
        ]
    return _table("fact | reaction | when | does", rows)


def _settings() -> Iterator[str]:
    tree = ast.parse((ROOT / "yuanxin/config/settings/house.py").read_text(encoding="utf-8")).body
    rows = []
    for statement, after in zip(tree, [*tree[1:], None], strict=True):
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            said = ""
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                said = " ".join(str(after.value.value).split())
            rows.append((f"`{statement.targets[0].id}`", f"`{ast.unparse(statement.value)}`".replace("|", "/"), said))
    return _table("setting | default | meaning", rows)


def management_commands() -> dict[str, str]:
    """Return our management commands and what they are for."""
    found = {}
    for config in apps.get_app_configs():
        if config.name.startswith("yuanxin."):
            for name in find_commands(str(Path(config.path) / "management")):
                command = load_command_class(config.name, name)
                found[name] = command.help or _first_line(type(command).__doc__)
    return dict(sorted(found.items()))


def _manage() -> Iterator[str]:
    return _table(
        "command | purpose", ((f"`{name}`", _first_line(said)) for name, said in management_commands().items())
    )


def _actions() -> Iterator[str]:
    rows = (
        (f"`{code}`", _first_line(action.__doc__))
        for code, action in sorted(commands.registry.items())
        if ".tests." not in action.__module__ and action.__module__.startswith("yuanxin.")
    )
    return _table("action | does", rows)


def _invariants() -> Iterator[str]:
    rows = ((f"`{name}`", _first_line(question.__doc__)) for name, question in sorted(verify.registry.items()))
    return _table("invariant | holds when", rows)


def _sweeps() -> Iterator[str]:
    rows = (
        (f"`{tick.name}`", f"{tick.seconds:g} s", _first_line(tick.sweep.__doc__))
        for tick in sorted(ticks.registry.values(), key=lambda tick: tick.name)
    )
    return _table("sweep | every | does", rows)


_CHINESE = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff、]*")


def _glossary() -> Iterator[str]:
    """One row per table or code whose docstring names its Chinese term."""
    owners: dict[str, tuple[str, str | None]] = {}
    for model in apps.get_models():
        if model.__module__.startswith("yuanxin.") and not model.__name__.endswith("Event"):
            owners[model.__name__] = (model.__module__.split(".")[1], model.__doc__)
    for name, value in vars(importlib.import_module("yuanxin.published.codes")).items():
        if isinstance(value, type) and value.__module__ == "yuanxin.published.codes":
            owners[name] = ("published", value.__doc__)
    rows = []
    for name, (home, said) in sorted(owners.items()):
        line = _first_line(said)
        if found := _CHINESE.search(line):
            rows.append((found[0], f"`{name}`", home, line))
    return _table("term | name in the code | home | meaning", rows)
