"""Accounts and roles: made by one person, given by another, never one's own, never another city's."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from yuanxin.org import api as org
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db
HERE = "/administration/"


def roles(staff_id: UUID) -> tuple[str, ...]:
    with city.inside("4406"):
        return org.account_in_scope(staff_id).roles


def test_one_makes_the_account_and_another_gives_the_role() -> None:
    made = loop.posted(
        make.client("system_admin"),
        f"{HERE}new/",
        number="A9001",
        name="李明",
        unit_code="4406",
        password="guangdian-2026",
    )["Location"]
    assert make.client("system_admin").post(f"{made}grant/", {"role": "agent"}).status_code == 403
    loop.posted(make.client("security_admin"), f"{made}grant/", role="agent")
    assert "客服坐席" in make.client("security_auditor").get(made).content.decode()


def test_the_three_administrator_roles_exclude_each_other() -> None:
    person = make.staff("system_admin")
    answer = make.client("security_admin").post(f"{HERE}{person}/grant/", {"role": "security_admin", "key": uuid4()})
    assert answer.status_code == 422
    assert "不能同时拥有" in answer.content.decode()
    assert roles(person) == ("system_admin",)


def test_nobody_gives_himself_a_role() -> None:
    person = make.staff("security_admin")
    answer = make.client_of(person).post(f"{HERE}{person}/grant/", {"role": "agent", "key": uuid4()})
    assert answer.status_code == 422
    assert roles(person) == ("security_admin",)


def test_a_closed_account_is_out_at_once() -> None:
    person = make.staff("agent")
    browser = make.client_of(person)
    loop.posted(make.client("system_admin"), f"{HERE}{person}/activity/", is_active="")
    assert browser.get("/service/").status_code == 302


def test_a_weak_first_password_is_named_at_its_field() -> None:
    told = {"key": uuid4(), "number": "A9002", "name": "李明", "unit_code": "4406", "password": "123"}
    assert "id_password" in make.client("system_admin").post(f"{HERE}new/", told).content.decode()
