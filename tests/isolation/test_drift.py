"""Drift: whatever a superuser changes behind the program's back, ``verify`` names it and nobody serves on it.

Each change is made in a transaction of the superuser and taken back with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from yuanxin.kernel import serving
from yuanxin.kernel.serving import DatabaseDiffers
from yuanxin.kernel.verify import registry, verify

pytestmark = pytest.mark.django_db(transaction=True)

DRIFT = ("kernel.grants", "kernel.migrations", "kernel.partitions", "kernel.policies", "kernel.triggers")
NEXT_MONTH = "to_char(now() + interval '1 month', '_YYYYMM')"

CHANGES = {
    "policy dropped": (
        "DROP POLICY tenant ON care_troubleticket",
        "kernel.policies",
        "table care_troubleticket has no forced tenant policy",
    ),
    "policy not forced": (
        "ALTER TABLE parties_customer NO FORCE ROW LEVEL SECURITY",
        "kernel.policies",
        "table parties_customer has no forced tenant policy",
    ),
    "row security off": (
        "ALTER TABLE parties_customer DISABLE ROW LEVEL SECURITY",
        "kernel.policies",
        "table parties_customer has no forced tenant policy",
    ),
    "policy loosened": (
        "ALTER POLICY tenant ON parties_customer USING (true)",
        "kernel.policies",
        "policy tenant of parties_customer is not as the code writes it",
    ),
    "policy that lets everything in": (
        "ALTER POLICY tenant ON parties_customer WITH CHECK (true)",
        "kernel.policies",
        "policy tenant of parties_customer is not as the code writes it",
    ),
    "second policy beside it": (
        "CREATE POLICY open_house ON parties_customer USING (true)",
        "kernel.policies",
        "policy open_house of parties_customer is not as the code writes it",
    ),
    "readable elsewhere": (
        "CREATE POLICY readable_by_all ON parties_customer FOR SELECT USING (true)",
        "kernel.policies",
        "policy readable_by_all of parties_customer is not as the code writes it",
    ),
    "new table without tenant": (
        "CREATE TABLE forgotten (id int)",
        "kernel.policies",
        "table forgotten has no forced tenant policy",
    ),
    "history trigger disabled": (
        "ALTER TABLE care_troubleticket DISABLE TRIGGER USER",
        "kernel.triggers",
        "trigger update_update of care_troubleticket is missing or disabled",
    ),
    "append-only trigger disabled": (
        "ALTER TABLE ledger_posting DISABLE TRIGGER append_only",
        "kernel.triggers",
        "trigger append_only of ledger_posting is missing or disabled",
    ),
    "append-only trigger for replicas only": (
        "ALTER TABLE ledger_posting ENABLE REPLICA TRIGGER append_only",
        "kernel.triggers",
        "trigger append_only of ledger_posting is missing or disabled",
    ),
    "append-only trigger dropped": (
        "DROP TRIGGER append_only ON kernel_factrecord",
        "kernel.triggers",
        "trigger append_only of kernel_factrecord is missing or disabled",
    ),
    "guard made toothless": (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "kernel.triggers",
        "function refuse_change lets triggers be passed by",
    ),
    "history ignored by a setting": (
        "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean LANGUAGE sql"
        " AS $$SELECT current_setting('x', true) = '1'$$",
        "kernel.triggers",
        "function _pgtrigger_should_ignore lets triggers be passed by",
    ),
    "update granted": (
        "GRANT UPDATE ON ledger_posting TO app",
        "kernel.grants",
        "UPDATE is granted on ledger_posting",
    ),
    "update of one column granted": (
        "GRANT UPDATE (actor) ON kernel_factrecord TO job",
        "kernel.grants",
        "UPDATE is granted on kernel_factrecord",
    ),
    "delete granted to all, trigger gone": (
        "DROP TRIGGER append_only ON quality_payline; GRANT DELETE ON quality_payline TO PUBLIC",
        "kernel.grants",
        "DELETE is granted on quality_payline",
    ),
    "truncate granted": (
        "GRANT TRUNCATE ON parties_customer TO app",
        "kernel.grants",
        "TRUNCATE is granted on parties_customer",
    ),
    "partition readable past its policy": (
        "GRANT SELECT ON kernel_factrecord_default TO app",
        "kernel.grants",
        "partition kernel_factrecord_default can be reached past its policy",
    ),
    "partition writable past its policy": (
        "GRANT INSERT ON kernel_delivery_default TO job",
        "kernel.grants",
        "partition kernel_delivery_default can be reached past its policy",
    ),
    "role too strong": (
        "ALTER ROLE app BYPASSRLS",
        "kernel.grants",
        "role app owns tables or passes their policies by",
    ),
    "role joins the owner": (
        "GRANT owner TO job",
        "kernel.grants",
        "role job owns tables or passes their policies by",
    ),
    "migration forgotten": (
        "DELETE FROM django_migrations WHERE app = 'care' AND name = '0001_initial'",
        "kernel.migrations",
        "migration care.0001_initial is not applied",
    ),
    "partition of the coming month missing": (
        f"DO $$BEGIN EXECUTE 'DROP TABLE kernel_delivery' || {NEXT_MONTH}; END$$",
        "kernel.partitions",
        "table kernel_delivery has no partition for the coming month: run migrate",
    ),
}


@contextmanager
def superuser() -> Iterator[None]:
    """Work as superuser in a transaction that is taken back."""
    connection.close()
    connection.settings_dict["USER"] = "postgres"
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        connection.close()
        connection.settings_dict["USER"] = "app"


def findings() -> dict[str, tuple[str, ...]]:
    return {finding.name: finding.violations for finding in verify(DRIFT)}


def test_nothing_drifts_in_the_database_of_the_tests() -> None:
    assert set(DRIFT) <= set(registry)
    with superuser():
        assert findings() == dict.fromkeys(DRIFT, ())


def test_each_change_behind_the_programs_back_is_named() -> None:
    named: dict[str, tuple[str, ...]] = {}
    with superuser():
        for change, (statement, invariant, _) in CHANGES.items():
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                named[change] = findings()[invariant]
                transaction.set_rollback(True)
    assert [change for change, (_, _, line) in CHANGES.items() if line not in named[change]] == []


def test_a_serving_process_refuses_to_start_on_a_drifted_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_TOO_STRONG", "SELECT false")
    with superuser():
        with connection.cursor() as cursor:
            cursor.execute(CHANGES["policy dropped"][0])
        with pytest.raises(DatabaseDiffers) as caught:
            serving.check_serving_role()
    assert "care_troubleticket" in str(caught.value.params["findings"])
