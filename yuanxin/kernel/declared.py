"""What the migrations of the code declare about tables: policies and append-only guards. ``verify`` compares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from django.apps import apps
from django.db.migrations import RunSQL
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
    """Yield the operations of all migrations but those on models that are no more."""
    for migration in MigrationLoader(None).disk_migrations.values():
        for operation in migration.operations:
            if not isinstance(operation, IsolateTenants | AppendOnly) or _is_there(migration.app_label, operation):
                yield migration.app_label, operation


def _is_there(app_label: str, operation: IsolateTenants | AppendOnly) -> bool:
    return operation.model_name.lower() in apps.all_models[app_label]


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
