"""The countdown's colour, the next step of a running order, and how facts in any order make one row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from yuanxin.kernel.errors import DomainError


class SharesUnordered(DomainError):
    """The amber share must lie above the red share, both between 0 and 100 percent."""

    code = "supervision.shares_unordered"


class Colour(StrEnum):
    """Colour of a countdown 红黄绿."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    OVERDUE = "overdue"
    NONE = "none"


SHAPES: Mapping[Colour, str] = {
    Colour.GREEN: "○",
    Colour.AMBER: "△",
    Colour.RED: "◆",
    Colour.OVERDUE: "◆",
    Colour.NONE: "–",
}
"""The sign beside the colour, so that nobody needs to tell red from green."""


@dataclass(frozen=True)
class Shares:
    """Where the colours change, in whole percent of the time that was given (%).

    Green above ``amber_percent`` left, amber down to ``red_percent``, red below it, then overdue.
    """

    amber_percent: int
    red_percent: int

    def __post_init__(self) -> None:
        if not 0 <= self.red_percent < self.amber_percent <= 100:
            raise SharesUnordered(amber=self.amber_percent, red=self.red_percent)


@dataclass(frozen=True)
class Countdown:
    """What a screen shows of one clock; ``left`` is negative when overdue and None without a clock."""

    colour: Colour
    shape: str
    is_hatched: bool
    left: timedelta | None


def countdown(
    *, at: datetime, started_at: datetime, due_at: datetime | None, paused_at: datetime | None, shares: Shares
) -> Countdown:
    """Return colour and time left of a clock; a paused clock stands still since ``paused_at`` and is hatched.

    A clock without ``due_at`` has no colour: no time was ever promised. Source: interface design, countdown rule.
    """
    if due_at is None:
        return Countdown(Colour.NONE, SHAPES[Colour.NONE], is_hatched=False, left=None)
    left = due_at - (at if paused_at is None else min(at, paused_at))
    colour = _colour(left, due_at - started_at, shares)
    return Countdown(colour, SHAPES[colour], is_hatched=paused_at is not None, left=left)


def _colour(left: timedelta, given: timedelta, shares: Shares) -> Colour:
    if left < timedelta(0):
        return Colour.OVERDUE
    if left * 100 > given * shares.amber_percent:
        return Colour.GREEN
    if left * 100 >= given * shares.red_percent:
        return Colour.AMBER
    return Colour.RED


def tightest(statutory_due_at: datetime | None, assessment_due_at: datetime | None) -> datetime | None:
    """Return the earlier of two due instants, None when there is neither."""
    return min((due for due in (statutory_due_at, assessment_due_at) if due is not None), default=None)


class Stage(IntEnum):
    """Where a running order stands 环节; the number breaks a tie between facts of the same instant."""

    KNOWN = 0
    OPENED = 10
    POOLED = 20
    RETURNED = 25
    ASSIGNED = 40
    ACCEPTED = 50
    DEPARTED = 60
    ARRIVED = 70
    STARTED = 80
    REVIEW = 85
    SENT_BACK = 87
    CANCELLED = 90
    FINISHED = 92
    RESOLVED = 95
    CALLED_BACK = 97
    CLOSED = 99

    @property
    def code(self) -> str:
        """Return the code that is stored and shown."""
        return self.name.lower()


def stage_of(code: str) -> Stage:
    """Return the stage of a stored code."""
    return Stage[code.upper()]


class Kind(StrEnum):
    """What runs: a trouble ticket 报障, a complaint 投诉, or work that something else asked for 工单."""

    TICKET = "ticket"
    COMPLAINT = "complaint"
    WORK = "work"


@dataclass(frozen=True)
class NextStep:
    """What has to happen next and whose turn it is: ``owner`` is dispatcher, technician, agent or complaint_desk."""

    step: str
    owner: str


NEXT_STEPS: Mapping[Stage, NextStep] = {
    Stage.KNOWN: NextStep("assign", "dispatcher"),
    Stage.OPENED: NextStep("assign", "dispatcher"),
    Stage.POOLED: NextStep("assign", "dispatcher"),
    Stage.RETURNED: NextStep("assign", "dispatcher"),
    Stage.ASSIGNED: NextStep("accept", "technician"),
    Stage.ACCEPTED: NextStep("depart", "technician"),
    Stage.DEPARTED: NextStep("arrive", "technician"),
    Stage.ARRIVED: NextStep("start", "technician"),
    Stage.STARTED: NextStep("finish", "technician"),
    Stage.REVIEW: NextStep("review", "dispatcher"),
    Stage.SENT_BACK: NextStep("finish", "technician"),
    Stage.CANCELLED: NextStep("close", "agent"),
    Stage.FINISHED: NextStep("call_back", "agent"),
    Stage.RESOLVED: NextStep("call_back", "agent"),
    Stage.CALLED_BACK: NextStep("close", "agent"),
}


def next_step(stage: Stage, *, kind: Kind, is_held: bool) -> NextStep | None:
    """Return the next step of a running order, None when it is closed."""
    if stage is Stage.CLOSED:
        return None
    if kind is Kind.COMPLAINT:
        return NextStep("answer", "complaint_desk")
    if is_held:
        return NextStep("resume", "dispatcher")
    return NEXT_STEPS[stage]


WHY: Mapping[Stage, str] = {stage: stage.code for stage in NEXT_STEPS}
"""Why a running order stands where it stands: its stage, in the words of the day's list."""


def why(stage: Stage, *, kind: Kind, held_reason: str) -> str:
    """Return why an order stands: the reason of its hold, or what it waits for; empty when it is closed."""
    if kind is Kind.COMPLAINT:
        return "complaint"
    return held_reason or WHY.get(stage, "")


@dataclass(frozen=True)
class Named:
    """Who a leader named for the next step of an order at a stage, and until when (日清)."""

    stage: Stage
    person_id: UUID
    until: datetime


@dataclass(frozen=True)
class OpenWork:
    """What the day's list knows of one running order."""

    kind: Kind
    stage: Stage
    held_reason: str
    technician_id: UUID | None
    window_to: datetime | None
    planned_from: datetime | None
    due_at: datetime | None


@dataclass(frozen=True)
class DayLine:
    """One line of the day's list: what comes next, whose turn it is by role and by name, until when, why it stands."""

    step: str
    owner: str
    person_id: UUID | None
    until: datetime | None
    why: str

    @property
    def is_missing(self) -> bool:
        """Whether nobody is named or no instant is said: such a line must not stay so at the end of the day."""
        return self.person_id is None or self.until is None or not self.step


def day_line(work: OpenWork, named: Named | None) -> DayLine | None:
    """Return the line of a running order, None when it is closed.

    The technician who has the work is named by that; whoever a leader named for this very stage comes first, and is
    forgotten when the order moves on. Until: what was named, else the customer's window, the plan, the clock.
    """
    step = next_step(work.stage, kind=work.kind, is_held=bool(work.held_reason))
    if step is None:
        return None
    mine = named if named is not None and named.stage is work.stage else None
    is_theirs = step.owner == "technician"
    person_id = mine.person_id if mine else work.technician_id if is_theirs else None
    planned = work.window_to or work.planned_from if is_theirs else None
    until = mine.until if mine else planned or work.due_at
    return DayLine(
        step.step, step.owner, person_id, until, why(work.stage, kind=work.kind, held_reason=work.held_reason)
    )


@dataclass(frozen=True)
class Forecast:
    """How far ahead a breach is foretold (minutes); rulebook ``clock.forecast``."""

    far_minutes: int
    near_minutes: int


Stamps = dict[str, tuple[datetime, int]]
"""Per field the instant and the rank of the fact that last set it."""


def newer_fields(
    stamps: Stamps, values: Mapping[str, Any], *, at: datetime, rank: int
) -> tuple[dict[str, Any], Stamps]:
    """Return the fields of ``values`` that this fact may set, and the stamps after it.

    A field goes to the fact with the greater (instant, rank); the same fact twice changes nothing the second time.
    So facts in any order and any number end in the same row.
    """
    mine = (at, rank)
    winners = {name: value for name, value in values.items() if name not in stamps or stamps[name] < mine}
    return winners, {**stamps, **dict.fromkeys(winners, mine)}
