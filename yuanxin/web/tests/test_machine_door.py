"""The JSON door for fault reports: the first answer again for a retry, named errors for everything else."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from yuanxin.care import api as care
from yuanxin.web.http.machine import token_of
from yuanxin.web.tests import city, make

pytestmark = pytest.mark.django_db
DOOR = "/service/api/fault-reports"


@pytest.fixture
def home() -> city.City:
    city.rules()
    return city.city()


def body(home: city.City, **changes: Any) -> dict[str, Any]:
    told = {
        "key": str(uuid4()),
        "customer_id": str(home.customer_id),
        "address_id": str(home.address_id),
        "service": "broadband",
        "fault_code": "no_internet",
    }
    return told | changes


def send(told: Any, *, role: str = "agent", token: str = "") -> Any:
    bearer = token or token_of(make.staff(role))
    return Client().post(DOOR, told, content_type="application/json", headers={"Authorization": f"Bearer {bearer}"})


def test_a_retry_gets_the_first_answer_and_no_second_ticket(home: city.City) -> None:
    told, token = body(home), token_of(make.staff("agent"))
    first, second = send(told, token=token), send(told, token=token)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    with city.inside("4406"):
        assert len(care.tickets_of(home.customer_id)) == 1


def test_the_same_key_with_another_body_is_refused(home: city.City) -> None:
    told, token = body(home), token_of(make.staff("agent"))
    send(told, token=token)
    answer = send(told | {"fault_code": "slow_speed"}, token=token)
    assert (answer.status_code, answer.json()["error"]) == (409, "kernel.key_reused")


@pytest.mark.parametrize(
    ("changes", "status", "error", "field"),
    [
        ({"service": "steam"}, 422, "web.bad_report", "service"),
        ({"customer_id": "nobody"}, 422, "web.bad_report", "customer_id"),
        ({"note": "a\x00b"}, 422, "web.bad_report", "note"),
        ({"note": "长" * 501}, 422, "web.bad_report", "note"),
        ({"surprise": 1}, 422, "web.bad_report", "surprise"),
        ({"wanted_from": "2026-11-24T10:00", "wanted_to": "2026-11-24T12:00"}, 422, "web.bad_report", "wanted_from"),
        (
            {"wanted_from": "9999-12-31T20:00Z", "wanted_to": "9999-12-31T23:00Z"},
            422,
            "care.window_too_far",
            "wanted_to",
        ),
        ({"fault_code": "tv_fault"}, 422, "care.unknown_fault", "fault_code"),
        ({"customer_id": str(uuid4())}, 404, "parties.customer_not_found", None),
    ],
)
def test_bad_input_is_named_at_its_field(
    home: city.City, changes: dict[str, Any], status: int, error: str, field: str | None
) -> None:
    answer = send(body(home, **changes))
    assert (answer.status_code, answer.json()["error"], answer.json()["field"]) == (status, error, field)
    assert answer.json()["message"]
    with city.inside("4406"):
        assert care.tickets_of(home.customer_id) == []


def test_what_is_no_json_is_no_report(home: city.City) -> None:
    assert send("not json").json()["error"] == "web.bad_report"


def test_who_may_not_report_is_told_so(home: city.City) -> None:
    assert send(body(home), role="technician").json()["error"] == "kernel.permission_refused"
    assert Client().post(DOOR, body(home), content_type="application/json").status_code == 401
    assert send(body(home), token="forged").status_code == 401


def test_a_token_ends_with_its_account_and_never_opens_an_administrators_door(home: city.City) -> None:
    staff_id = make.staff("agent")
    token = token_of(staff_id)
    get_user_model().objects.filter(pk=staff_id).update(is_active=False)
    assert send(body(home), token=token).status_code == 401
    assert send(body(home), role="system_admin").status_code == 401


def test_a_session_needs_its_csrf_token(home: city.City) -> None:
    staff_id = make.staff("agent")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(get_user_model().objects.get(pk=staff_id))
    assert browser.post(DOOR, body(home), content_type="application/json").status_code == 403


def test_a_machine_without_a_token_is_asked_to_sign_in(home: city.City) -> None:
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(DOOR, body(home), content_type="application/json").status_code == 401


def test_only_post_is_answered() -> None:
    assert Client().get(DOOR).status_code == 405
