"""The owner of an order's grid 包片: can he go, and if not, why."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.engines.routing.eligibility import obstacles
from yuanxin.engines.routing.explaining import explain_unserved
from yuanxin.engines.routing.reasons import Cause
from yuanxin.fieldwork import parameters
from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.planning.answers import CandidateView, OwnershipView, work_minutes
from yuanxin.fieldwork.planning.day import Day, build_day
from yuanxin.fieldwork.rules.ownership import Mode, Verdict, verdict
from yuanxin.org import api as org

BUSY = {Cause.NO_FREE_TIME, Cause.NOT_WORTH_IT}


def ownership(day: Day, order: WorkOrder, found: list[CandidateView], at: datetime) -> OwnershipView:
    """Return what holds for the owner of the order's grid on this day. One statement, more when he cannot come."""
    rule = parameters.ownership(at)
    owner_id = _owner(day, order.grid_code)
    shift_minutes = _shift_minutes(day, owner_id, at)
    person = day.staff.get(str(owner_id)) if str(owner_id) in _holders(day, order.grid_code) else None
    mine = next((view for view in found if view.technician_id == owner_id), None)
    minutes = work_minutes(day, str(owner_id))
    cause = _cause(order, owner_id, day, at) if person and owner_id and mine is None else ""
    return OwnershipView(
        mode=str(rule.mode),
        verdict=str(
            verdict(
                is_known=owner_id is not None,
                is_present=person is not None,
                can_come=mine is not None,
                is_late=mine is not None and mine.is_late,
                has_room=rule.has_room(work_minutes=minutes + order.duration_minutes, shift_minutes=shift_minutes),
                is_busy=cause in BUSY,
            )
        ),
        owner_id=owner_id,
        name=person.name if person else org.staff(owner_id).name if owner_id else "",
        cause=cause,
        visits=len(day.committed.get(str(owner_id), ())),
        minutes=minutes,
        full_minutes=shift_minutes * rule.full_percent // 100,
    )


def owner_first(found: list[CandidateView], owner: OwnershipView) -> list[CandidateView]:
    """Put the owner before everybody else where the city works so and he can go; otherwise leave the order."""
    if owner.mode != Mode.OWNER or owner.verdict != Verdict.FIRST:
        return found
    return sorted(found, key=lambda view: view.technician_id != owner.owner_id)


def _owner(day: Day, grid_code: str) -> UUID | None:
    """Return who looks after a grid on this day: its technician, or while he is away somebody who is lent to it."""
    if not grid_code:
        return None
    owner_id, holders = org.grid_technician(grid_code), _holders(day, grid_code)
    return owner_id if not holders or str(owner_id) in holders else UUID(holders[0])


def _holders(day: Day, grid_code: str) -> list[str]:
    """Return who works in a grid as his own on this day."""
    return [one.id for one in day.problem.technicians if grid_code in one.grid_ids]


def _shift_minutes(day: Day, owner_id: UUID | None, at: datetime) -> int:
    """Return the minutes of the owner's shift without its breaks; the rulebook's when he is away."""
    one = day.problem.technician_by_id.get(str(owner_id))
    if one is None:
        shift = parameters.shift(at)
        return shift.to_minute - shift.from_minute - shift.lunch_minutes
    return (one.end - one.start - sum(rest.dur for rest in one.breaks)) // 60


def _cause(order: WorkOrder, owner_id: UUID, day: Day, at: datetime) -> str:
    """Return why the owner, asked alone, cannot come; what needs no clock is read off the day at hand."""
    job, owner = day.problem.job_by_id.get(str(order.pk)), day.problem.technician_by_id.get(str(owner_id))
    if job is not None and owner is not None:
        for reason in obstacles(day.problem, owner, job):
            return str(reason.cause)
    alone = build_day(day.on, [order], at=at, city_code=order.city_code, staff=[day.staff[str(owner_id)]])
    reasons = explain_unserved(alone.problem, None).get(str(order.pk), ())
    return str(reasons[0].cause) if reasons else str(Cause.NO_FREE_TIME)
