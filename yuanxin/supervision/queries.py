"""Reads of ``supervision``: the board, its lines, the ticker, what is parked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models

from yuanxin.kernel import runner
from yuanxin.kernel.listing import Column, Filter, Listing
from yuanxin.kernel.listing import Kind as ColumnKind
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tenancy import current_scope
from yuanxin.published.codes import Service
from yuanxin.standards import api as standards
from yuanxin.supervision import rules
from yuanxin.supervision.models import BoardRow
from yuanxin.supervision.rules import Kind, Shares, Stage

TICKER_FACTS = (
    "TicketOpened",
    "ComplaintOpened",
    "WorkOrderAssigned",
    "VisitDeparted",
    "VisitArrived",
    "WorkOrderHeld",
    "WorkOrderHandedOver",
    "WorkOrderFinished",
    "TicketClosed",
    "ClockWarned",
    "ClockBreached",
    "PoolOverdrawn",
)

CITY_DIGITS = 4

_BOARD = """
WITH running AS (
    SELECT grid_code, technician_id, clock_started_at, held_reason,
        least(statutory_due_at, assessment_due_at) AS due_at,
        CASE WHEN statutory_due_at <= coalesce(assessment_due_at, 'infinity')
             THEN statutory_paused_at ELSE assessment_paused_at END AS paused_at
    FROM supervision_boardrow WHERE is_open AND (%(city)s = '' OR city_code = %(city)s)),
counted AS (
    SELECT grid_code, technician_id, paused_at IS NOT NULL AS is_paused, due_at,
        due_at - least(%(at)s::timestamptz, paused_at) AS time_left, due_at - clock_started_at AS given
    FROM running)
SELECT grid_code, technician_id, is_paused,
    CASE WHEN due_at IS NULL OR given IS NULL THEN 'none'
         WHEN time_left < interval '0' THEN 'overdue'
         WHEN time_left * 100 > given * %(amber)s THEN 'green'
         WHEN time_left * 100 >= given * %(red)s THEN 'amber'
         ELSE 'red' END AS colour,
    count(*)
FROM counted GROUP BY 1, 2, 3, 4
"""


@dataclass
class Tally:
    """How many running orders of a group have each colour; a paused one counts in its colour and again as paused."""

    green: int = 0
    amber: int = 0
    red: int = 0
    overdue: int = 0
    none: int = 0
    paused: int = 0

    @property
    def total(self) -> int:
        """Return all running orders of the group."""
        return self.green + self.amber + self.red + self.overdue + self.none

    def add(self, colour: str, count: int, *, is_paused: bool) -> None:
        """Count so many more of a colour."""
        setattr(self, colour, getattr(self, colour) + count)
        if is_paused:
            self.paused += count


@dataclass
class BoardView:
    """The board's figures at an instant; ``by_technician`` has None for work that nobody has yet."""

    at: datetime
    all: Tally = field(default_factory=Tally)
    by_grid: dict[str, Tally] = field(default_factory=dict)
    by_technician: dict[UUID | None, Tally] = field(default_factory=dict)


@dataclass(frozen=True)
class BoardLine:
    """One running order as the control room shows it; ``due_at`` is the earlier of its two clocks."""

    subject: str
    kind: str
    number: str
    service: str
    order_kind: str
    grid_code: str
    technician_id: UUID | None
    work_order: str
    work_order_number: str
    stage: str
    held_reason: str
    opened_at: datetime | None
    window_from: datetime | None
    window_to: datetime | None
    clock_topic: str
    clock_started_at: datetime | None
    statutory_due_at: datetime | None
    assessment_due_at: datetime | None
    due_at: datetime | None
    colour: str
    shape: str
    is_hatched: bool
    left: timedelta | None
    next_step: str
    owner: str


@dataclass(frozen=True)
class TickerLine:
    """One recent fact: ``name`` is a code that the screen puts into words."""

    id: UUID
    recorded_at: datetime
    at: datetime
    name: str
    subject: str
    number: str
    grid_code: str
    technician_id: str


@dataclass(frozen=True)
class ParkedDelivery:
    """A fact that one reaction could not take 滞留投递, with the error of the last try."""

    id: int
    recorded_at: datetime
    fact_name: str
    reaction: str
    subject: str
    tries: int
    error: str
    city_code: str


def shares(at: datetime) -> Shares:
    """Return where the colours change, from the rulebook."""
    amber, red = (
        int(standards.parameter("clock.warning", name, at=at)) for name in ("amber_percent_left", "red_percent_left")
    )
    return Shares(amber, red)


def board(at: datetime) -> BoardView:
    """Count the running orders of the scope by colour, grid and technician; one statement over the open rows."""
    limits = shares(at)
    code = current_scope()
    wanted: dict[str, Any] = {
        "at": at,
        "amber": limits.amber_percent,
        "red": limits.red_percent,
        "city": code if len(code) == CITY_DIGITS else "",
    }
    view = BoardView(at)
    with connection.cursor() as cursor:
        cursor.execute(_BOARD, wanted)
        for grid_code, technician_id, is_paused, colour, count in cursor.fetchall():
            by_grid = view.by_grid.setdefault(grid_code, Tally())
            by_technician = view.by_technician.setdefault(technician_id, Tally())
            for tally in (view.all, by_grid, by_technician):
                tally.add(colour, count, is_paused=is_paused)
    return view


def running() -> models.QuerySet[BoardRow]:
    """Return the open rows with ``due_at`` (the earlier clock), ``next_step`` and ``owner``, without order."""
    rows: models.QuerySet[BoardRow] = BoardRow.objects.filter(is_open=True)
    return rows.annotate(
        due_at=models.functions.Least("statutory_due_at", "assessment_due_at"),
        next_step=_by_stage("step"),
        owner=_by_stage("owner"),
    )


def _by_stage(what: str) -> models.Case:
    """Say the next step (or its owner) of every row in SQL; ``rules.next_step`` is the one source."""
    complaint = rules.next_step(Stage.KNOWN, kind=Kind.COMPLAINT, is_held=False)
    held = rules.next_step(Stage.KNOWN, kind=Kind.WORK, is_held=True)
    return models.Case(
        models.When(kind=Kind.COMPLAINT, then=models.Value(getattr(complaint, what))),
        models.When(~models.Q(held_reason=""), then=models.Value(getattr(held, what))),
        *(
            models.When(stage=stage.code, then=models.Value(getattr(step, what)))
            for stage, step in rules.NEXT_STEPS.items()
        ),
        default=models.Value(""),
        output_field=models.CharField(),
    )


def _choices(codes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((code, code) for code in codes)


STAGES = _choices(stage.code for stage in Stage)
STEPS = _choices(sorted({step.step for step in rules.NEXT_STEPS.values()} | {"resume", "answer"}))
OWNERS = _choices(("dispatcher", "technician", "agent", "complaint_desk"))

open_clocks = Listing(
    name="supervision.open_clocks",
    title="Open orders",
    rows=running,
    columns=(
        Column("number", "Number", is_sortable=True),
        Column("kind", "Kind", ColumnKind.CODE, choices=_choices(kind.value for kind in Kind)),
        Column("service", "Service", ColumnKind.CODE, choices=_choices(service.value for service in Service)),
        Column("grid_code", "Grid", is_sortable=True),
        Column("technician_id", "Technician", ColumnKind.ID),
        Column("stage", "Stage", ColumnKind.CODE, choices=STAGES),
        Column("due_at", "Due", ColumnKind.INSTANT, is_sortable=True),
        Column("next_step", "Next step", ColumnKind.CODE, choices=STEPS),
        Column("owner", "Owner", ColumnKind.CODE, choices=OWNERS),
        Column("held_reason", "Held because", is_shown=False),
        Column("opened_at", "Opened at", ColumnKind.INSTANT, is_sortable=True, is_shown=False),
        Column("statutory_due_at", "Due by law", ColumnKind.INSTANT, is_shown=False),
        Column("assessment_due_at", "Due by promise", ColumnKind.INSTANT, is_shown=False),
        Column("window_from", "Window from", ColumnKind.INSTANT, is_shown=False),
        Column("window_to", "Window to", ColumnKind.INSTANT, is_shown=False),
        Column("work_order_number", "Work order", is_shown=False),
        Column("clock_topic", "Clock", is_shown=False),
    ),
    filters=(
        Filter("grid", "grid_code", "Grid", lookup="startswith"),
        Filter("technician", "technician_id", "Technician", ColumnKind.ID),
        Filter("stage", "stage", "Stage", ColumnKind.CODE, lookup="in", choices=STAGES),
        Filter("owner", "owner", "Owner", ColumnKind.CODE, choices=OWNERS),
        Filter("due_before", "due_at", "Due before", ColumnKind.INSTANT, lookup="lt"),
    ),
    default_sort="due_at",
    quick=("number", "work_order_number"),
)
"""Every running order with its next step and the one who has it 日清; the most urgent first."""


def open_lines(
    at: datetime, *, grid_code: str = "", technician_id: UUID | None = None, limit: int = 200
) -> list[BoardLine]:
    """Return running orders with their countdown, most urgent first, those without a clock last; one statement."""
    rows = running()
    if grid_code:
        rows = rows.filter(grid_code=grid_code)
    if technician_id is not None:
        rows = rows.filter(technician_id=technician_id)
    return lines(rows.order_by(models.F("due_at").asc(nulls_last=True), "opened_at", "pk")[:limit], at)


def lines(rows: Iterable[BoardRow], at: datetime) -> list[BoardLine]:
    """Return rows of ``open_clocks`` as the screen shows them at an instant; no statement of its own."""
    limits = shares(at)
    return [_line(row, at, limits) for row in rows]


def _line(row: BoardRow, at: datetime, limits: Shares) -> BoardLine:
    due_at = rules.tightest(row.statutory_due_at, row.assessment_due_at)
    is_statutory = due_at is not None and due_at == row.statutory_due_at
    shown = rules.countdown(
        at=at,
        started_at=row.clock_started_at or at,
        due_at=due_at if row.clock_started_at else None,
        paused_at=row.statutory_paused_at if is_statutory else row.assessment_paused_at,
        shares=limits,
    )
    step = rules.next_step(rules.stage_of(row.stage), kind=Kind(row.kind), is_held=bool(row.held_reason))
    return BoardLine(
        **{name: getattr(row, name) for name in BOARD_FIELDS},
        due_at=due_at,
        colour=shown.colour.value,
        shape=shown.shape,
        is_hatched=shown.is_hatched,
        left=shown.left,
        next_step=step.step if step else "",
        owner=step.owner if step else "",
    )


BOARD_FIELDS = BoardLine.__dataclass_fields__.keys() & {column.attname for column in BoardRow._meta.concrete_fields}


def ticker(*, since: datetime | None = None, limit: int = 40) -> list[TickerLine]:
    """Return recent facts of the scope that people want to see, newest first; one indexed statement.

    since: wall instant (``recorded_at``) from which on; a reader asks again a little before its newest line and
    drops by id what it has, because a transaction that began earlier may commit later.
    """
    rows = FactRecord.objects.filter(name__in=TICKER_FACTS)
    if since is not None:
        rows = rows.filter(recorded_at__gte=since)
    return [_ticker_line(row) for row in rows.order_by("-recorded_at", "-id")[:limit]]


def _ticker_line(row: FactRecord) -> TickerLine:
    body: dict[str, Any] = row.body
    return TickerLine(
        id=row.id,
        recorded_at=row.recorded_at,
        at=row.at,
        name=row.name,
        subject=row.subject,
        number=body.get("number", ""),
        grid_code=body.get("grid_code", ""),
        technician_id=body.get("technician_id", ""),
    )


def parked() -> list[ParkedDelivery]:
    """Return the parked deliveries of the scope, oldest first; one statement on a partial index."""
    return [
        ParkedDelivery(
            id=found["id"],
            recorded_at=found["recorded_at"],
            fact_name=found["fact_name"],
            reaction=found["reaction"],
            subject=found["lane"].partition("|")[2],
            tries=found["tries"],
            error=found["error"],
            city_code=found["city_code"],
        )
        for found in runner.parked()
    ]
