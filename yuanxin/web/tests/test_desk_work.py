"""Pasted messages, complaints, call-backs and the steps of a ticket as the desk sees them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from yuanxin.kernel import runner
from yuanxin.parties import api as parties
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db
PASTE = "/service/paste/"
MESSAGE = "禅城区试验花园 没信号 +86 139-1234-0044"


@pytest.fixture
def here() -> city.City:
    city.rules()
    return city.city()


def test_a_pasted_message_becomes_a_filled_form_that_saves(here: city.City) -> None:
    agent = make.client("agent")
    page = agent.post(PASTE, {"key": uuid4(), "text": MESSAGE}).content.decode()
    assert f'action="/service/customers/{here.customer_id}/report/"' in page
    assert 'value="wechat" selected' in page
    assert 'value="tv_fault" selected' in page
    assert f"{MESSAGE}</textarea>" in page
    told = {"address_id": here.address_id, "service": "tv", "fault_code": "tv_fault", "channel": "wechat"}
    saved = loop.posted(agent, f"/service/customers/{here.customer_id}/report/", note=MESSAGE, **told)
    assert "没信号" in agent.get(saved["Location"]).content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("电视没信号快来", "既没有电话也没有地址"),
        ("没信号 13700000000", "消息里没有地址"),
        ("不存在花园9座101没信号", "都查不到用户"),
    ],
)
def test_what_cannot_be_placed_is_said_at_the_field_and_not_lost(here: city.City, text: str, said: str) -> None:
    answer = make.client("agent").post(PASTE, {"key": uuid4(), "text": text})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert f"{text}</textarea>" in page


def test_a_complaint_walks_to_its_end_through_its_page(here: city.City) -> None:
    agent, officer, boss = (make.client(role) for role in ("agent", "complaint_officer", "city_supervisor"))
    told = {"category": "billing", "service": "tv", "channel": "phone", "source": "own", "note": "多扣了26元"}
    address = loop.posted(agent, f"/service/complaints/new/?customer={here.customer_id}", **told)["Location"]
    page = agent.get(address).content.decode()
    assert "多扣了26元" in page
    assert 'value="conclude"' not in page
    for step in ("first_reply", "check", "handle", "escalate", "answer", "call_back"):
        loop.posted(agent, address, step=step, note=f"{step}好")
    refused = officer.post(address, {"key": uuid4(), "step": "conclude"})
    assert "签批" in refused.content.decode()
    assert agent.post(address, {"key": uuid4(), "step": "sign_off"}).status_code in {403, 422}
    loop.posted(boss, address, step="sign_off", note="同意")
    loop.posted(officer, address, step="conclude")
    assert "answer好" in agent.get(f"{address}letter/").content.decode()
    again = officer.post(address, {"key": uuid4(), "step": "reopen"})
    assert "请说明重开原因" in again.content.decode()
    loop.posted(officer, address, step="reopen", note="客户又来电")
    assert "12345" not in officer.get("/service/complaints/?source=own").content.decode().partition("<tbody")[2]


def test_a_case_that_went_over_us_needs_its_number_and_shows_its_deadline(here: city.City) -> None:
    agent = make.client("agent")
    told = {"category": "price", "service": "tv", "channel": "regulator", "source": "12345"}
    refused = agent.post("/service/complaints/new/", {**told, "key": uuid4()})
    assert refused.status_code == 422
    assert "对方编号" in refused.content.decode()
    due = {"external_number": "FS-2026-77", "external_due_at": "2026-11-27T17:00"}
    address = loop.posted(agent, "/service/complaints/new/", **told, **due)["Location"]
    page = agent.get(address).content.decode()
    assert "FS-2026-77" in page
    assert "2026-11-27 17:00" in page
    assert "12345 政务热线" in page


def finished(here: city.City) -> UUID:
    agent, dispatcher = make.client("agent"), make.client("dispatcher")
    ticket_id = loop.report(agent, here)
    order = loop.pool_order(dispatcher)
    loop.assign(dispatcher, order)
    loop.visit(make.client_of(here.technician_id), order)
    runner.drain()
    return ticket_id


def test_a_call_back_is_held_against_the_close_out(here: city.City) -> None:
    ticket_id = finished(here)
    agent = make.client("agent")
    address = f"/service/callbacks/{ticket_id}/"
    page = agent.get(address).content.decode()
    assert "回单内容" in page
    assert "已拨0次，共3次" in page
    wrong = agent.post(address, {"key": uuid4(), "reached": "no", "fee_asked": "on"})
    assert wrong.status_code == 422
    loop.posted(agent, address, reached="yes", agrees="yes", differs=["visit"], fee_asked="on", note="没人来")
    ticket = agent.get(f"/service/tickets/{ticket_id}/").content.decode()
    assert "处理中" in ticket


def test_a_ticket_says_what_comes_next_and_can_be_withdrawn_or_merged(here: city.City) -> None:
    agent = make.client("agent")
    first = loop.report(agent, here)
    page = agent.get(f"/service/tickets/{first}/").content.decode()
    assert "等调度派人" in page
    told = {"address_id": here.address_id, "service": "broadband", "fault_code": "slow_speed", "channel": "phone"}
    more = {"decision": "other_fault", "other_reason": "other_symptom"}
    second = loop.posted(agent, f"/service/customers/{here.customer_id}/report/", **told, **more)["Location"]
    loop.posted(agent, f"{second}merge/", into_id=first)
    assert "并入本单" in agent.get(f"/service/tickets/{first}/").content.decode()
    loop.posted(agent, f"/service/tickets/{first}/withdraw/", reason_code="recovered")
    assert "已办结" in agent.get(f"/service/tickets/{first}/").content.decode()
    loop.posted(agent, f"/service/tickets/{first}/withdraw/", reason_code="recovered")
    assert "已办结" in agent.get(f"/service/tickets/{first}/").content.decode()


def test_the_agent_chooses_in_which_language_we_write_to_a_customer(here: city.City) -> None:
    agent = make.client("agent")
    address = f"/service/customers/{here.customer_id}/"
    assert "消息语言" in agent.get(address).content.decode()
    loop.posted(agent, f"{address}language/", language="en")
    assert "今后发给该客户的消息用英文" in agent.get(address).content.decode()
    refused = agent.post(f"{address}language/", {"key": uuid4(), "language": "fr"}, follow=True).content.decode()
    assert "选择一个有效的选项" in refused
    with city.inside(here.code):
        assert parties.customer(here.customer_id).language == "en"


def test_headquarters_finds_the_questions_of_the_phone_from_the_standards(here: city.City) -> None:
    link = "/service/triage/questions/"
    assert link in make.client("hq_service_manager").get("/standards/").content.decode()
    assert link not in make.client("agent").get("/standards/").content.decode()
