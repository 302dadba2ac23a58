"""The agent's desk with a telephone: ring, answer, one key, wrap-up; what two agents see; bad input."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from yuanxin.care import api as care
from yuanxin.kernel import clock
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.parties import api as parties
from yuanxin.published.codes import Channel, Service
from yuanxin.web.http.machine import token_of
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db
DRESSED = "+86 139/1234 0044"
MOST_QUERIES = 25
SCOPE = "set_config('app.scope'"


@pytest.fixture
def home(settings: Settings) -> city.City:
    settings.YUANXIN_SIMULATORS = True
    settings.YUANXIN_EXCHANGE = "yuanxin.care.cti.simulator.SimulatedExchange"
    city.rules()
    return city.city()


def page(browser: Client, path: str) -> str:
    answer = browser.get(path, follow=True)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())


def ring(number: str = DRESSED, queue: str = "96956") -> UUID:
    with city.inside("4406"):
        return care.ring_call(caller_number=number, queue=queue, at=clock.now())


def ready(browser: Client) -> None:
    assert browser.post("/service/calls/state/", {"state": "ready"}).status_code == 302


def said(browser: Client, path: str, **told: Any) -> str:
    """Post, follow, and return the page that comes."""
    answer = browser.post(path, {"key": uuid4(), **told}, follow=True)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())


def call_of(call_id: UUID) -> care.CallView:
    with city.inside("4406"):
        return care.call(call_id)


def test_the_ring_reaches_the_bar_and_the_answer_opens_the_customer(home: city.City) -> None:
    agent = make.client("agent")
    ready(agent)
    assert "接听" not in page(agent, "/service/")
    call_id = ring()
    part = agent.get("/service/calls/bar/?here=/service/").content.decode()
    assert "139****0044" in part
    assert "黄" in part
    assert "13912340044" not in part
    answer = agent.post(f"/service/calls/{call_id}/answer/", follow=True)
    assert answer.redirect_chain[-1][0] == f"/service/customers/{home.customer_id}/"
    assert call_of(call_id).customer_id == home.customer_id


def test_an_open_case_opens_instead(home: city.City) -> None:
    agent = make.client("agent")
    ticket_id = loop.report(agent, home)
    ready(agent)
    answer = agent.post(f"/service/calls/{ring()}/answer/", follow=True)
    assert answer.redirect_chain[-1][0] == f"/service/tickets/{ticket_id}/"


def test_a_ticket_of_a_call_hangs_on_its_contact(home: city.City) -> None:
    agent = make.client("agent")
    ready(agent)
    call_id = ring()
    agent.post(f"/service/calls/{call_id}/answer/")
    loop.report(agent, home)
    with city.inside("4406"):
        assert [one.outcome for one in care.contacts_of(home.customer_id)] == ["ticket"]
    assert "话后小结" in said(agent, f"/service/calls/{call_id}/hang-up/", here="/service/")
    assert "就绪" in said(agent, f"/service/calls/{call_id}/wrap-up/", wrap_up="ticket", here="/service/")
    assert call_of(call_id).outcome == "ticket"


def test_a_contact_in_one_key_and_its_undo(home: city.City) -> None:
    agent = make.client("agent")
    here = f"/service/customers/{home.customer_id}/"
    told = {"reason_code": "balance", "customer_id": home.customer_id, "here": here, "key": uuid4()}
    for _click in range(2):
        shown = said(agent, "/service/contacts/quick/", **told)
    assert "已记录：余额" in shown
    assert shown.count("余额 · 咨询") == 1
    take_back = re.findall(r"/service/contacts/[0-9a-f-]{36}/take-back/", shown)[0]
    shown = said(agent, take_back, here=here)
    assert "已撤回" in shown
    assert "余额 · 咨询" not in shown


def test_a_chase_of_the_one_open_ticket_hurries_it_at_once(home: city.City) -> None:
    agent = make.client("agent")
    told = {"reason_code": "chase", "customer_id": home.customer_id}
    assert "没有未结工单" in said(agent, "/service/contacts/quick/", **told)
    ticket_id = loop.report(agent, home)
    assert "已催单" in said(agent, "/service/contacts/quick/", **told)
    with city.inside("4406"):
        assert care.ticket(ticket_id).chases == 1
    loop.report(agent, home, "tv", "tv_fault")
    assert "请选择要催的工单" in said(agent, "/service/contacts/quick/", **told)


def test_two_agents_on_one_call_one_wins_and_the_other_reads_why(home: city.City) -> None:
    first, second = make.client("agent"), make.client("agent")
    for browser in (first, second):
        ready(browser)
    call_id = ring()
    first.post(f"/service/calls/{call_id}/answer/")
    assert "已接听这通来电" in said(second, f"/service/calls/{call_id}/answer/")
    other = ring()
    second.post(f"/service/calls/{other}/answer/")
    for browser in (first, second):
        assert "该号码同时在与以下坐席通话" in page(browser, "/service/")
    assert second.post(f"/service/calls/{call_id}/wrap-up/", {"wrap_up": "informed"}).status_code == 403


def test_several_customers_on_one_number_are_a_choice(home: city.City) -> None:
    with city.inside("4406"):
        other = parties.register_customer(name="梁细妹", phone="13755550001", at=clock.now())
        parties.add_contact(customer_id=other.id, relation="child", phone=city.PHONE)
    agent = make.client("agent")
    ready(agent)
    call_id = ring()
    shown = said(agent, f"/service/calls/{call_id}/answer/")
    assert "该号码对应的客户" in shown
    assert "子女" in shown
    answer = agent.post(f"/service/calls/{call_id}/customer/{other.id}/", follow=True)
    assert answer.redirect_chain[-1][0] == f"/service/customers/{other.id}/"


def test_a_stranger_is_registered_with_the_number_filled_in(home: city.City) -> None:
    agent = make.client("agent")
    ready(agent)
    call_id = ring("0757-8333 1234")
    assert 'value="075783331234"' in said(agent, f"/service/calls/{call_id}/answer/")
    path = f"/service/calls/{call_id}/"
    refused = agent.post(path, {"key": uuid4(), "name": "", "phone": "x", "place": "没有的小区", "door": "1"})
    assert refused.status_code == 422
    assert "请从列表中选择小区或村" in refused.content.decode()
    told = {"name": "何润添", "phone": "075783331234", "place": "试验花园", "door": "9栋101"}
    assert "试验花园" in said(agent, path, **told)
    assert call_of(call_id).customer_id is not None


def test_a_hidden_number_asks_who_it_is(home: city.City) -> None:
    agent = make.client("agent")
    ready(agent)
    shown = said(agent, f"/service/calls/{ring('anonymous')}/answer/")
    assert "隐藏号码" in shown
    assert "来电是谁" in shown


@pytest.mark.parametrize("number", ["139x", "sip:me@here", "1" * 39])
def test_the_simulator_says_at_the_field_what_is_no_number(home: city.City, number: str) -> None:
    agent = make.client("agent")
    told = {"key": uuid4(), "caller_number": number, "queue": "96956", "dress": "plain"}
    answer = agent.post("/simulator/calls/", told)
    assert answer.status_code == 422
    assert "不是电话号码" in answer.content.decode() or "电话号码" in answer.content.decode()


@pytest.mark.parametrize("dress", ["plain", "plus", "zeros", "slashes", "blanks"])
def test_the_simulator_rings_in_any_dress(home: city.City, dress: str) -> None:
    agent = make.client("agent")
    loop.report(agent, home)
    told = {"key": uuid4(), "customer_id": home.customer_id, "queue": "10099", "dress": dress}
    assert agent.post("/simulator/calls/", told).status_code == 302
    with city.inside("4406"):
        [call] = care.newest_calls(5)
    assert (call.caller_number, call.queue) == (city.PHONE, "10099")
    assert agent.post(f"/simulator/calls/{call.id}/give-up/").status_code == 302
    assert "未接通" in page(agent, "/service/calls/")


def test_an_unknown_call_and_an_unfit_state(home: city.City) -> None:
    agent = make.client("agent")
    assert agent.post(f"/service/calls/{uuid4()}/answer/").status_code == 404
    assert agent.get(f"/service/calls/{uuid4()}/").status_code == 404
    assert "请选择就绪" in said(agent, "/service/calls/state/", state="on_call")
    assert "请选择就绪" in said(agent, "/service/calls/state/", state="rest", rest_reason="golf")
    assert "未接入" not in page(agent, "/service/")
    assert (
        agent.post("/service/calls/state/", {"state": "busy", "here": "//elsewhere.example/"})["Location"]
        == "/service/"
    )


def test_without_an_exchange_the_bar_says_so(home: city.City, settings: Settings) -> None:
    settings.YUANXIN_EXCHANGE = ""
    assert "未接入呼叫中心" in said(make.client("agent"), "/service/calls/state/", state="ready")


def test_a_value_in_clear_needs_a_reason_and_leaves_a_trace(home: city.City) -> None:
    agent = make.client("agent")
    path = f"/service/customers/{home.customer_id}/"
    assert city.PHONE not in page(agent, path)
    assert agent.post(f"{path}reveal/", {"field": "phone", "reason": ""}).status_code == 422
    shown = agent.post(f"{path}reveal/", {"field": "phone", "reason": "回拨客户"})
    assert city.PHONE in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"


def test_enter_in_the_search_box_opens_the_only_hit(home: city.City) -> None:
    agent = make.client("agent")
    assert agent.get("/service/?q=0044&go=1")["Location"] == f"/service/customers/{home.customer_id}/"
    assert agent.get("/service/?q=0044").status_code == 200


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Count what reaches the database, past Django too.

    The savepoints, and the scope's end inside the test's transaction, are none of the page's.
    """
    asked: list[str] = []
    execute = psycopg.Cursor.execute

    def counted(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        is_of_test = "SAVEPOINT" in str(query) or (SCOPE in str(query) and any(SCOPE in one for one in asked))
        if not is_of_test:
            asked.append(str(query)[:160])
        return execute(self, query, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", counted)
        yield asked


@pytest.mark.parametrize("tickets", [1, 12])
def test_the_customers_page_asks_the_database_little(
    home: city.City, tickets: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = make.client("agent")
    done = loop.run(home)
    with city.inside("4406"), acting_as(kernel_make.acting("4406")):
        for _nth in range(tickets - 1):
            care.open_ticket(
                customer_id=home.customer_id, address_id=home.address_id, service=Service.TV,
                fault_code="tv_fault", channel=Channel.PHONE, at=clock.now(),
            )  # fmt: skip
    ready(agent)
    care_call = ring()
    agent.post(f"/service/calls/{care_call}/answer/")
    path = f"/service/customers/{done.city.customer_id}/"
    agent.get(path)
    with counting(monkeypatch) as asked:
        shown = page(agent, path)
    assert "数字电视基本收视" in shown
    assert "下一步" in shown
    assert len(asked) <= MOST_QUERIES, "\n".join(asked)
    agent.post(f"/service/calls/{care_call}/hang-up/")
    agent.post(f"/service/calls/{care_call}/wrap-up/", {"wrap_up": "informed"})
    ring()
    with counting(monkeypatch) as asked:
        assert "来电" in page(agent, path)
    assert len(asked) <= MOST_QUERIES, "\n".join(asked)


def test_the_timeline_shows_one_kind(home: city.City) -> None:
    loop.run(home)
    agent = make.client("agent")
    path = f"/service/customers/{home.customer_id}/"
    assert "开始施工" in page(agent, path)
    assert "开始施工" in page(agent, path + "?kind=visit")
    assert "开始施工" not in page(agent, path + "?kind=message")
    assert page(agent, path + "?kind=nonsense").count("<time") == page(agent, path).count("<time")


def test_the_exchange_tells_late_twice_and_backwards(home: city.City) -> None:
    staff_id = make.staff("agent")
    machine = {"Authorization": f"Bearer {token_of(staff_id)}"}
    rung_at = clock.now()
    ring_ = {"event_ref": "e/1", "step": "ring", "at": rung_at.isoformat(), "caller_number": DRESSED, "queue": "96956"}
    over = {"event_ref": "e/2", "step": "hang_up", "at": (rung_at + timedelta(seconds=9)).isoformat()}
    for told in (over, ring_, over, ring_):
        body = told | {"exchange_ref": "c-77"}
        answer = Client().post("/service/api/exchange-events", body, content_type="application/json", headers=machine)
        assert answer.status_code == 200, answer.content
    call = call_of(UUID(answer.json()["call"]))
    assert (call.caller_number, call.state, call.waited_seconds) == (city.PHONE, "abandoned", 9)
    wrong = {"exchange_ref": "c 77", "event_ref": "e/3", "step": "ring", "at": rung_at.isoformat()}
    broken: Any
    for broken in (wrong, wrong | {"step": "sing"}, wrong | {"at": "yesterday"}, [], wrong | {"caller_number": "x"}):
        answer = Client().post("/service/api/exchange-events", broken, content_type="application/json", headers=machine)
        assert answer.status_code == 422, (broken, answer.status_code)
