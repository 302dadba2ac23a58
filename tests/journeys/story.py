"""What journeys do again and again: the people, a walk of the technician, the workers behind the scenes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from yuanxin.care import api as care
from yuanxin.care.tests import make as care_make
from yuanxin.care.tests.make import Home
from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.tests import make as fieldwork_make
from yuanxin.kernel import acting, clock, runner, ticks
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.tests import make
from yuanxin.kernel.tests.make import at
from yuanxin.org import api as org
from yuanxin.org.tests import make as people
from yuanxin.published.codes import Channel, Service
from yuanxin.published.refs import TicketRef, ref

__all__ = [
    "Home", "as_role", "at", "at_home", "close_out", "finish", "report", "run_due_work", "technician",
    "tell_everybody", "visit", "work_of",
]  # fmt: skip

TOWN_HALL = fieldwork_make.TOWN_HALL
technician = fieldwork_make.technician
at_home = care_make.home


@contextmanager
def as_role(role: str) -> Iterator[UUID]:
    """Act as a new member of staff with this role only, so that the role must really carry the step."""
    staff_id = people.staff(role)
    with acting.acting_as(org.acting_for(staff_id)):
        yield staff_id


def report(
    home: Home, *, on: datetime, service: Service = Service.BROADBAND, fault_code: str = "no_internet"
) -> TicketRef:
    """Let an agent take a call and open a ticket for it."""
    with as_role("agent"):
        contact = care.record_contact(
            channel=Channel.PHONE,
            customer_id=home.customer_id,
            reason_code=fault_code,
            outcome=care.Outcome.TICKET,
            at=on,
            key=make.key(),
        )
        return care.open_ticket(
            customer_id=home.customer_id,
            address_id=home.address_id,
            service=service,
            fault_code=fault_code,
            channel=Channel.PHONE,
            contact_id=contact,
            at=on,
            key=make.key(),
        )


def work_of(ticket: TicketRef) -> UUID:
    """Return the work order that a ticket caused."""
    (order,) = fieldwork.work_orders_of(ref("ticket", ticket.id))
    return order.id


def visit(work: UUID, who: UUID, *, planned: datetime, steps: tuple[datetime, datetime, datetime, datetime]) -> None:
    """Let a dispatcher assign the work and the technician accept, depart, arrive and start at these instants.

    The customer hears of the assignment before the technician moves: later the news would be stale.
    """
    accepted, departed, arrived, started = steps
    with as_role("dispatcher"):
        fieldwork.assign(work_order_id=work, technician_id=who, planned_from=planned, at=accepted, key=make.key())
    run_due_work(accepted)
    with acting.acting_as(org.acting_for(who)):
        fieldwork.accept(work_order_id=work, at=accepted, key=make.key())
        fieldwork.depart(work_order_id=work, at=departed, key=make.key())
        fieldwork.arrive(work_order_id=work, lng=TOWN_HALL.lng, lat=TOWN_HALL.lat, at=arrived, key=make.key())
        fieldwork.start(work_order_id=work, at=started, key=make.key())


def close_out(work: UUID, *, on: datetime, key: IdempotencyKey) -> None:
    """Close the work out as whoever acts, with photo, signature and test values."""
    fieldwork_make.close(work, at=on, tests={"optical_dbm": "-19.5"}, key=key)


def finish(work: UUID, who: UUID, *, on: datetime) -> None:
    """Let the technician close the work out."""
    with acting.acting_as(org.acting_for(who)):
        close_out(work, on=on, key=make.key())


def tell_everybody() -> None:
    """Let the outbox runner bring every fact to those who wait for it."""
    runner.drain()


def run_due_work(on: datetime) -> None:
    """Let the outbox, sweeps and workers do what is due at this instant, until nothing is left."""
    tell_everybody()
    with clock.standing_at(on):
        for tick in list(ticks.registry.values()):
            ticks.run_tick(tick)
        while jobs := list(ProcrastinateJob.objects.filter(status="todo").order_by("-priority", "id")):
            for job in jobs:
                app.tasks[job.task_name](**job.args)
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [[job.pk for job in jobs]])
    tell_everybody()
