"""The hotline of the living city: the exchange rings, an agent answers, the call is summed up."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yuanxin.care import api as care
from yuanxin.kernel.tenancy import scope
from yuanxin.parties import api as parties
from yuanxin.published.refs import TicketRef
from yuanxin.simulation.living.rates import Kind, Rates, Story
from yuanxin.simulation.seeding.organisation import CITY

WRAP_UPS = {Kind.FAULT: "ticket", Kind.COMPLAINT: "complaint", Kind.INFORMATION: "informed"}


class Hotline:
    """Calls through the simulated exchange, by whoever acts. since: earlier calls are taken down without it."""

    def __init__(self, rates: Rates, *, since: datetime) -> None:
        self._rates, self._since = rates, since

    def talk(
        self,
        story: Story,
        customer_id: UUID,
        at: datetime,
        throws: random.Random,
        take: Callable[[UUID | None], TicketRef | None],
    ) -> TicketRef | None:
        """Let the customer ring and the agent who acts answer; ``take`` gets the call and takes the story down."""
        if at < self._since:
            return take(None)
        with transaction.atomic(), scope(CITY):
            number = parties.phone_of(customer_id)
        queue = self._rates.queue(throws)
        call_id = care.ring_call(caller_number=number, queue=queue, at=at)
        if throws.random() < self._rates.share("hotline", "gives_up"):  # and calls again at once
            care.give_up_call(call_id=call_id, at=at + self._seconds(throws, "gives_up_after"))
            call_id = care.ring_call(caller_number=number, queue=queue, at=at)
        answered_at = at + self._seconds(throws, "waits")
        care.answer_call(call_id=call_id, at=answered_at)
        ended_at = answered_at + self._seconds(throws, "talks")
        try:
            care.identify_caller(call_id=call_id, customer_id=customer_id, at=answered_at)
            return take(call_id)
        finally:  # whatever was refused, the agent puts the receiver down
            care.hang_up_call(call_id=call_id, at=ended_at)
            care.wrap_up(call_id=call_id, wrap_up=WRAP_UPS[story.kind], at=ended_at + self._seconds(throws, "sums_up"))

    def _seconds(self, throws: random.Random, name: str) -> timedelta:
        return timedelta(seconds=round(throws.expovariate(1 / self._rates.share("hotline", name))))
