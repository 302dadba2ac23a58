"""Proposals and several people at once, with the jobs that make them: the locks decide, and nothing is half-written."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from yuanxin.engines.routing.engine import DEFAULT
from yuanxin.engines.routing.watching import Progress
from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork import planning_tasks
from yuanxin.fieldwork.actions import planning
from yuanxin.fieldwork.api import State, errors
from yuanxin.fieldwork.models import PlannedVisit, PlanPart, ProposalDecision
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import minutes
from yuanxin.kernel import acting, clock
from yuanxin.kernel.jobs import run_queued
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.kernel.tests import make as kernel

pytestmark = pytest.mark.usefixtures("in_foshan")


def in_city(people: int, orders: int) -> tuple[list[UUID], list[UUID]]:
    with transaction.atomic(), scope("4406"):
        make.rulebooks()
        return [make.technician(f"师傅{number}") for number in range(people)], [make.order() for _ in range(orders)]


def here(deed: Callable[[], Any]) -> Any:
    """Do it in a transaction of its own, in the city."""
    with transaction.atomic(), scope("4406"):
        return deed()


def alone(deed: Callable[[], Any]) -> Any:
    """Do it in a thread of its own, as the one who may do all."""
    try:
        with acting.acting_as(kernel.acting("4406")):
            return deed()
    finally:
        connection.close()


def computed(after: float = 5) -> UUID:
    def ask() -> UUID:
        asked = fieldwork.plan_city(at=minutes(after))
        fieldwork.compute_proposal(proposal_id=asked, at=minutes(after))
        return asked

    found: UUID = here(ask)
    return found


def test_of_two_dispatchers_who_accept_at_once_one_wins_and_each_order_goes_once() -> None:
    _, orders = in_city(3, 6)
    asked = computed()

    def accept() -> str:
        try:
            done = fieldwork.accept_proposal(proposal_id=asked, at=minutes(6)).done
        except errors.ProposalDecided:
            return "too late"
        return f"{len(done)} done"

    with ThreadPoolExecutor(2) as crowd:
        said = sorted(crowd.map(lambda _: alone(accept), range(2)))
    assert said == ["6 done", "too late"]
    with transaction.atomic(), scope("4406"):
        assert PlannedVisit.objects.filter(released_at=None).count() == len(orders)
        assert ProposalDecision.objects.count() == 1
        assert make.broken() == []


def test_a_technician_who_departs_meanwhile_keeps_his_visit() -> None:
    (chen, li), (first, second) = in_city(2, 2)

    def stand() -> None:
        for order in (first, second):
            fieldwork.assign(
                work_order_id=order,
                technician_id=chen,
                planned_from=minutes(90 if order == first else 200),
                at=minutes(2),
            )
        with acting.acting_as(make.as_staff(chen)):
            fieldwork.accept(work_order_id=first, at=minutes(3))
        asked = fieldwork.technician_out(technician_id=chen, at=minutes(4))
        assert asked is not None
        fieldwork.compute_proposal(proposal_id=asked, at=minutes(5))

    here(stand)
    (view,) = here(fieldwork.open_proposals)

    def depart() -> str:
        with acting.acting_as(make.as_staff(chen)):
            try:
                fieldwork.depart(work_order_id=first, at=minutes(6))
            except errors.NotYourOrder:
                return "not mine"
        return "departed"

    def accept() -> fieldwork.Accepted:
        return fieldwork.accept_proposal(proposal_id=view.id, at=minutes(6))

    with ThreadPoolExecutor(2) as crowd:
        waiting = [crowd.submit(alone, deed) for deed in (depart, accept)]
        said, accepted = (one.result() for one in waiting)
    with transaction.atomic(), scope("4406"):
        order = fieldwork.work_order(first)
        assert fieldwork.work_order(second).technician_id == li
        if said == "departed":
            assert (order.state, order.technician_id) == (State.EN_ROUTE, chen)
            assert [one.error for one in accepted.stale] == ["fieldwork.visit_moved_meanwhile"]
        else:
            assert (order.state, order.technician_id, accepted.stale) == (State.OFFERED, li, ())
        assert make.broken() == []


def worked() -> None:
    """Let the ticker look once and a worker do what is queued."""
    with acting.acting_as(acting.system("ticker", scope=ALL)), transaction.atomic(), scope(ALL):
        planning_tasks.wake_plans(clock.now())
    run_queued()


def test_a_job_solves_what_was_asked_and_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    in_city(2, 4)
    monkeypatch.setattr(planning_tasks, "TOLD_EVERY_S", 0)
    asked = here(lambda: fieldwork.plan_city(at=clock.now()))
    worked()
    view = here(lambda: fieldwork.proposal(asked))
    assert (view.state, view.percent, view.engine) == ("ready", 100, DEFAULT)
    worked()
    assert here(lambda: PlanPart.objects.filter(proposal=asked).count()) == 1


def test_a_run_that_somebody_stopped_is_not_solved() -> None:
    in_city(1, 1)
    asked = here(lambda: fieldwork.plan_city(at=clock.now()))
    with acting.acting_as(acting.system("ticker", scope=ALL)), transaction.atomic(), scope(ALL):
        planning_tasks.wake_plans(clock.now())
    here(lambda: fieldwork.cancel_proposal(proposal_id=asked, at=clock.now()))
    run_queued()
    assert here(lambda: fieldwork.proposal(asked)).state == "cancelled"


def test_progress_reaches_the_page_and_a_stop_reaches_the_engine() -> None:
    in_city(1, 1)
    asked = here(lambda: fieldwork.plan_city(at=clock.now()))
    part = here(lambda: PlanPart.objects.get(proposal=asked).pk)
    here(lambda: planning.begin_part(part_id=part, at=clock.now()))
    teller = planning_tasks._Teller(part, "4406", 10.0)
    teller.tell(Progress(total=1234, seconds=4.0, rounds=7))
    view = here(lambda: fieldwork.proposal(asked))
    assert (view.state, view.percent, view.objective) == ("running", 40, 1234)
    assert not teller.is_stopped
    here(lambda: fieldwork.cancel_proposal(proposal_id=asked, at=clock.now()))
    teller.told_at = 0.0
    assert teller.is_unwanted()
