"""The kernel's own invariants: drift of migrations, triggers, policies and grants; outbox; audit chain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from yuanxin.kernel import outbox
from yuanxin.kernel.audit import broken_seals
from yuanxin.kernel.verify import invariant

# Tables without a tenant: sign-in and sessions of staff, the framework's own, queues, shared calendars and clock.
EXEMPT = (
    "django_",
    "auth_",
    "account_",
    "accounts_",
    "mfa_",
    "procrastinate_",
    "pghistory_",
    "socialaccount_",
    "kernel_domainclock",
    "kernel_calendarday",
    "org_staff",
    "org_rolegrant",
)


def _rows(statement: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = connection.connection.execute(statement).fetchall()
    return rows


@invariant("kernel.migrations")
def drift_of_migrations() -> Iterator[str]:
    """Every migration of the code is applied."""
    executor = MigrationExecutor(connection)
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield f"migration {migration.app_label}.{migration.name} is not applied"


@invariant("kernel.triggers")
def drift_of_triggers() -> Iterator[str]:
    """Every history trigger of the code is installed and enabled, and none can be switched off by a setting."""
    installed = {
        (table, name): enabled
        for table, name, enabled in _rows(
            "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
        )
    }
    for model, trigger in pgtrigger.registered():
        table = model._meta.db_table
        if installed.get((table, trigger.get_pgid(model))) != "O":
            yield f"trigger {trigger.name} of {table} is missing or disabled"
    for (table, name), enabled in installed.items():
        if name == "append_only" and enabled != "O":
            yield f"trigger append_only of {table} is disabled"
    for (body,) in _rows("SELECT prosrc FROM pg_proc WHERE proname = '_pgtrigger_should_ignore'"):
        if "current_setting" in body.lower():
            yield "history triggers can be switched off by a setting"


@invariant("kernel.policies")
def drift_of_policies() -> Iterator[str]:
    """Every table has the tenant policy, forced, unless it is on the list of exempt tables."""
    for table, enabled, forced, policies in _rows(
        "SELECT relname, relrowsecurity, relforcerowsecurity,"
        " (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid AND polname = 'tenant')"
        " FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition"
    ):
        if not table.startswith(EXEMPT) and not (enabled and forced and policies):
            yield f"table {table} has no forced tenant policy"


@invariant("kernel.grants")
def drift_of_grants() -> Iterator[str]:
    """Nobody who serves may change append-only tables, reach partitions past their policy, or truncate."""
    for table, privilege in _rows(
        "SELECT c.relname, p FROM pg_class c,"
        " unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) p, unnest(ARRAY['app', 'job']) r"
        " WHERE has_table_privilege(r, c.oid, p) AND EXISTS"
        " (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'append_only')"
    ):
        yield f"{privilege} is granted on append-only table {table}"
    for (table,) in _rows(
        "SELECT DISTINCT c.relname FROM pg_class c, unnest(ARRAY['app', 'job']) r"
        " WHERE relispartition AND relkind = 'r' AND has_table_privilege(r, c.oid, 'SELECT')"
    ):
        yield f"partition {table} can be read past its policy"


@invariant("kernel.partitions")
def partitions_are_ready() -> Iterator[str]:
    """Every partitioned table has a partition for the coming month."""
    for (table,) in _rows(
        "SELECT relname FROM pg_class WHERE relkind = 'p' AND relnamespace = 'public'::regnamespace"
        " AND to_regclass(relname || to_char(now() + interval '1 month', '_YYYYMM')) IS NULL"
    ):
        yield f"table {table} has no partition for the coming month: run migrate"


@invariant("kernel.outbox")
def deliveries_match_facts() -> Iterator[str]:
    """Each delivery names a known reaction, and each fact was owed at most once to a reaction."""
    for reaction, count in _rows("SELECT reaction, count(*) FROM kernel_delivery WHERE state <> 'done' GROUP BY 1"):
        if reaction not in outbox.reactions:
            yield f"{count} deliveries are owed to the unknown reaction {reaction}"
    for fact_id, reaction in _rows(
        "SELECT fact_id, reaction FROM kernel_delivery GROUP BY 1, 2 HAVING count(*) > 1 LIMIT 20"
    ):
        yield f"fact {fact_id} is owed twice to {reaction}"


@invariant("kernel.commands")
def commands_have_answers() -> Iterator[str]:
    """Each accepted idempotency key holds its command's answer."""
    for (key,) in _rows("SELECT key FROM kernel_commandreceipt WHERE answer IS NULL AND command <> '' LIMIT 20"):
        yield f"key {key} was accepted without an answer"


@invariant("kernel.audit_chain")
def audit_chain_holds() -> Iterator[str]:
    """Every seal fits its rows and the seal before it."""
    yield from broken_seals()


def tenant_tables() -> list[str]:
    """Return every table of ours that carries tenant columns, history included."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if {"province_code", "city_code"} <= {field.name for field in model._meta.get_fields()}
    )
