"""Bulk insert: many rows of one table by one statement per batch, past the ORM but not past policies and triggers.

``COPY`` is refused on tables with row-level security; a batch as text arrays costs a tenth of the ORM's price.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models

from yuanxin.kernel.errors import TextNotStorable

BATCH_ROWS = 10_000
UNPACK = "(string_to_array(%s, E'\\x1f', E'\\x1e'))[2:]"
"""SQL that makes a text array of what ``packed`` wrote."""
_BETWEEN = "\x1f"
_NULL = "\x1e"
_TEXTS = (models.CharField, models.TextField)


def insert_many(
    model: type[models.Model],
    columns: Mapping[str, Sequence[object]],
    constants: Mapping[str, object] | None = None,
    *,
    ignore_conflicts: bool = False,
) -> int:
    """Insert rows given as columns; return how many were stored.

    columns: field attname -> its values, all of one length; None is NULL, everything else goes as its ``str``.
    constants: field attname -> one value for all rows. Fields in neither keep the database's default.
    Raises TextNotStorable for a text with a control character.
    """
    constants = dict(constants or {})
    count = len(next(iter(columns.values())))
    names = {field.attname: field for field in model._meta.concrete_fields}
    quote = connection.ops.quote_name
    targets = ", ".join(quote(str(names[name].column)) for name in (*columns, *constants))
    arrays = ", ".join(f"{UNPACK}::{_cast(names[name])}[]" for name in columns)
    aliases = ", ".join(f"c{index}" for index in range(len(columns)))
    fixed = "".join(", %s" for _ in constants)
    # The names come from Django's model, the values are parameters.
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({targets}) SELECT {aliases}{fixed}"  # noqa: S608
        f" FROM unnest({arrays}) AS rows({aliases})" + (" ON CONFLICT DO NOTHING" if ignore_conflicts else "")
    )
    stored = 0
    for start in range(0, count, BATCH_ROWS):
        texts = [packed(values[start : start + BATCH_ROWS]) for values in columns.values()]
        stored += connection.connection.execute(statement, [*constants.values(), *texts]).rowcount
    return stored


def _cast(field: models.Field[Any, Any]) -> str:
    if isinstance(field, _TEXTS):
        return "text"  # a cast to varchar(n) would cut silently, the assignment refuses
    return (field.rel_db_type(connection) if field.primary_key else field.db_type(connection)) or "text"


def packed(values: Sequence[object]) -> str:
    """Return a column as one text that ``UNPACK`` takes apart; None is NULL. Raises TextNotStorable."""
    # The first element is dropped again; without it one empty text would be an empty array.
    texts = [_NULL, *(_NULL if value is None else str(value) for value in values)]
    joined = _BETWEEN.join(texts)
    clean = joined.count(_BETWEEN) == len(values) and joined.count(_NULL) == 1 + list(values).count(None)
    if not clean or "\0" in joined:
        raise TextNotStorable
    return joined


def input_hash(rows: Iterable[object]) -> str:
    """Return the SHA-256 of a batch's rows, for the fact that stands for the batch in the audit."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(row).encode())
    return digest.hexdigest()
