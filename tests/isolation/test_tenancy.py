"""Isolation: the manager's filter, and row-level security when the filter is not there."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from yuanxin.kernel import invariants
from yuanxin.kernel.models import FactRecord, NumberCounter
from yuanxin.kernel.serving import RoleTooStrong, check_serving_role
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests import make
from yuanxin.org import api as org
from yuanxin.org.models import OrgUnit
from yuanxin.org.tests import make as people


def _counter() -> NumberCounter:
    made: NumberCounter = NumberCounter.objects.create(kind="T", year=2026, lane=0)
    return made


def test_another_city_sees_nothing(foshan: str) -> None:
    _counter()
    with scope("4401"):
        assert NumberCounter.objects.count() == 0
        assert NumberCounter._base_manager.count() == 0
    with scope("44"):
        assert NumberCounter.objects.count() == 1
    with scope("*"):
        assert NumberCounter._base_manager.count() == 1


def test_another_city_cannot_write_here(foshan: str) -> None:
    mine = _counter()
    with scope("4401"):
        assert NumberCounter._base_manager.filter(pk=mine.pk).update(last=9) == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            NumberCounter.objects.create(kind="T", year=2026, lane=1, province_code="44", city_code="4406")


def test_a_forgotten_scope_is_an_error_not_an_empty_page(foshan: str) -> None:
    _counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', '', true)")
    with pytest.raises(DatabaseError, match="no tenant scope"), transaction.atomic():
        NumberCounter._base_manager.count()


def test_the_test_runs_as_the_serving_role_and_the_database_is_as_the_code_says(foshan: str) -> None:
    check_serving_role()


@pytest.mark.parametrize("role", ["owner", "postgres"])
@pytest.mark.django_db(transaction=True)
def test_a_stronger_role_may_not_serve(role: str) -> None:
    connection.close()
    connection.settings_dict["USER"] = role
    try:
        with pytest.raises(RoleTooStrong):
            check_serving_role()
    finally:
        connection.close()
        connection.settings_dict["USER"] = "app"


@pytest.mark.django_db
def test_every_table_is_isolated_or_named_as_exempt() -> None:
    connection.ensure_connection()
    assert list(invariants.drift_of_policies()) == []
    assert list(invariants.drift_of_grants()) == []
    assert list(invariants.drift_of_triggers()) == []


def test_a_table_without_policy_is_found(foshan: str) -> None:
    tables = set(invariants.tenant_tables())
    assert {"kernel_factrecord", "kernel_delivery", "org_orgunit"} <= tables
    assert not any(table.startswith(invariants.EXEMPT) for table in tables)


@pytest.mark.parametrize("statement", ["UPDATE {t} SET actor = ''", "DELETE FROM {t}", "TRUNCATE {t}"])
def test_facts_cannot_be_changed(foshan: str, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(t=FactRecord._meta.db_table))


def test_history_cannot_be_switched_off_by_a_setting(foshan: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{org_orgunit:insert_insert}', true)")
    before = OrgUnit.pgh_event_model.objects.count()  # type: ignore[attr-defined]
    people.city()
    assert OrgUnit.pgh_event_model.objects.count() == before + 1  # type: ignore[attr-defined]


def test_three_administrators_exclude_each_other(foshan: str) -> None:
    admin = people.staff("system_admin")
    with pytest.raises(org.RolesExclude):
        org.grant_role(staff_id=admin, role="security_admin", at=make.at("2026-11-24 09:00"))
    with pytest.raises(org.UnknownRole):
        org.grant_role(staff_id=admin, role="king", at=make.at("2026-11-24 09:00"))
    assert org.roles_of(admin) == ["system_admin"]


def test_staff_act_with_what_their_roles_allow(foshan: str) -> None:
    agent = org.acting_for(people.staff("agent"))
    assert agent.may("care.open_ticket")
    assert not agent.may("quality.close_month")
    assert agent.scope == "4406"
