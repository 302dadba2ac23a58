"""Statements of hot paths: prepared once per connection, so that the server neither reads nor plans them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import Cursor


def run(statement: str, arguments: Sequence[Any] | Mapping[str, Any] = ()) -> Cursor[Any]:
    """Execute in the transaction of Django's connection; parameters as psycopg takes them, errors as Django names them.

    Past Django's cursor, which binds on this side and costs twice as much here and three times there. The price of a
    prepared statement is a plan for any values: where a plan must follow the value, ask through the ORM.
    """
    connection = connections[DEFAULT_DB_ALIAS]  # once: the usual proxy looks the thread's connection up at every use
    if connection.connection is None:
        connection.connect()
    with connection.wrap_database_errors:
        return Cursor(connection.connection).execute(statement, arguments, prepare=True)
