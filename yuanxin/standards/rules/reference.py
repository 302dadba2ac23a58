"""The table of all rules for docs/reference/rulebooks.md, written from the seed files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from yuanxin.standards.rules.entries import Entry, Rulebook

BEGIN = "<!-- table: written by ./run manage rulebook_table -->"
END = "<!-- end of table -->"


def table(books: Iterable[Rulebook]) -> str:
    """Return one Markdown table per rulebook: id, topic, what it says, source."""
    return "\n".join(_of(book) for book in books)


def put(page: str, written: str) -> str:
    """Return the page with the table between its two marks replaced. Raises ValueError when a mark is missing."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise ValueError(BEGIN)
    return f"{head}{BEGIN}\n\n{written}\n{END}{tail}"


def _of(book: Rulebook) -> str:
    lines = [
        f"### `{book.name}` {book.title_zh} · {book.title_en}",
        "",
        f"Layer {book.layer}, organisation {book.org}, effective from {book.effective_from}.",
        "",
        "| id | topic | says | binds | source | kind, grade | status |",
        "|---|---|---|---|---|---|---|",
        *(_row(entry) for entry in book.entries),
        "",
    ]
    return "\n".join(lines)


def _row(entry: Entry) -> str:
    source = entry.source
    cells = (
        f"`{entry.id}`",
        f"`{entry.topic}`",
        f"{entry.title_en}: {_measure(entry.body['measure'])}",
        _binds(entry),
        f"{source.document} {source.article}",
        f"{source.kind}, {source.grade}",
        str(entry.status),
    )
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _binds(entry: Entry) -> str:
    parts = [sorted(entry.services), sorted(entry.areas), sorted(entry.customers)]
    return "; ".join(", ".join(part) for part in parts if part) or "all"


def _measure(measure: Mapping[str, Any]) -> str:
    shown = {name: value for name, value in measure.items() if name not in {"kind", "stricter"}}
    if measure["kind"] == "values":
        shown = dict(measure["values"])
    said = ", ".join(f"{name} {_plain(value)}" for name, value in shown.items())
    return f"{measure['kind']} {said}".strip()


def _plain(value: Any) -> str:
    if value is None:
        return "not read yet"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False).replace('"', "")
