"""Rosters 排班: shifts as a city knows them, what a person's day comes to, and what leave takes away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias
from uuid import UUID

from yuanxin.kernel.time import at_minute

Stretch: TypeAlias = tuple[datetime, datetime]  # from, to; half-open
_MINUTE = timedelta(minutes=1)


class DutyKind(StrEnum):
    """What a person does on a day: day 白班, night 夜班, holiday 节假日值班, on_call 备勤, training 培训, rest 休息."""

    DAY = "day"
    NIGHT = "night"
    HOLIDAY = "holiday"
    ON_CALL = "on_call"
    TRAINING = "training"
    REST = "rest"


class LeaveKind(StrEnum):
    """Why a person is away: sick 病假, annual 年假, personal 事假, training 培训."""

    SICK = "sick"
    ANNUAL = "annual"
    PERSONAL = "personal"
    TRAINING = "training"


@dataclass(frozen=True, slots=True)
class Pause:
    """A break of ``minutes`` that begins between ``earliest`` and ``latest``; it is not work."""

    earliest: datetime
    latest: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Stint:
    """One duty of a person: on is the day it belongs to, even when it ends on the next. A day of rest has no span."""

    kind: DutyKind
    shift: str
    on: date
    span: Stretch | None
    pause: Pause | None = None

    @property
    def minutes(self) -> int:
        """Return the minutes from begin to end without the break."""
        return _minutes([self.span] if self.span else [], self.pause)


@dataclass(frozen=True, slots=True)
class ShiftTemplate:
    """A shift 班次 of a city: minutes from the local midnight of its day, above 1440 on the next; rest has no hours."""

    code: str
    kind: DutyKind
    hours: tuple[int, int] | None
    pause: tuple[int, int, int] | None  # earliest begin, latest begin, minutes

    def on(self, day: date, hours: tuple[int, int] | None = None) -> Stint:
        """Return this shift on a day, with other hours if they are given; a break outside them falls away."""
        begins, ends = hours or self.hours or (0, 0)
        if self.kind is DutyKind.REST or begins == ends:
            return Stint(self.kind, self.code, day, None)
        span = (at_minute(day, begins), at_minute(day, ends))
        if self.pause is None:
            return Stint(self.kind, self.code, day, span)
        earliest, latest, minutes = self.pause
        pause = Pause(at_minute(day, earliest), at_minute(day, latest), minutes)
        return Stint(self.kind, self.code, day, span, _inside(pause, [span]))


@dataclass(frozen=True, slots=True)
class ShiftSpan:
    """When a technician may be sent on one day. breaks: earliest and latest begin, minutes.

    kind: of his duty; empty when no roster was made and the rulebook's shift holds. lent_to_unit_id: the unit he is
    lent to that day, None when he is at home.
    """

    starts_at: datetime
    ends_at: datetime
    breaks: tuple[tuple[datetime, datetime, int], ...] = ()
    overtime_minutes: int = 0
    kind: str = ""
    lent_to_unit_id: UUID | None = None


def span_of(
    stints: Iterable[Stint], away: Iterable[Stretch], planned_kinds: Iterable[DutyKind], overtime_minutes: int
) -> ShiftSpan | None:
    """Return a person's day for the planner, None when he cannot be sent at all.

    away: leave. Duties of other kinds (a training, on call) take their time out; whatever lies between the first and
    the last piece that is left is a fixed break.
    """
    planned = frozenset(planned_kinds)
    rows = sorted((one for one in stints if one.span), key=lambda one: one.span or ())
    sent = [one for one in rows if one.kind in planned]
    holes = [*away, *(one.span for one in rows if one.kind not in planned and one.span)]
    pieces = without([one.span for one in sent if one.span], holes)
    if not pieces:
        return None
    gaps = [Pause(ended, ended, (begins - ended) // _MINUTE) for (_, ended), (begins, _) in pairwise(pieces)]
    pauses = [kept for one in sent if one.pause and (kept := _inside(one.pause, pieces))]
    found = sorted((*gaps, *pauses), key=lambda one: one.earliest)
    return ShiftSpan(
        starts_at=pieces[0][0],
        ends_at=pieces[-1][1],
        breaks=tuple((one.earliest, one.latest, one.minutes) for one in found),
        overtime_minutes=overtime_minutes,
        kind=str(sent[0].kind),
    )


def rest_of_night(span: ShiftSpan | None, midnight: datetime, at: datetime) -> ShiftSpan | None:
    """Return what is left after midnight of a shift that began before, None when nothing is at this instant."""
    if span is None or not midnight <= at < span.ends_at:
        return None
    breaks = tuple((max(since, midnight), until, minutes) for since, until, minutes in span.breaks if until >= midnight)
    return replace(span, starts_at=max(span.starts_at, midnight), breaks=breaks)


def lent(span: ShiftSpan, unit_id: UUID | None) -> ShiftSpan:
    """Return the span of somebody who is lent to a unit 借调."""
    return replace(span, lent_to_unit_id=unit_id)


def worked_minutes(stint: Stint, away: Iterable[Stretch]) -> int:
    """Return what of a duty is worked, in minutes, when leave is taken out."""
    pieces = without([stint.span] if stint.span else [], list(away))
    pause = _inside(stint.pause, pieces) if stint.pause else None
    return _minutes(pieces, pause)


def without(spans: Sequence[Stretch], holes: Sequence[Stretch]) -> list[Stretch]:
    """Return what is left of spans, in the order of time and joined where they touch, when holes are cut out."""
    left: list[Stretch] = []
    for begins, ends in sorted(spans):
        pieces = [(begins, ends)]
        for hole_from, hole_to in holes:
            pieces = [
                piece
                for since, until in pieces
                for piece in ((since, min(until, hole_from)), (max(since, hole_to), until))
                if piece[0] < piece[1]
            ]
        left.extend(pieces)
    joined: list[Stretch] = []
    for since, until in sorted(left):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(until, joined[-1][1]))
        else:
            joined.append((since, until))
    return joined


def overlaps(stints: Iterable[Stint]) -> bool:
    """Say whether two duties of one person cover the same minute, or rest stands beside a duty of its day."""
    rows = list(stints)
    spans = sorted(one.span for one in rows if one.span)
    rest = {one.on for one in rows if one.span is None}
    doubled = any(ended > begins for (_, ended), (begins, _) in pairwise(spans))
    return doubled or any(one.on in rest for one in rows if one.span)


def _inside(pause: Pause, pieces: Iterable[Stretch]) -> Pause | None:
    """Return the break as far as it can still be taken within one piece."""
    length = timedelta(minutes=pause.minutes)
    for begins, ends in pieces:
        earliest, latest = max(pause.earliest, begins), min(pause.latest, ends - length)
        if earliest <= latest:
            return Pause(earliest, latest, pause.minutes)
    return None


def _minutes(pieces: Iterable[Stretch], pause: Pause | None) -> int:
    whole = sum((ends - begins for begins, ends in pieces), timedelta())
    return whole // _MINUTE - (pause.minutes if pause else 0)
