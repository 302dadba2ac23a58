"""Insert rows of hot paths: one prepared statement per table, no savepoint, nothing read back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, CharField, DateField, Field, IntegerField, Model, TextField, UUIDField
from django.db.models.expressions import DatabaseDefault
from psycopg import sql
from psycopg.types.numeric import Int8

from yuanxin.kernel import prepared

_SENT_AS_THEY_ARE = (BooleanField, CharField, DateField, TextField, UUIDField)  # a DateTimeField is a DateField


def insert(*rows: Model) -> None:
    """Insert new rows, of one table or several, in one statement; a fifth of the price of ``save(force_insert=True)``.

    Columns that the database fills (``db_default``) are not read back. A row may point to another one of the same
    call, since foreign keys are looked at with the commit.
    """
    _insert(rows, is_once=False)
    for row in rows:
        row._state.adding = False


def insert_once(row: Model) -> bool:
    """Insert a row unless a unique key has it already; tell whether it was inserted."""
    return _insert([row], is_once=True) == 1


def _insert(rows: Sequence[Model], *, is_once: bool) -> int:
    shapes, values = [], []
    for row in rows:
        names = []
        for name, attribute, plain in _columns(type(row)):
            value = getattr(row, attribute)
            if not isinstance(value, DatabaseDefault):
                names.append(name)
                values.append(value if plain is None else plain(value))
        shapes.append((type(row), tuple(names)))
    return prepared.run(_statement(tuple(shapes), is_once), values).rowcount


@lru_cache(maxsize=256)
def _columns(model: type[Model]) -> list[tuple[str, str, Callable[[Any], Any] | None]]:
    """Return name, attribute and what makes of a value what psycopg sends; None where it is sent as it is."""
    return [(column.column or "", column.attname, _plain(column)) for column in model._meta.concrete_fields]


def _plain(column: Field[Any, Any]) -> Callable[[Any], Any] | None:
    """Integers go as one type, since each list of types is a statement of its own."""
    if isinstance(column, IntegerField):
        return _one_size
    if isinstance(column, _SENT_AS_THEY_ARE):
        return None
    return lambda value: column.get_db_prep_save(value, connections[DEFAULT_DB_ALIAS])


def _one_size(value: int | None) -> Int8 | None:
    return None if value is None else Int8(value)


@lru_cache(maxsize=256)
def _statement(shapes: tuple[tuple[type[Model], tuple[str, ...]], ...], is_once: bool) -> str:
    *before, last = (_one(model, columns) for model, columns in shapes)
    parts = [sql.SQL("{} AS ({})").format(sql.Identifier(f"row{nth}"), part) for nth, part in enumerate(before)]
    return (
        sql.SQL("{}{}{}")
        .format(
            sql.SQL("WITH {} ").format(sql.SQL(", ").join(parts)) if parts else sql.SQL(""),
            last,
            sql.SQL(" ON CONFLICT DO NOTHING" if is_once else ""),
        )
        .as_string()
    )


def _one(model: type[Model], columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join([sql.SQL("%s")] * len(columns)),
    )
