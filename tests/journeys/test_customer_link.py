"""The customer acts through the link of a message: another window, and a score that was asked for."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import caches
from django.test import Client

from tests.journeys import story
from tests.journeys.story import at
from yuanxin.care import api as care
from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel import clock
from yuanxin.messaging import api as messaging
from yuanxin.published.refs import ref
from yuanxin.quality import api as quality

CALL = at("2026-03-10 09:10")


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> None:
    caches["limits"].clear()


def link_in_the_newest_message(customer_id: UUID) -> str:
    """Return the address that the customer's telephone shows."""
    newest = next(line for line in messaging.inbox(customer_id) if "/c/" in line.text)
    return re.findall(r"/c/\S+/", newest.text)[0]


def post(address: str, told: dict[str, Any]) -> None:
    answer = Client().post(address, {"key": uuid4(), **told})
    assert answer.status_code == 302, answer.content.decode()


def test_the_customer_moves_the_appointment_and_everybody_knows(city: str) -> None:
    home = story.at_home()
    story.technician()
    ticket = story.report(home, on=CALL)
    story.run_due_work(CALL)
    with clock.standing_at(CALL + timedelta(minutes=5)):
        address = link_in_the_newest_message(home.customer_id)
        first, second = re.findall(
            r'name="window" value="([^"]+)"', Client().get(f"{address}window/").content.decode()
        )[:2]
        post(f"{address}window/", {"window": first})
        post(f"{address}window/", {"window": second, "reason_code": "customer_absent"})
    order = fieldwork.work_order(story.work_of(ticket))
    assert (order.window_version, order.window_from) == (2, at_text(second))
    assert fieldwork.history(order.id)[-1].actor == f"customer:{home.customer_id}"
    story.run_due_work(CALL + timedelta(minutes=6))
    assert [text for text in (line.text for line in messaging.inbox(home.customer_id)) if "上门时间已改为" in text]


def at_text(window: str) -> Any:
    return at(window[:16].replace("T", " "))


def test_a_begged_score_is_kept_and_moves_no_pay(city: str) -> None:
    home, technician = story.at_home(), story.technician()
    ticket = story.report(home, on=CALL)
    work = story.work_of(ticket)
    steps = [CALL + timedelta(minutes=minutes) for minutes in (10, 40, 55, 60)]
    story.visit(work, technician, planned=steps[2], steps=(steps[0], steps[1], steps[2], steps[3]))
    done = CALL + timedelta(minutes=95)
    story.finish(work, technician, on=done)
    story.run_due_work(done)
    before = quality.pay_of(work)
    with clock.standing_at(done + timedelta(minutes=5)):
        post(f"{link_in_the_newest_message(home.customer_id)}rate/", {"score": "10", "begged": "on"})
    story.tell_everybody()
    rated = care.rating_of(ticket.id)
    assert rated is not None
    assert (rated.score, rated.is_begged) == (10, True)
    outcome = quality.outcome(work)
    assert (outcome.score, outcome.is_score_begged) == (10, True)
    assert quality.pay_of(work) == before
    assert quality.why(before[0].id).calculation.inputs.evidence.rating_count == 0
    assert ref("ticket", ticket.id) == outcome.cause
