"""Invariants: what must hold in the tables at any moment. ``manage verify`` asks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction

from yuanxin.kernel import acting
from yuanxin.kernel.tenancy import ALL, scope

Question = Callable[[], Iterable[str]]
registry: dict[str, Question] = {}


@dataclass(frozen=True)
class Finding:
    """The violations of one invariant; none means that it holds."""

    name: str
    violations: tuple[str, ...]


def invariant(name: str) -> Callable[[Question], Question]:
    """Register a question that yields one line per violation; it runs in the scope of headquarters."""

    def register(question: Question) -> Question:
        registry[name] = question
        return question

    return register


def verify(names: Iterable[str] = ()) -> Iterator[Finding]:
    """Ask the named invariants, or all; each in its own transaction."""
    for name in sorted(names or registry):
        with acting.acting_as(acting.system("verify", scope=ALL)), transaction.atomic(), scope(ALL):
            yield Finding(name, tuple(registry[name]()))
