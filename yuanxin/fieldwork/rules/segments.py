"""Segments 责任段: who answered for an order, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from yuanxin.published.codes import Segment


@dataclass(frozen=True, slots=True)
class Stay:
    """The time for which a segment had an order; left_at None: it still has it."""

    segment: Segment
    entered_at: datetime
    left_at: datetime | None


def clock_topic(segment: Segment) -> str:
    """Return the rulebook topic of a segment's own clock."""
    return f"segment.{segment}"


def faults_of(stays: Sequence[Stay], opened_at: datetime, ended_at: datetime | None) -> list[str]:
    """Return what is wrong with the stays of one order: they must cover its life without gap or overlap.

    stays: in the order of their beginning. ended_at: when the order ended, None while it is open.
    """
    if not stays:
        return []
    wrong = []
    if stays[0].entered_at != opened_at:
        wrong.append("does not begin with the order")
    for before, after in pairwise(stays):
        if before.left_at != after.entered_at:
            wrong.append(f"{before.segment} and {after.segment} do not meet")
    if (stays[-1].left_at is None) != (ended_at is None):
        wrong.append("its end and the order's differ")
    return wrong


def minutes_of(stays: Sequence[Stay], until: datetime) -> dict[Segment, int]:
    """Return the whole minutes of each segment; open stays count until ``until``."""
    times: dict[Segment, timedelta] = {}
    for stay in stays:
        end = stay.left_at or until
        times[stay.segment] = times.get(stay.segment, timedelta()) + max(end - stay.entered_at, timedelta())
    return {segment: time // timedelta(minutes=1) for segment, time in times.items()}
