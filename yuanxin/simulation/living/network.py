"""The network fails along its topology, and the homes below report it in a cluster."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from yuanxin.fieldwork import api as fieldwork
from yuanxin.inventory import api as inventory
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.tenancy import scope
from yuanxin.parties import api as parties
from yuanxin.published.codes import Segment
from yuanxin.published.refs import TicketRef, ref
from yuanxin.simulation.living.office import Office
from yuanxin.simulation.living.rates import Element, Kind, Rates, Story
from yuanxin.simulation.living.tally import Tally
from yuanxin.simulation.living.town import Town
from yuanxin.simulation.replay.timeline import Timeline
from yuanxin.simulation.seeding.organisation import CITY

REASON = "line_fault"
CALLS_APART = timedelta(minutes=3)


@dataclass
class Outage:
    """One failed element and who reported it. led_by: the order that the line crew has."""

    node: str
    element: Element
    tickets: list[TicketRef] = field(default_factory=list)
    led_by: UUID | None = None


class Network:
    """Elements that fail, until they are repaired."""

    def __init__(
        self, timeline: Timeline, town: Town, rates: Rates, tally: Tally, office: Office, *, seed: int
    ) -> None:
        self._timeline, self._town, self._rates, self._tally, self._office = timeline, town, rates, tally, office
        self._throws = random.Random(f"network{seed}")
        self.outages: list[Outage] = []

    def failure_of(self, element: Element) -> Callable[[datetime], None]:
        """Return the event that an element of this kind fails."""
        return lambda at: self.fail(element, at)

    def fail(self, element: Element, at: datetime) -> None:
        """Let an element above a random home fail; some of the homes below report it within the next hours."""
        with transaction.atomic(), scope(CITY):
            node = self._node_above(self._throws.choice(self._town.customers), element.kind)
            below = inventory.customers_below(node) if node else []
        if node is None:
            return
        outage = Outage(node, element)
        self.outages.append(outage)
        count = min(int(self._rates.table["network"]["most_reports"]), max(1, round(len(below) * element.share)))
        mean = self._rates.span("network", "report_after")
        for customer_id in self._throws.sample(below, min(count, len(below))):
            later = at + self._throws.expovariate(1.0) * mean
            self._timeline.at(later, partial(self._report, outage, customer_id))

    def _node_above(self, customer_id: UUID, kind: str) -> str | None:
        homes = [home.id for home in parties.addresses_of(customer_id)]
        path = inventory.path_of(homes[0]) if homes else None
        return next((step.code for step in path.steps if step.kind == kind), None) if path else None

    def _report(self, outage: Outage, customer_id: UUID, at: datetime) -> None:
        if outage not in self.outages:
            return  # repaired before this home noticed
        element = outage.element
        resident = self._town.resident(customer_id, at)
        if resident is None or element.service not in resident.services:
            return
        title = str(self._rates.table["network"]["title"])
        story = Story(Kind.FAULT, title, element.fault_code, element.service, element.fault_code)
        opened = self._office.hear(story, resident, at)
        if opened is not None:
            outage.tickets.append(opened)

    def look(self, at: datetime) -> None:
        """The dispatcher sees the cluster and calls the line crew; when that is done, the others are phoned."""
        for outage in list(self.outages):
            if outage.led_by is None:
                if len(outage.tickets) >= int(self._rates.table["network"]["recognised_with"]):
                    self._call_line_crew(outage, at)
            elif self._is_repaired(outage.led_by):
                self.outages.remove(outage)
                for number, ticket in enumerate(outage.tickets):
                    self._timeline.at(at + number * CALLS_APART, partial(self._office.solve, ticket.id))

    def _call_line_crew(self, outage: Outage, at: datetime) -> None:
        for ticket in outage.tickets:
            with transaction.atomic(), scope(CITY):
                waiting = [
                    order
                    for order in fieldwork.work_orders_of(ref("ticket", ticket.id))
                    if fieldwork.Action.HAND_OVER in order.actions and order.segment is Segment.FIELD
                ]
            if not waiting:
                continue
            leader = self._town.acting("dispatch_leader", self._throws)
            with self._tally.trying("hand over to the line crew") as attempt, acting_as(leader):
                fieldwork.hand_over(
                    work_order_id=waiting[0].id, to_segment=outage.element.segment, reason_code=REASON, at=at
                )
            if attempt.went:
                outage.led_by = waiting[0].id
                return

    def _is_repaired(self, work_order_id: UUID) -> bool:
        with transaction.atomic(), scope(CITY):
            order = fieldwork.work_order(work_order_id)
        return order.is_done or order.state in (fieldwork.State.VOID, fieldwork.State.MERGED)
