"""Configuration: three administrators, each with his own part; commands behind buttons; words for refusals."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.test import Client

from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.models import CalendarDay
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.org import api as org
from yuanxin.org.tests import make as org_make
from yuanxin.web.tests import administrators, city, make
from yuanxin.web.tests.test_pages import INLINE

pytestmark = pytest.mark.django_db
UNIT = {"code": "440699", "name": "试验区", "level": "district", "parent_code": "4406"}
PERSON = {"number": "N0001", "name": "林晓东", "phone": "13812340001", "unit_code": "4406", "vendor": ""}
PAGES = ("org/orgunit", "org/staff", "org/rolegrant", "kernel/calendarday")


def send(browser: Client, path: str, **told: str) -> tuple[int, str]:
    answer = browser.post(f"/admin/{path}/", told)
    return answer.status_code, administrators.alerts(answer.content.decode())


def find(number: str) -> UUID | None:
    found: UUID | None = get_user_model().objects.filter(number=number).values_list("pk", flat=True).first()
    return found


def roles_of(staff_id: UUID) -> list[str]:
    return org.roles_of(staff_id)


def test_the_system_administrator_makes_a_unit_and_an_account_and_closes_it() -> None:
    browser = make.client("system_admin")
    assert send(browser, "org/orgunit/add", **UNIT) == (302, "")
    assert send(browser, "org/staff/add", **PERSON | {"unit_code": "440699", "new_password": "tai-feng-3291"})[0] == 302
    made = find("N0001")
    assert made is not None
    assert get_user_model().objects.get(pk=made).check_password("tai-feng-3291")
    assert "林晓东" in browser.get("/admin/org/staff/?q=N0001").content.decode()
    assert send(browser, f"org/staff/{made}/change") == (302, "")  # the box is not ticked
    assert not get_user_model().objects.get(pk=made).is_active
    assert send(browser, f"org/staff/{made}/change", is_active="on") == (302, "")
    assert get_user_model().objects.get(pk=made).is_active


def test_a_unit_is_renamed_and_gets_its_technician() -> None:
    browser = make.client("system_admin")
    with city.inside("4406"):
        grid = org_make.grid()
        technician = org_make.technician()
    unit = grid_id(grid)
    number = make.number_of(technician)
    assert send(browser, f"org/orgunit/{unit}/change", name="新名", owner_number=number) == (302, "")
    with city.inside("4406"):
        assert (org.unit(grid).name, org.unit(grid).owner_id) == ("新名", technician)
    status, words = send(browser, f"org/orgunit/{unit}/change", name="又一名", owner_number="N9999")
    assert status == 422
    assert "不存在" in words
    with city.inside("4406"):
        assert org.unit(grid).name == "新名"


def grid_id(code: str) -> UUID:
    with city.inside("4406"):
        return org.unit(code).id


def test_the_security_administrator_grants_a_role_and_ends_it() -> None:
    agent = make.staff()
    browser = make.client("security_admin")
    assert send(browser, "org/rolegrant/add", number=make.number_of(agent), role="agent") == (302, "")
    assert roles_of(agent) == ["agent"]
    grant = admin.site._registry[_model("RoleGrant")].model.objects.get(staff_id=agent)
    told = {"action": "end_roles", "_selected_action": str(grant.pk)}
    assert browser.post("/admin/org/rolegrant/", told).status_code == 302
    assert roles_of(agent) == []
    browser.post("/admin/org/rolegrant/", told)
    assert "没有此角色" in browser.get("/admin/org/rolegrant/").content.decode()


def _model(name: str) -> type:
    return next(model for model in admin.site._registry if model.__name__ == name)


def test_neither_does_the_others_part() -> None:
    agent = make.staff()
    number = make.number_of(agent)
    system, security = make.client("system_admin"), make.client("security_admin")
    auditor = make.client("security_auditor")
    for browser in (system, auditor):
        assert send(browser, "org/rolegrant/add", number=number, role="agent")[0] == 403
    for browser in (security, auditor):
        assert send(browser, "org/staff/add", **PERSON)[0] == 403
        assert send(browser, "org/orgunit/add", **UNIT)[0] == 403
        assert send(browser, f"org/staff/{agent}/change", is_active="")[0] == 403
    assert roles_of(agent) == []
    assert find("N0001") is None
    assert get_user_model().objects.get(pk=agent).is_active


def test_the_auditor_reads_everything_and_changes_nothing() -> None:
    auditor = make.client("security_auditor")
    agent = make.staff("agent")
    for page in PAGES:
        assert auditor.get(f"/admin/{page}/").status_code == 200, page
        assert auditor.get(f"/admin/{page}/add/").status_code == 403, page
    assert "客服坐席" in auditor.get(f"/admin/org/staff/{agent}/change/").content.decode()


@pytest.mark.parametrize(
    ("path", "changes", "words"),
    [
        ("org/orgunit/add", UNIT | {"code": "44"}, "代码与层级不符"),
        ("org/orgunit/add", UNIT | {"code": "440199"}, "属于其他城市"),
        ("org/orgunit/add", UNIT | {"parent_code": "449999"}, "不存在"),
        ("org/orgunit/add", UNIT | {"code": "4406", "level": "city"}, "已存在"),
        ("org/orgunit/add", UNIT | {"name": ""}, "必填"),
        ("org/staff/add", PERSON | {"unit_code": "4401"}, "不存在"),
        ("org/staff/add", PERSON | {"phone": "no phone"}, "电话"),
        ("org/staff/add", PERSON | {"vendor": "某某公司"}, "代码"),
        ("org/staff/add", PERSON | {"new_password": "12345678"}, "密码"),
    ],
)
def test_bad_input_is_named_at_its_field_and_nothing_is_saved(path: str, changes: dict[str, str], words: str) -> None:
    browser = make.client("system_admin")
    before = get_user_model().objects.count()
    status, said = send(browser, path, **changes)
    assert status in {200, 422}
    assert words in said
    with city.inside("4406"):
        assert [unit.code for unit in org.units()] == ["4406"]
    assert get_user_model().objects.count() == before


@pytest.mark.parametrize(
    ("number", "role", "words"),
    [
        ("N9999", "agent", "不存在"),
        ("", "agent", "必填"),
        ("self", "agent", "不能"),
        ("system", "security_auditor", "同时"),
    ],
)
def test_a_grant_that_may_not_be_is_refused_in_words(number: str, role: str, words: str) -> None:
    me = make.staff("security_admin")
    other = make.staff("system_admin")
    browser = make.client_of(me)
    numbers = {"self": make.number_of(me), "system": make.number_of(other)}
    status, said = send(browser, "org/rolegrant/add", number=numbers.get(number, number), role=role)
    assert status in {200, 422}
    assert words in said
    assert (roles_of(me), roles_of(other)) == (["security_admin"], ["system_admin"])


def test_another_citys_accounts_are_out_of_reach() -> None:
    there = make.staff("agent", city="4401")
    number = make.number_of(there)
    system, security = make.client("system_admin"), make.client("security_admin")
    assert number not in system.get("/admin/org/staff/").content.decode()
    assert system.post(f"/admin/org/staff/{there}/change/", {}).status_code == 302  # to the index: no such account
    assert send(security, "org/rolegrant/add", number=number, role="trainer")[0] == 422
    assert number not in security.get("/admin/org/rolegrant/").content.decode()
    assert get_user_model().objects.get(pk=there).is_active
    assert roles_of(there) == ["agent"]


def test_the_commands_refuse_another_citys_accounts_too() -> None:
    there = make.staff("agent", city="4401")
    at = kernel_make.at(city.TUESDAY)
    with city.inside("4406"):
        for refused in (
            lambda: org.set_staff_active(staff_id=there, is_active=False),
            lambda: org.grant_role(staff_id=there, role="trainer", at=at),
            lambda: org.revoke_role(staff_id=there, role="agent", at=at),
        ):
            with pytest.raises(NotFound):
                refused()
    assert roles_of(there) == ["agent"]


def test_nobody_closes_his_own_account() -> None:
    me = make.staff("system_admin")
    status, words = send(make.client_of(me), f"org/staff/{me}/change")
    assert status == 422
    assert "不能" in words
    assert get_user_model().objects.get(pk=me).is_active


def test_headquarters_keeps_the_working_calendar_and_a_city_only_reads_it() -> None:
    there = make.client_of(administrators.headquarters("hq_service_manager"))
    assert there.post("/admin/kernel/calendarday/year/", {"year": "2026"}).status_code == 302
    assert CalendarDay.objects.count() == 365
    for year in ("1800", "99999", "x", ""):
        assert there.post("/admin/kernel/calendarday/year/", {"year": year}).status_code == 422
    day = CalendarDay.objects.get(on="2026-10-01")
    path = "kernel/calendarday/2026-10-01/change"
    assert not day.is_working
    assert send(there, path, is_working="on", name="调休") == (302, "")
    assert CalendarDay.objects.get(on="2026-10-01").is_working
    here = make.client("system_admin")
    assert here.get("/admin/kernel/calendarday/").status_code == 200
    assert send(here, path, name="x")[0] == 403
    assert here.post("/admin/kernel/calendarday/year/", {"year": "2025"}).status_code == 403
    assert CalendarDay.objects.get(on="2026-10-01").is_working


def test_who_has_no_part_in_it_is_refused_and_nobody_signs_in_past_the_second_factor() -> None:
    assert make.client("agent").get("/admin/").status_code == 302
    assert make.client("agent").get("/admin/", follow=True).status_code == 403
    browser = Client()
    staff_id = make.staff("system_admin")
    answer = browser.post("/admin/login/", {"username": make.number_of(staff_id), "password": make.PASSWORD})
    assert answer["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_without_anything_inline_and_in_the_readers_words(language: str) -> None:
    system = make.client("system_admin", language=language)
    security = make.client("security_admin", language=language)
    agent = make.staff("agent")
    pages = ["/admin/", "/admin/org/", *(f"/admin/{page}/" for page in PAGES), f"/admin/org/staff/{agent}/change/"]
    for browser, paths in ((system, [*pages, "/admin/org/staff/add/", "/admin/org/orgunit/add/"]),
                           (security, [*pages, "/admin/org/rolegrant/add/"])):  # fmt: skip
        for path in paths:
            answer = browser.get(path)
            page = answer.content.decode()
            assert answer.status_code == 200, path
            assert not INLINE.search(page), path
            assert "unsafe" not in answer["Content-Security-Policy"]
            assert ("配置" in page) == (language == "zh-hans"), path


def test_nothing_is_logged_twice_and_only_our_tables_are_configured() -> None:
    browser = make.client("system_admin")
    send(browser, "org/orgunit/add", **UNIT)
    assert not LogEntry.objects.exists()
    assert {model.__module__.partition(".")[0] for model in admin.site._registry} == {"yuanxin"}
