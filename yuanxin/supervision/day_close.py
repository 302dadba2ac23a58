"""Reads of the day's end 日清: every open order with its next step, whose it is, until when, and why it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.listing import Column, Filter, Listing
from yuanxin.kernel.listing import Kind as ColumnKind
from yuanxin.supervision import rules
from yuanxin.supervision.models import DaySignOff, NamedStep
from yuanxin.supervision.queries import OWNERS, STAGES, STEPS, running
from yuanxin.supervision.rules import Kind

FIRST = timedelta(days=36_500)
"""By so much earlier are orders without a name or an instant sorted: they stand on top."""
LAST = models.Value("9999-12-01T00:00:00+00:00", models.DateTimeField())
MISSING = (("yes", "Without a name or an instant"), ("no", "Settled"))


@dataclass(frozen=True)
class SignedLine:
    """One order as it stood when the day was signed."""

    subject: str
    number: str
    kind: str
    stage: str
    step: str
    owner: str
    person_id: UUID | None
    until: datetime | None
    why: str
    is_missing: bool

    def stored(self) -> dict[str, Any]:
        """Return the line as it is kept: ids, codes and instants only."""
        return {
            name: str(value) if isinstance(value, UUID) else value.isoformat() if isinstance(value, datetime) else value
            for name, value in vars(self).items()
        }


@dataclass(frozen=True)
class SignOff:
    """A signature under the open orders of a grid."""

    id: UUID
    unit_code: str
    day: date
    signed_by: str
    signed_at: datetime
    remark: str
    open_orders: int
    missing: int


@dataclass(frozen=True)
class UnitDay:
    """How a grid stands before it is signed: its open orders, and those without a name or an instant."""

    unit_code: str
    open_orders: int
    missing: int


def open_work() -> models.QuerySet[Any]:
    """Return the open rows as ``rules.day_line`` says them, in SQL, so that they can be sorted and filtered.

    A property test holds the two together.
    """
    named = NamedStep.objects.filter(subject=OuterRef("subject"), stage=OuterRef("stage")).order_by("-named_at", "-id")
    theirs = Q(owner="technician")
    planned = Case(When(theirs, then=Coalesce("window_to", "planned_from", "due_at")), default=F("due_at"))
    return (
        running()
        .annotate(
            named_id=Subquery(named.values("person_id")[:1]),
            named_until=Subquery(named.values("until")[:1]),
        )
        .annotate(
            person_id=Coalesce("named_id", Case(When(theirs, then=F("technician_id")))),
            until=Coalesce("named_until", planned),
            why=_why(),
        )
        .annotate(
            missing=Case(
                When(Q(person_id=None) | Q(until=None) | Q(next_step=""), then=Value("yes")),
                default=Value("no"),
                output_field=models.CharField(),
            )
        )
        .annotate(attention=Case(When(missing="yes", then=_top()), default=Coalesce("until", LAST)))
    )


def _top() -> models.Expression:
    early = models.ExpressionWrapper(Coalesce("due_at", LAST) - Value(FIRST), models.DateTimeField())
    return Greatest(early, Value("0001-01-02T00:00:00+00:00", models.DateTimeField()))


def _why() -> Case:
    return Case(
        When(kind=Kind.COMPLAINT, then=Value("complaint")),
        When(~Q(held_reason=""), then=F("held_reason")),
        *(When(stage=stage.code, then=Value(code)) for stage, code in rules.WHY.items()),
        default=Value(""),
        output_field=models.CharField(),
    )


day_list = Listing(
    name="supervision.day_list",
    title="Every open order has a next step and a name",
    rows=open_work,
    columns=(
        Column("number", "Number", is_sortable=True),
        Column("kind", "Kind", ColumnKind.CODE, choices=tuple((kind.value, kind.value) for kind in Kind)),
        Column("next_step", "Next step", ColumnKind.CODE, choices=STEPS),
        Column("person_id", "Person in charge", ColumnKind.ID),
        Column("until", "By when", ColumnKind.INSTANT, is_sortable=True),
        Column("why", "Stands because", ColumnKind.CODE),
        Column("due_at", "Due", ColumnKind.INSTANT, is_sortable=True),
        Column("grid_code", "Grid", is_sortable=True),
        Column("chases", "Chases", ColumnKind.NUMBER, is_sortable=True),
        Column("owner", "Whose turn", ColumnKind.CODE, is_shown=False, choices=OWNERS),
        Column("technician_id", "Technician", ColumnKind.ID, is_shown=False),
        Column("segment", "Segment", ColumnKind.CODE, is_shown=False),
        Column("missing", "Settled or not", ColumnKind.CODE, is_shown=False, choices=MISSING),
    ),
    filters=(
        Filter("missing", "missing", "Settled or not", ColumnKind.CODE, choices=MISSING),
        Filter("grid", "grid_key", "Grid"),
        Filter("owner", "owner", "Whose turn", ColumnKind.CODE, choices=OWNERS),
        Filter("stage", "stage", "Stage", ColumnKind.CODE, lookup="in", choices=STAGES),
    ),
    default_sort="attention",
    quick=("number", "work_order_number"),
)
"""Every running order for the end of the day; those without a name or an instant on top."""


def lines_of(unit_code: str) -> list[SignedLine]:
    """Return the open orders of a grid as they would be signed now, those that are not settled first; one statement."""
    rows = open_work().filter(grid_code=unit_code).order_by("attention", "pk")
    return [
        SignedLine(
            subject=row.subject,
            number=row.number,
            kind=row.kind,
            stage=row.stage,
            step=row.next_step,
            owner=row.owner,
            person_id=row.person_id,
            until=row.until,
            why=row.why,
            is_missing=row.missing == "yes",
        )
        for row in rows
    ]


def units_today() -> list[UnitDay]:
    """Return how every grid with open orders stands now, the worst first; one statement."""
    rows = (
        open_work()
        .values("grid_code")
        .annotate(every=models.Count("pk"), unsettled=models.Count("pk", filter=Q(missing="yes")))
        .order_by("-unsettled", "grid_code")
    )
    return [UnitDay(row["grid_code"], row["every"], row["unsettled"]) for row in rows]


def sign_offs(day: date) -> dict[str, SignOff]:
    """Return the last signature of each grid on a day; one statement."""
    rows = DaySignOff.objects.filter(day=day).defer("lines").order_by("signed_at", "id")
    return {row.unit_code: _sign_off(row) for row in rows}


def sign_off(sign_off_id: UUID) -> SignOff:
    """Return one signature. Raises NotFound."""
    row = DaySignOff.objects.filter(pk=sign_off_id).defer("lines").first()
    if row is None:
        raise NotFound(sign_off=str(sign_off_id))
    return _sign_off(row)


def sign_off_lines(sign_off_id: UUID) -> list[dict[str, Any]]:
    """Return what was signed, line by line, as it stood then."""
    lines: list[dict[str, Any]] = (
        DaySignOff.objects.values_list("lines", flat=True).filter(pk=sign_off_id).first() or []
    )
    return lines


def _sign_off(row: DaySignOff) -> SignOff:
    return SignOff(
        row.pk, row.unit_code, row.day, row.signed_by, row.signed_at, row.remark, row.open_orders, row.missing
    )
