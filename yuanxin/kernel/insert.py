"""Insert once: one statement for rows that many transactions may try to make at the same time."""

from __future__ import annotations

from functools import lru_cache

from django.db import connection
from django.db.models import Model
from psycopg import sql


def insert_once(row: Model) -> bool:
    """Insert a row unless a unique key has it already; tell whether it was inserted. One statement, no savepoint.

    For hot paths: a third of the price of ``bulk_create(ignore_conflicts=True)``, which cannot tell what it did.
    Every column is written, so a column that the database fills by itself (``db_default``) is not for this.
    """
    values = [column.get_db_prep_save(getattr(row, column.attname), connection) for column in row._meta.concrete_fields]
    connection.ensure_connection()
    made: int = connection.connection.execute(_statement(type(row)), values).rowcount
    return made == 1


@lru_cache(maxsize=64)
def _statement(model: type[Model]) -> str:
    columns = [sql.Identifier(str(column.column)) for column in model._meta.concrete_fields]
    return (
        sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING")
        .format(
            sql.Identifier(model._meta.db_table),
            sql.SQL(", ").join(columns),
            sql.SQL(", ").join([sql.SQL("%s")] * len(columns)),
        )
        .as_string()
    )
