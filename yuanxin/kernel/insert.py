"""Insert rows of hot paths: one prepared statement per table, no savepoint, nothing read back."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault
from psycopg import sql
from psycopg.types.numeric import Int8

from yuanxin.kernel import prepared


def insert(row: Model) -> None:
    """Insert a new row; a fifth of the price of ``save(force_insert=True)``.

    Columns that the database fills (``db_default``) are not read back.
    """
    _insert(row, is_once=False)
    row._state.adding = False


def insert_once(row: Model) -> bool:
    """Insert a row unless a unique key has it already; tell whether it was inserted."""
    return _insert(row, is_once=True) == 1


def _insert(row: Model, *, is_once: bool) -> int:
    values = [(column, getattr(row, column.attname)) for column in row._meta.concrete_fields]
    given = [(column, value) for column, value in values if not isinstance(value, DatabaseDefault)]
    statement = _statement(type(row), tuple(column.column for column, _ in given), is_once)
    return prepared.run(statement, [_plain(column, value) for column, value in given]).rowcount


def _plain(column: Field[Any, Any], value: Any) -> Any:
    """Return what psycopg sends; integers of one type, since each list of types is a statement of its own."""
    value = column.get_db_prep_save(value, connection)
    return Int8(value) if type(value) is int else value


@lru_cache(maxsize=256)
def _statement(model: type[Model], columns: tuple[str, ...], is_once: bool) -> str:
    return (
        sql.SQL("INSERT INTO {} ({}) VALUES ({}){}")
        .format(
            sql.Identifier(model._meta.db_table),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join([sql.SQL("%s")] * len(columns)),
            sql.SQL(" ON CONFLICT DO NOTHING" if is_once else ""),
        )
        .as_string()
    )
