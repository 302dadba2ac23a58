"""The seed files: where they lie, what they say, that they fit each other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from yuanxin.kernel.time import Calendar
from yuanxin.standards.rules.entries import Rulebook
from yuanxin.standards.rules.reading import read_rulebook
from yuanxin.standards.rules.strictness import prove


def directory() -> Path:
    """Return where the seed files lie."""
    return Path(settings.YUANXIN_RULEBOOKS)


@lru_cache(maxsize=1)
def schema() -> Mapping[str, Any]:
    """Return the JSON schema of a rulebook file."""
    data: Mapping[str, Any] = json.loads((directory() / "schema.json").read_text(encoding="utf-8"))
    return data


def read_seeds() -> tuple[Rulebook, ...]:
    """Read and check every seed file, upper layers first. Raises the errors of `read_rulebook`."""
    root = directory()
    books = [
        read_rulebook(path.read_text(encoding="utf-8"), file=f"rulebooks/{path.relative_to(root)}", schema=schema())
        for path in sorted(root.rglob("*.yaml"))
    ]
    return tuple(sorted(books, key=lambda book: (book.layer, book.name)))


def prove_all(books: Iterable[Rulebook], days: Calendar) -> int:
    """Prove every book against all that stand above it; returns the number of pairs compared."""
    read = list(books)
    entries = [entry for book in read for entry in book.entries]
    return sum(prove(book, entries, days) for book in read)
