"""What the migrations of the code declare about tables: policies and append-only guards. ``verify`` compares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from django.apps import apps
from django.db.migrations import DeleteModel, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from yuanxin.kernel.operations import AppendOnly, IsolateTenants

_POLICY = re.compile(r"CREATE POLICY (?P<name>\w+) ON (?P<table>\w+) FOR SELECT USING \((?P<rows>.+)\)")

# PostgreSQL prints an IN as a chain of OR or as ANY, depending on its version.
TENANT = frozenset(
    {
        "tenant_scope='*'ORtenant_scope=province_codeORtenant_scope=city_code",
        "tenant_scope=ANYARRAY['*',province_code,city_code]",
    }
)
_HQ = frozenset({"province_code='00'"})


def plain(expression: str) -> str:
    """Return a policy's expression without the casts, brackets and names that PostgreSQL adds when it prints it."""
    return re.sub(r"::text|AS tenant_scope|SELECT|[()\s]", "", expression)


def _operations() -> Iterator[tuple[str, Operation]]:
    """Yield every operation with its application, without those on tables that a later migration dropped."""
    every = [
        (migration.app_label, operation)
        for migration in MigrationLoader(None).disk_migrations.values()
        for operation in migration.operations
    ]
    dropped = {(app_label, one.name.lower()) for app_label, one in every if isinstance(one, DeleteModel)}
    for app_label, operation in every:
        if (app_label, getattr(operation, "model_name", "").lower()) not in dropped:
            yield app_label, operation


def _table(app_label: str, model_name: str) -> str:
    table: str = apps.get_model(app_label, model_name)._meta.db_table
    return table


@lru_cache(maxsize=1)
def append_only_tables() -> frozenset[str]:
    """Return the tables that nobody may change."""
    return frozenset(
        _table(app_label, operation.model_name)
        for app_label, operation in _operations()
        if isinstance(operation, AppendOnly)
    )


@lru_cache(maxsize=1)
def policies() -> dict[tuple[str, str], frozenset[str]]:
    """Return the policies by (table, name), each with the plain forms in which its rows may be printed."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for app_label, operation in _operations():
        if isinstance(operation, IsolateTenants):
            table = _table(app_label, operation.model_name)
            found[table, "tenant"] = TENANT
            if operation.home == "HQ":
                found[table, "hq_is_readable"] = _HQ
        elif isinstance(operation, RunSQL):
            statements = operation.sql if isinstance(operation.sql, list | tuple) else [operation.sql]
            for match in (_POLICY.match(str(statement)) for statement in statements):
                if match:
                    found[match["table"], match["name"]] = frozenset({plain(match["rows"])})
    return found
