"""Planning as jobs: one per cluster, watched and ended from outside, each step in a transaction of its own."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from yuanxin.engines.routing.watching import Progress, Watch
from yuanxin.fieldwork.actions import events, planning, proposals
from yuanxin.fieldwork.queries import proposals as asked
from yuanxin.kernel import clock
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.jobs import outside_task, scoped_task
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.ticks import every

TOLD_EVERY_S = 1.0
"""Wall seconds between two looks at who still wants the answer; a habit of the worker, not of the trade."""


@outside_task(queue="plans")
def solve_part(*, tenant: str, part_id: str) -> None:
    """Solve one cluster: read its day, think without a transaction, store the answer."""
    part = UUID(part_id)
    try:
        with transaction.atomic(), scope(tenant):
            at = clock.now()
            if not planning.begin_part(part_id=part, at=at):
                return
            work = planning.work_of(part, at)
        teller = _Teller(part, tenant, work.seconds)
        found = work.find(Watch(cancelled=teller.is_unwanted, progress=teller.tell))
        with transaction.atomic(), scope(tenant):
            planning.finish_part(part_id=part, answer=planning.answer_of(work.material, found), at=clock.now())
    except DomainError as error:
        with transaction.atomic(), scope(tenant):
            planning.fail_plan(part_id=part, error=error.code, at=clock.now())


class _Teller:
    """Tells the page how far a run is, and asks whether somebody stopped it; at most once a second."""

    def __init__(self, part: UUID, tenant: str, seconds: float) -> None:
        self.part, self.tenant, self.seconds = part, tenant, seconds
        self.told_at, self.is_stopped = 0.0, False
        self.percent, self.objective = 0, 0

    def tell(self, progress: Progress) -> None:
        self.percent = round(100 * progress.seconds / self.seconds) if self.seconds else 0
        self.objective = progress.total
        self._look()

    def is_unwanted(self) -> bool:
        self._look()
        return self.is_stopped

    def _look(self) -> None:
        if time.monotonic() - self.told_at < TOLD_EVERY_S:
            return
        self.told_at = time.monotonic()
        with transaction.atomic(), scope(self.tenant):
            wanted = planning.note_progress(part_id=self.part, percent=self.percent, objective=self.objective)
        self.is_stopped = not wanted


@every(seconds=1)
def wake_plans(at: datetime) -> None:
    """Enqueue one job per cluster that waits; a burst of events is let end first. One cluster is solved by one job."""
    for part, cluster, city in asked.parts_to_solve(at):
        job = solve_part.configure(lock=f"plan-{city}-{cluster}", queueing_lock=f"plan-part-{part}")
        with suppress(AlreadyEnqueued), transaction.atomic():
            job.defer(part_id=str(part), tenant=city)


@scoped_task(queue="clocks")
def watch_the_day() -> None:
    """Look for delays and no-shows in one city."""
    events.watch_the_day(at=clock.now())


@every(seconds=60)
def wake_watches(at: datetime) -> None:
    """Enqueue one look per city with visits today; a city already queued stays."""
    for city in asked.cities_at_work(at):
        with suppress(AlreadyEnqueued), transaction.atomic():
            watch_the_day.configure(queueing_lock=f"watch-{city}").defer(tenant=city)


@scoped_task(queue="clocks")
def expire_proposals() -> None:
    """End what nobody decided in one city."""
    proposals.expire_proposals(at=clock.now())


@every(seconds=60)
def wake_expiry(at: datetime) -> None:
    """Enqueue one look per city with proposals that are too old; a city already queued stays."""
    for city in asked.cities_with_old_proposals(at):
        with suppress(AlreadyEnqueued), transaction.atomic():
            expire_proposals.configure(queueing_lock=f"expire-{city}").defer(tenant=city)
