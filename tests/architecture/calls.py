"""Which functions of ours reach which others, read from the source: by name, through imports and doors."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from tests.architecture.sources import Source

Name = tuple[str, str]
"""A module and a name at its top level."""


@dataclass
class Module:
    """What a module defines at its top level, and where its other names come from."""

    defined: dict[str, ast.stmt] = field(default_factory=dict)
    imported: dict[str, Name] = field(default_factory=dict)


def module_name(source: Source) -> str:
    """Return the dotted name of a file."""
    return ".".join(source.parts).removesuffix(".py").removesuffix(".__init__")


class Calls:
    """The graph of names. Whatever a function mentions, it may call: too many edges, never too few by name."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.modules = {module_name(one): _read(ast.parse(one.text)) for one in sources}

    def resolve(self, module: str, name: str) -> Name | None:
        """Return where a name is defined, through as many re-exports as there are; None for what is not ours."""
        seen: set[Name] = set()
        while (module, name) not in seen and module in self.modules:
            seen.add((module, name))
            here = self.modules[module]
            if name in here.defined:
                return module, name
            if name not in here.imported:
                return None
            module, name = here.imported[name]
        return None

    def mentioned(self, place: Name) -> set[Name]:
        """Return the definitions that a definition mentions."""
        module, name = place
        found = set()
        for node in ast.walk(self.modules[module].defined[name]):
            if isinstance(node, ast.Name):
                found.add(self.resolve(module, node.id))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.add(self._attribute(module, node.value.id, node.attr))
        return {place for place in found if place is not None}

    def _attribute(self, module: str, variable: str, name: str) -> Name | None:
        origin = self.modules[module].imported.get(variable)
        if origin is None:
            return None
        package = ".".join(origin)
        return self.resolve(package, name) if package in self.modules else None

    def reached(self, start: Name) -> set[Name]:
        """Return every definition that a definition reaches, itself included."""
        found: set[Name] = set()
        waiting = [start]
        while waiting:
            place = waiting.pop()
            if place not in found:
                found.add(place)
                waiting += self.mentioned(place)
        return found


@dataclass(frozen=True)
class Within:
    """A reaction in the teller's transaction, and the facts that it may tell in turn."""

    name: str
    fact: str
    tells: frozenset[str]


class WithinReactions:
    """The reactions declared ``within=True`` and what each leads to."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.calls = Calls(sources)

    @cached_property
    def facts(self) -> frozenset[Name]:
        """Every class of ``published`` that is a fact."""
        return frozenset(
            (module, name)
            for module, content in self.calls.modules.items()
            if ".published." in module
            for name, node in content.defined.items()
            if isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id == "Fact" for b in node.bases)
        )

    def all(self) -> Iterator[Within]:
        """Yield each reaction with the facts that it reaches; its own fact is in its signature and does not count."""
        for module, content in self.calls.modules.items():
            for name, node in content.defined.items():
                fact = _within_fact(node)
                if fact is None:
                    continue
                reached = {
                    place for first in self._body(module, node) for place in self.calls.reached(first)
                } & self.tellers
                told = {fact for place in reached for fact in self.calls.mentioned(place) & self.facts}
                yield Within(f"{module}.{name}", fact, frozenset(name for _, name in told))

    @cached_property
    def tellers(self) -> set[Name]:
        """Every definition that calls ``tell``."""
        return {
            (module, name)
            for module, content in self.calls.modules.items()
            for name, node in content.defined.items()
            if any(isinstance(call, ast.Call) and _called(call) == "tell" for call in ast.walk(node))
        }

    def _body(self, module: str, node: ast.stmt) -> set[Name]:
        found: set[Name] = set()
        for statement in getattr(node, "body", []):
            here = f"{module}.<body>"
            self.calls.modules[here] = Module({"body": statement}, self.calls.modules[module].imported)
            found |= self.calls.mentioned((here, "body"))
            del self.calls.modules[here]
        return found


def cycle_of(reactions: Iterable[Within]) -> list[str]:
    """Return the facts of one cycle in their order, or nothing."""
    leads: dict[str, set[str]] = {}
    for one in reactions:
        leads.setdefault(one.fact, set()).update(one.tells)

    def follow(fact: str, path: list[str]) -> list[str]:
        if fact in path:
            return [*path[path.index(fact) :], fact]
        for told in sorted(leads.get(fact, ())):
            if found := follow(told, [*path, fact]):
                return found
        return []

    return next((found for fact in sorted(leads) if (found := follow(fact, []))), [])


def _read(tree: ast.Module) -> Module:
    module = Module()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            module.defined[node.name] = node
        elif isinstance(node, ast.Assign):
            module.defined |= {target.id: node for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            module.defined[node.target.id] = node
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            module.imported |= {name.asname or name.name: (node.module, name.name) for name in node.names}
    return module


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def _within_fact(node: ast.stmt) -> str | None:
    for decorator in getattr(node, "decorator_list", []):
        if isinstance(decorator, ast.Call) and _called(decorator) == "reacts_to":
            is_within = any(
                word.arg == "within" and getattr(word.value, "value", None) is True for word in decorator.keywords
            )
            if is_within and isinstance(decorator.args[0], ast.Name):
                return decorator.args[0].id
    return None
