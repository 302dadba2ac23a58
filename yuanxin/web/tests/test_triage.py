"""Triage, duplicates and the report form as the agent sees them."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client

from yuanxin.care import api as care
from yuanxin.care.tests import make as care_make
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.published.codes import Service
from yuanxin.web.tests import administrators, city, loop, make

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def here() -> city.City:
    city.rules()
    return city.city()


def tree(here: city.City) -> care.Tree:
    with city.inside(here.code):
        return care.triage(Service.TV, kernel_make.at(city.TUESDAY))


def finish(agent: Client, here: city.City, kind: care.ResultKind) -> str:
    """Answer until the end and press its button; return where the browser goes."""
    ours = tree(here)
    path = care_make.path_to(ours, kind)
    page = agent.get(f"/service/customers/{here.customer_id}/triage/?service=tv&path={path}").content.decode()
    told = dict(re.findall(r'name="(service|version|address_id|answers)" value="([^"]*)"', page))
    assert told["answers"] == path
    return str(loop.posted(agent, f"/service/customers/{here.customer_id}/triage/finish/", **told)["Location"])


def test_the_first_question_stands_on_the_report_page_with_keys_and_facts(here: city.City) -> None:
    agent = make.client("agent")
    page = agent.get(f"/service/customers/{here.customer_id}/report/").content.decode()
    assert "电视是用我们的机顶盒收看吗" in page
    assert 'data-key="1"' in page
    step = re.search(r'hx-get="([^"]+path=1)"', page)
    assert step
    part = agent.get(step[1].replace("&amp;", "&"), headers=HTMX).content.decode()
    assert "只有一台" in part
    assert "<html" not in part
    english = make.client("agent", language="en").get(f"/service/customers/{here.customer_id}/triage/").content.decode()
    assert "Does the television run on our set-top box?" in english


def test_solved_on_the_telephone_ends_without_a_ticket_and_is_listed(here: city.City) -> None:
    agent = make.client("agent")
    assert finish(agent, here, care.ResultKind.SOLVED).endswith(f"/service/customers/{here.customer_id}/")
    assert "/service/tickets/" not in agent.get("/service/tickets/").content.decode().partition("<tbody")[2]
    assert "电话解决" in agent.get("/service/triage/").content.decode()


def test_a_fault_is_taken_into_the_ticket_with_its_hint_for_the_technician(here: city.City) -> None:
    agent = make.client("agent")
    address = finish(agent, here, care.ResultKind.FAULT)
    page = agent.get(address).content.decode()
    run = re.search(r'name="triage_id" value="([^"]+)"', page)
    assert run
    told = {"address_id": here.address_id, "service": "tv", "fault_code": "outage", "channel": "phone"}
    report = f"/service/customers/{here.customer_id}/report/"
    ticket = loop.posted(agent, report, **told, triage_id=run[1])["Location"]
    assert "预判提示" in agent.get(ticket).content.decode()


def test_answers_that_lead_nowhere_are_not_found(here: city.City) -> None:
    agent = make.client("agent")
    address = f"/service/customers/{here.customer_id}/triage/"
    for question in ("?path=9", "?path=1.1.1.1.1.1.1.1", "?path=x", "?service=tv&version=none"):
        assert agent.get(address + question).status_code == 404


def test_a_second_report_is_decided_and_attached_as_a_chase(here: city.City) -> None:
    first, second = make.client("agent"), make.client("agent")
    ticket_id = loop.report(first, here)
    told = {"address_id": str(here.address_id), "service": "broadband", "fault_code": "no_internet", "channel": "phone"}
    report = f"/service/customers/{here.customer_id}/report/"
    shown = second.get(f"/service/customers/{here.customer_id}/promise/", told).content.decode()
    assert 'value="same_fault"' in shown
    assert "前由" in shown
    refused = second.post(report, {**told, "key": uuid4(), "note": "还是没网"})
    assert refused.status_code == 422
    assert "请判断" in refused.content.decode()
    assert "还是没网" in refused.content.decode()
    reasonless = second.post(report, {**told, "key": uuid4(), "decision": "other_fault"})
    assert "请说明为什么是另一故障" in reasonless.content.decode()
    answer = loop.posted(second, report, **told, decision="same_fault", note="还是没网")
    assert str(ticket_id) in answer["Location"]
    assert "还是没网" in second.get(answer["Location"]).content.decode()
    other = loop.posted(second, report, **told, decision="other_fault", other_reason="other_room")
    assert str(ticket_id) not in other["Location"]


def test_headquarters_edits_the_questions_and_reads_what_is_wrong(here: city.City) -> None:
    headquarters = make.client_of(administrators.headquarters("hq_service_manager"))
    page = headquarters.get("/service/triage/questions/?service=tv")
    assert page.status_code == 200
    text = tree_text()
    wrong = headquarters.post(
        "/service/triage/questions/?service=tv", {"key": uuid4(), "text": text.replace("next: how_many", "next: none")}
    )
    assert wrong.status_code == 422
    assert "指向的问题不存在" in wrong.content.decode()
    loop.posted(headquarters, "/service/triage/questions/?service=tv", text=text)
    assert make.client("agent").get("/service/triage/questions/").status_code == 403


def tree_text() -> str:
    with city.inside("4406"):
        text = care.triage_text(Service.TV, kernel_make.at(city.TUESDAY))
    return text.replace("effective_from: 2026-01-01", "effective_from: 2026-12-01")
