"""Callers with a history, and an agent who answers them, for the bench ``agent``; imported when Django is set up."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client

from benchmarks.city_people import AT, CITY, phone
from yuanxin.care import api as care
from yuanxin.inventory import api as inventory
from yuanxin.kernel import clock
from yuanxin.kernel.acting import acting_as, system
from yuanxin.kernel.tenancy import scope
from yuanxin.parties import api as parties
from yuanxin.published.codes import Channel, Service


@dataclass(frozen=True)
class Caller:
    """Somebody who calls, by the number that the exchange shows."""

    number: str
    customer_id: UUID


def histories(callers: int, customers: int, tickets: int, dice: random.Random) -> list[Caller]:
    """Give that many customers tickets, contacts and calls, through the doors; return them."""
    found: list[Caller] = []
    for nth in dice.sample(range(customers), callers):
        with acting_as(system("bench", scope=CITY)), transaction.atomic(), scope(CITY):
            number = phone(nth)
            customer_id = parties.callers([number])[number][0].customer_id
            _history(customer_id, number, tickets)
            found.append(Caller(f"+86 {number[:3]}/{number[3:7]}/{number[7:]}", customer_id))
    return found


def _history(customer_id: UUID, number: str, tickets: int) -> None:
    [address, *_] = parties.addresses_of(customer_id)
    services = inventory.services_of(customer_id, AT)
    service = Service.TV if Service.TV in services or not services else next(iter(services))
    fault = care.faults_of(service)[0].value
    for _nth in range(tickets):
        care.record_contact(
            channel=Channel.PHONE, reason_code="balance", outcome="information", customer_id=customer_id, at=AT
        )
        ticket = care.open_ticket(
            customer_id=customer_id,
            address_id=address.id,
            service=service,
            fault_code=fault,
            channel=Channel.PHONE,
            at=AT,
        )
        care.chase(ticket_id=ticket.id, at=AT)
        care.give_up_call(call_id=care.ring_call(caller_number=number, queue="96956", at=AT), at=AT)


class Agent:
    """An agent in a browser without one: answers, looks, hangs up, sums up."""

    is_at_page: ClassVar[bool] = False

    def __init__(self) -> None:
        self.browser = Client()
        self.browser.force_login(get_user_model().objects.get(number="A0001"))
        self._posts("/service/calls/state/", state="ready")

    def call(self, caller: Caller) -> tuple[float, float]:
        """Let somebody call; return the milliseconds from the answer to the page, and of the page alone."""
        with acting_as(system("bench", scope=CITY)), transaction.atomic(), scope(CITY):
            call_id = care.ring_call(caller_number=caller.number, queue="96956", at=clock.now())
        began = time.perf_counter()
        self._posts(f"/service/calls/{call_id}/answer/")
        opened = self.browser.get(f"/service/calls/{call_id}/")
        if opened.status_code != 302:
            raise RuntimeError(f"the caller is not known: {opened.status_code}")
        page_began = time.perf_counter()
        self._looks(f"/service/customers/{caller.customer_id}/")
        ended = time.perf_counter()
        self._posts(f"/service/calls/{call_id}/hang-up/")
        self._posts(f"/service/calls/{call_id}/wrap-up/", wrap_up="informed")
        return (ended - began) * 1000, (ended - page_began) * 1000

    def _looks(self, path: str) -> None:
        Agent.is_at_page = True
        try:
            shown = self.browser.get(path)
        finally:
            Agent.is_at_page = False
        if shown.status_code != 200:
            raise RuntimeError(f"{path}: {shown.status_code}")

    def _posts(self, path: str, **told: Any) -> None:
        answer = self.browser.post(path, {"key": uuid4(), **told})
        if answer.status_code != 302:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.content[:300]!r}")
