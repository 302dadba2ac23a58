"""Reads of ``supervision``: the board, its lines, the ticker, what is parked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Extract, Least, NullIf

from yuanxin.kernel import clock, jobs, runner
from yuanxin.kernel.listing import Column, Filter, Listing
from yuanxin.kernel.listing import Kind as ColumnKind
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tenancy import ALL, current_scope
from yuanxin.published.codes import Service
from yuanxin.standards import api as standards
from yuanxin.supervision import rules
from yuanxin.supervision.models import BoardRow
from yuanxin.supervision.rules import Colour, Forecast, Kind, Shares, Stage

TICKER_FACTS = (
    "TicketOpened",
    "ComplaintOpened",
    "WorkOrderAssigned",
    "VisitDeparted",
    "VisitArrived",
    "WorkOrderHeld",
    "WorkOrderHandedOver",
    "CloseoutSubmitted",
    "CloseoutSentBack",
    "WorkOrderFinished",
    "TicketChased",
    "TicketClosed",
    "DaySigned",
    "ClockWarned",
    "ClockBreached",
    "PoolOverdrawn",
    "MessageFailed",
)

CITY_DIGITS = 4
NO_GRID = "none"
"""Asks for orders that belong to no grid, such as complaints."""

_BOARD = """
WITH running AS (
    SELECT grid_code, technician_id, segment, clock_started_at,
        least(statutory_due_at, assessment_due_at) AS due_at,
        CASE WHEN statutory_due_at <= coalesce(assessment_due_at, 'infinity')
             THEN statutory_paused_at ELSE assessment_paused_at END AS paused_at
    FROM supervision_boardrow WHERE is_open AND (%(city)s = '' OR city_code = %(city)s)),
counted AS (
    SELECT grid_code, technician_id, segment, paused_at IS NOT NULL AS is_paused, due_at, clock_started_at,
        due_at - least(%(at)s::timestamptz, paused_at) AS time_left, due_at - clock_started_at AS given
    FROM running)
SELECT grid_code, technician_id, segment, is_paused,
    CASE WHEN due_at IS NULL OR given IS NULL THEN 'none'
         WHEN time_left < interval '0' THEN 'overdue'
         WHEN time_left * 100 > given * %(amber)s THEN 'green'
         WHEN time_left * 100 >= given * %(red)s THEN 'amber'
         ELSE 'red' END AS colour,
    count(*),
    count(*) FILTER (WHERE NOT is_paused AND due_at BETWEEN %(at)s AND %(near)s),
    count(*) FILTER (WHERE NOT is_paused AND due_at BETWEEN %(at)s AND %(far)s)
FROM counted GROUP BY 1, 2, 3, 4, 5
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
    by_segment: dict[str, Tally] = field(default_factory=dict)
    near: int = 0
    far: int = 0
    """Orders whose clock will be over within the near and the far minutes of ``clock.forecast``, if nobody acts."""


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
    cause: str = ""
    unit_code: str = ""
    segment: str = ""
    reason_code: str = ""
    topic: str = ""


@dataclass(frozen=True)
class DeadJob:
    """A job that used up its attempts 死信任务; arguments are ids and codes."""

    id: int
    task: str
    queue: str
    attempts: int
    arguments: dict[str, Any]


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


def forecast(at: datetime) -> Forecast:
    """Return how far ahead a breach is foretold, from the rulebook."""
    far, near = (int(standards.parameter("clock.forecast", name, at=at)) for name in ("far_minutes", "near_minutes"))
    return Forecast(far, near)


def shares(at: datetime) -> Shares:
    """Return where the colours change, from the rulebook."""
    amber, red = (
        int(standards.parameter("clock.warning", name, at=at)) for name in ("amber_percent_left", "red_percent_left")
    )
    return Shares(amber, red)


def board(at: datetime) -> BoardView:
    """Count the running orders of the scope by colour, grid, technician and segment, and the breaches foretold.

    One statement over the open rows.
    """
    limits, ahead = shares(at), forecast(at)
    code = current_scope()
    wanted: dict[str, Any] = {
        "at": at,
        "amber": limits.amber_percent,
        "red": limits.red_percent,
        "near": at + timedelta(minutes=ahead.near_minutes),
        "far": at + timedelta(minutes=ahead.far_minutes),
        "city": code if len(code) == CITY_DIGITS else "",
    }
    view = BoardView(at)
    with connection.cursor() as cursor:
        cursor.execute(_BOARD, wanted)
        for grid_code, technician_id, segment, is_paused, colour, count, near, far in cursor.fetchall():
            by_grid = view.by_grid.setdefault(grid_code, Tally())
            by_technician = view.by_technician.setdefault(technician_id, Tally())
            by_segment = view.by_segment.setdefault(segment, Tally())
            for tally in (view.all, by_grid, by_technician, by_segment):
                tally.add(colour, count, is_paused=is_paused)
            view.near, view.far = view.near + near, view.far + far
    return view


def running() -> models.QuerySet[BoardRow]:
    """Return the open rows with ``due_at`` (the earlier clock), ``next_step`` and ``owner``, without order."""
    rows: models.QuerySet[BoardRow] = BoardRow.objects.filter(is_open=True)
    return rows.annotate(
        due_at=models.functions.Least("statutory_due_at", "assessment_due_at"),
        next_step=_by_stage("step"),
        owner=_by_stage("owner"),
    ).alias(grid_key=Coalesce(NullIf("grid_code", Value("")), Value(NO_GRID)))


def coloured() -> models.QuerySet[BoardRow]:
    """Return the open rows that can also be asked for by colour, by standing still, and by a breach foretold."""
    at = clock.now()
    limits, ahead = shares(at), forecast(at)
    rows = running().alias(paused_at=_paused_at())
    left = _seconds(F("due_at") - Coalesce(Least(F("paused_at"), at), Value(at, models.DateTimeField())))
    given = _seconds(F("due_at") - F("clock_started_at"))
    rows = rows.alias(left_percent=left * 100, amber=given * limits.amber_percent, red=given * limits.red_percent)
    return rows.alias(
        colour=_case(
            (Q(due_at=None) | Q(clock_started_at=None), "none"),
            (Q(left_percent__lt=0), "overdue"),
            (Q(left_percent__gt=F("amber")), "green"),
            (Q(left_percent__gte=F("red")), "amber"),
            default="red",
        ),
        standing=_case((Q(paused_at=None), "no"), default="yes"),
        foretold=_case(
            (~Q(paused_at=None) | Q(due_at=None) | Q(due_at__lt=at), ""),
            (Q(due_at__lte=at + timedelta(minutes=ahead.near_minutes)), "near"),
            (Q(due_at__lte=at + timedelta(minutes=ahead.far_minutes)), "far"),
            default="",
        ),
    )


def _paused_at() -> models.Case:
    """Since when the earlier of the two clocks stands still; NULL while it runs."""
    law_is_earlier = Q(statutory_due_at__isnull=False) & (
        Q(assessment_due_at=None) | Q(statutory_due_at__lte=F("assessment_due_at"))
    )
    return models.Case(models.When(law_is_earlier, then=F("statutory_paused_at")), default=F("assessment_paused_at"))


def _seconds(span: Any) -> models.Expression:
    return Extract(models.ExpressionWrapper(span, models.DurationField()), "epoch")


def _case(*whens: tuple[Q, str], default: str) -> models.Case:
    return models.Case(
        *(models.When(when, then=Value(code)) for when, code in whens),
        default=Value(default),
        output_field=models.CharField(),
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
COLOURS = _choices(colour.value for colour in Colour)
YES_NO = (("yes", "yes"), ("no", "no"))
AHEAD = (("near", "near"), ("far", "far"))
OWNERS = _choices(("dispatcher", "technician", "agent", "complaint_desk"))

open_clocks = Listing(
    name="supervision.open_clocks",
    title="Open orders",
    rows=coloured,
    columns=(
        Column("number", "Number", is_sortable=True),
        Column("kind", "Kind", ColumnKind.CODE, choices=_choices(kind.value for kind in Kind)),
        Column("service", "Service", ColumnKind.CODE, choices=_choices(service.value for service in Service)),
        Column("grid_code", "Grid", is_sortable=True),
        Column("technician_id", "Technician", ColumnKind.ID),
        Column("stage", "Stage", ColumnKind.CODE, choices=STAGES),
        Column("due_at", "Due", ColumnKind.INSTANT, is_sortable=True),
        Column("next_step", "Next step", ColumnKind.CODE, choices=STEPS),
        Column("owner", "Whose turn", ColumnKind.CODE, choices=OWNERS),
        Column("segment", "Segment", ColumnKind.CODE, is_shown=False),
        Column("chases", "Chases", ColumnKind.NUMBER, is_sortable=True, is_shown=False),
        Column("held_reason", "Held because", ColumnKind.CODE, is_shown=False),
        Column("opened_at", "Opened at", ColumnKind.INSTANT, is_sortable=True, is_shown=False),
        Column("statutory_due_at", "Due by law", ColumnKind.INSTANT, is_shown=False),
        Column("assessment_due_at", "Due by promise", ColumnKind.INSTANT, is_shown=False),
        Column("window_from", "Window from", ColumnKind.INSTANT, is_shown=False),
        Column("window_to", "Window to", ColumnKind.INSTANT, is_shown=False),
        Column("work_order_number", "Work order", is_shown=False),
        Column("clock_topic", "Clock", ColumnKind.CODE, is_shown=False),
    ),
    filters=(
        Filter("grid", "grid_key", "Grid", lookup="startswith"),
        Filter("colour", "colour", "Colour", ColumnKind.CODE, lookup="in", choices=COLOURS),
        Filter("technician", "technician_id", "Technician", ColumnKind.ID),
        Filter("stage", "stage", "Stage", ColumnKind.CODE, lookup="in", choices=STAGES),
        Filter("owner", "owner", "Whose turn", ColumnKind.CODE, choices=OWNERS),
        Filter("segment", "segment", "Segment", ColumnKind.CODE),
        Filter("standing", "standing", "Stands still", ColumnKind.CODE, choices=YES_NO),
        Filter("foretold", "foretold", "Breach foretold", ColumnKind.CODE, lookup="in", choices=AHEAD),
        Filter("nobody", "technician_id", "Without a technician", ColumnKind.BOOLEAN, lookup="isnull"),
        Filter("chased", "chases", "Chased at least", ColumnKind.NUMBER, lookup="gte"),
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
    """Return recent facts of the scope that people want to see, newest first; one indexed statement, one for numbers.

    since: wall instant (``recorded_at``) from which on; a reader asks again a little before its newest line and
    drops by id what it has, because a transaction that began earlier may commit later.
    """
    rows = FactRecord.objects.filter(name__in=TICKER_FACTS)
    if since is not None:
        rows = rows.filter(recorded_at__gte=since)
    found = list(rows.order_by("-recorded_at", "-id")[:limit])
    nameless = {row.body.get("cause") or row.subject for row in found if not row.body.get("number")}
    numbers: dict[str, str] = {}
    if nameless:  # an order's own clocks, such as the first contact's, are told of the order itself
        known = BoardRow.objects.filter(Q(subject__in=nameless) | Q(work_order__in=nameless))
        for subject, number, order, order_number in known.values_list(
            "subject", "number", "work_order", "work_order_number"
        ):
            numbers |= {subject: number, order: order_number}
    return [_ticker_line(row, numbers) for row in found]


def _ticker_line(row: FactRecord, numbers: Mapping[str, str]) -> TickerLine:
    body: dict[str, Any] = row.body
    return TickerLine(
        id=row.id,
        recorded_at=row.recorded_at,
        at=row.at,
        name=row.name,
        subject=row.subject,
        number=body.get("number") or numbers.get(body.get("cause") or row.subject, ""),
        grid_code=body.get("grid_code", ""),
        technician_id=body.get("technician_id") or "",
        cause=body.get("cause", ""),
        unit_code=body.get("unit_code", ""),
        segment=body.get("to_segment", ""),
        reason_code=body.get("reason_code", ""),
        topic=body.get("topic", ""),
    )


def dead_jobs() -> list[DeadJob]:
    """Return the dead jobs of the scope, newest first: those deferred in it, at headquarters all. One statement."""
    code = current_scope()
    return [
        DeadJob(
            found["id"],
            found["task_name"],
            found["queue_name"],
            found["attempts"],
            {name: value for name, value in found["args"].items() if name != "tenant"},
        )
        for found in jobs.dead_jobs()
        if code in (ALL, found["args"].get("tenant"))
    ]


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
