"""Grid ownership 包片: who goes first, and when somebody else may."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """How far a city binds orders to the owner of their grid."""

    OWNER = "owner"  # 包片
    MIXED = "mixed"  # 混合
    CITY = "city"  # 全城


class Verdict(StrEnum):
    """What holds for the owner of an order's grid."""

    FIRST = "first"  # he goes
    FULL = "full"  # his day has no room left
    LATE = "late"  # he could only come too late
    UNFIT = "unfit"  # a hard rule forbids it: a skill, a tool, the shift
    ABSENT = "absent"  # not at work
    NOBODY = "nobody"  # the grid has no owner


@dataclass(frozen=True, slots=True)
class Ownership:
    """The city's way. full_percent: of the shift's minutes; an owner with more work than that is full."""

    mode: Mode
    full_percent: int

    def has_room(self, *, work_minutes: int, shift_minutes: int) -> bool:
        """Say whether so much work, this order included, leaves the owner below his full day."""
        return work_minutes * 100 <= shift_minutes * self.full_percent


def verdict(
    *, is_known: bool, is_present: bool, can_come: bool, is_late: bool, has_room: bool, is_busy: bool
) -> Verdict:
    """Return what is said about the owner; is_busy: only other visits of the day keep him away."""
    if not is_known:
        return Verdict.NOBODY
    if not is_present:
        return Verdict.ABSENT
    if not can_come:
        return Verdict.FULL if is_busy else Verdict.UNFIT
    if not has_room:
        return Verdict.FULL
    return Verdict.LATE if is_late else Verdict.FIRST
