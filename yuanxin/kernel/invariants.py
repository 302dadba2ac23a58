"""The kernel's own invariants: drift of migrations, triggers, policies and grants; outbox; audit chain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from yuanxin.kernel import declared, outbox
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
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    for app_label, name in sorted(set(loader.graph.nodes) - set(loader.applied_migrations)):
        yield f"migration {app_label}.{name} is not applied"


@invariant("kernel.triggers")
def drift_of_triggers() -> Iterator[str]:
    """Every history and append-only trigger of the code is installed and enabled, and no setting switches them off."""
    installed = {
        (table, name): (enabled, function)
        for table, name, enabled, function in _rows(
            "SELECT c.relname, tgname, tgenabled::text, p.proname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid"
            " JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal"
        )
    }
    for model, trigger in pgtrigger.registered():
        table = model._meta.db_table
        if installed.get((table, trigger.get_pgid(model)), ("",))[0] != "O":
            yield f"trigger {trigger.name} of {table} is missing or disabled"
    for table in sorted(declared.append_only_tables()):
        if installed.get((table, "append_only")) != ("O", "refuse_change"):
            yield f"trigger append_only of {table} is missing or disabled"
    for name, body in _rows(
        "SELECT proname, prosrc FROM pg_proc WHERE proname IN ('_pgtrigger_should_ignore', 'refuse_change')"
    ):
        if "current_setting" in body.lower() or (name == "refuse_change" and "RAISE EXCEPTION" not in body):
            yield f"function {name} lets triggers be passed by"


@invariant("kernel.policies")
def drift_of_policies() -> Iterator[str]:
    """Every table has the tenant policy, forced, as the code writes it and none that the code does not know."""
    for table, is_forced, found in _rows(
        "SELECT relname, relrowsecurity AND relforcerowsecurity, (SELECT json_object_agg(polname, json_build_array("
        " pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid), polcmd)) FROM pg_policy"
        " WHERE polrelid = c.oid) FROM pg_class c"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1"
    ):
        policies: dict[str, list[str | None]] = found or {}
        if not table.startswith(EXEMPT) and not (is_forced and "tenant" in policies):
            yield f"table {table} has no forced tenant policy"
        for name, (rows, new_rows, command) in policies.items():
            printed = declared.policies().get((table, name), frozenset[str]())
            is_wider = new_rows is not None or command != ("*" if name == "tenant" else "r")
            if is_wider or declared.plain(rows or "") not in printed:
                yield f"policy {name} of {table} is not as the code writes it"


@invariant("kernel.grants")
def drift_of_grants() -> Iterator[str]:
    """Nobody who serves may change append-only tables, reach partitions past their policy, truncate, or own."""
    for table, privilege in _rows(
        "SELECT DISTINCT relname, p FROM pg_class c, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) p,"
        " unnest(ARRAY['app', 'job']) r WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND (has_table_privilege(r, c.oid, p) OR p = 'UPDATE' AND has_any_column_privilege(r, c.oid, 'UPDATE'))"
        " ORDER BY 1, 2"
    ):
        if privilege == "TRUNCATE" or table in declared.append_only_tables():
            yield f"{privilege} is granted on {table}"
    for (table,) in _rows(
        "SELECT DISTINCT relname FROM pg_class c, unnest(ARRAY['app', 'job', 'readonly_report']) r"
        " WHERE relispartition AND relkind = 'r' AND (has_any_column_privilege(r, c.oid, 'SELECT, INSERT, UPDATE')"
        " OR has_table_privilege(r, c.oid, 'DELETE, TRUNCATE')) ORDER BY 1"
    ):
        yield f"partition {table} can be reached past its policy"
    for (role,) in _rows(
        "SELECT rolname FROM pg_roles r WHERE rolname IN ('app', 'job') AND (rolsuper OR rolbypassrls OR EXISTS"
        " (SELECT FROM pg_class c WHERE relnamespace = 'public'::regnamespace"
        " AND pg_has_role(r.oid, c.relowner, 'MEMBER'))) ORDER BY 1"
    ):
        yield f"role {role} owns tables or passes their policies by"


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
