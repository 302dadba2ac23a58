"""Sending: a sweep sees which lanes wait, and one job per lane hands the messages over."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from yuanxin.kernel import clock
from yuanxin.kernel.jobs import outside_task
from yuanxin.kernel.tenancy import ALL
from yuanxin.kernel.ticks import every
from yuanxin.messaging import queries
from yuanxin.messaging.actions.sending import send_due
from yuanxin.messaging.rules import LANES
from yuanxin.published.codes import MessageClass


@outside_task(queue="messages")
def drain_lane(*, tenant: str, lane: str) -> None:
    """Hand over everything that is due in one lane; tenant is ``*``, each message runs in its own."""
    while send_due(at=clock.now(), lanes=[MessageClass(lane)]):
        continue


@every(seconds=1)
def wake_lanes(at: datetime) -> None:
    """Enqueue one job per waiting lane, the most urgent with the highest priority; a lane already queued stays."""
    for lane in queries.lanes_due(at):
        job = drain_lane.configure(queueing_lock=f"messages-{lane}", priority=len(LANES) - LANES.index(lane))
        with suppress(AlreadyEnqueued), transaction.atomic():
            job.defer(lane=lane.value, tenant=ALL)
