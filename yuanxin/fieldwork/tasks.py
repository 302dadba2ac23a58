"""Timers and outside calls of field service."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.actions import arrivals, positions
from yuanxin.fieldwork.actions import relay as calls
from yuanxin.fieldwork.actions.calibrating import calibrate_travel
from yuanxin.fieldwork.queries import relay as asked
from yuanxin.fieldwork.queries.arrivals import cities_to_foretell
from yuanxin.fieldwork.queries.travel import cities_to_calibrate
from yuanxin.fieldwork.relay import CallEnd, RelayCall, RelayDown, relay
from yuanxin.kernel import clock
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.jobs import outside_task, scoped_task
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.ticks import every


@outside_task(queue="calls")
def place_call(*, tenant: str, attempt_id: str) -> None:
    """Let the relay ring; a relay that is down ends the attempt as failed, since somebody waits for it."""
    attempt = UUID(attempt_id)

    def report(ended_as: CallEnd, talked_seconds: int) -> None:
        with transaction.atomic(), scope(tenant):
            at = clock.now() + timedelta(seconds=talked_seconds)
            calls.record_call_end(attempt_id=attempt, ended_as=ended_as, talked_seconds=talked_seconds, at=at)

    try:
        with transaction.atomic(), scope(tenant):
            numbers, at = asked.numbers_of(attempt), clock.now()
            calls.note_placed(attempt_id=attempt, at=at)
        relay().place(
            RelayCall(
                attempt_id=attempt,
                tenant=tenant,
                shown=settings.YUANXIN_RELAY_SHOWN,
                caller=numbers.caller,
                callee=numbers.callee,
                at=at,
            ),
            report,
        )
    except (RelayDown, NotFound):
        report(CallEnd.FAILED, 0)


@every(seconds=1)
def wake_calls(at: datetime) -> None:
    """Enqueue one job per call that waits for the relay; one already queued stays."""
    for attempt, city in asked.calls_to_place(at):
        with suppress(AlreadyEnqueued), transaction.atomic():
            place_call.configure(queueing_lock=f"call-{attempt}").defer(attempt_id=str(attempt), tenant=city)


@scoped_task(queue="clocks")
def start_first_contacts() -> None:
    """Start the clocks of the first contact in one city."""
    calls.start_first_contacts(at=clock.now())


@every(seconds=20)
def wake_first_contacts(at: datetime) -> None:
    """Enqueue one job per city with new orders; a city already queued stays."""
    for city in asked.cities_without_first_contact(at):
        with suppress(AlreadyEnqueued), transaction.atomic():
            start_first_contacts.configure(queueing_lock=f"first-contacts-{city}").defer(tenant=city)


@scoped_task(queue="clocks")
def foretell_arrivals() -> None:
    """Tell one city's customers the hour that the day's plan knows."""
    arrivals.foretell_arrivals(at=clock.now())


@every(seconds=300)
def wake_arrivals(at: datetime) -> None:
    """Enqueue one job per city with visits in the coming hours; a city already queued stays."""
    for city in cities_to_foretell(at):
        with suppress(AlreadyEnqueued), transaction.atomic():
            foretell_arrivals.configure(queueing_lock=f"arrivals-{city}").defer(tenant=city)


@every(seconds=3600)
def erase_old_positions(at: datetime) -> None:
    """Tracks are kept no longer than the rulebook says."""
    positions.erase_old(at=at)


@scoped_task(queue="clocks")
def calibrate_city_travel() -> None:
    """Read the travel of one city off its check-ins."""
    calibrate_travel(at=clock.now())


@every(seconds=3600)
def wake_travel_calibration(at: datetime) -> None:
    """Enqueue one job a week per city in which technicians check in; a city already queued stays."""
    for city in cities_to_calibrate(parameters.calibration_since(at), at):
        with suppress(AlreadyEnqueued), transaction.atomic():
            calibrate_city_travel.configure(queueing_lock=f"travel-{city}").defer(tenant=city)
