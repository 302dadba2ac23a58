"""Reads of call-backs: how they are done, what was tried, when the next try may be made."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Func, Value, When
from django.db.models.functions import Coalesce, ExtractHour, ExtractMinute
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.utils.timezone import localtime

from yuanxin.care.models import Callback
from yuanxin.care.rules.callbacks import Practice, is_callable, next_try
from yuanxin.standards import api as standards

PRACTICE_TOPIC = "callback.practice"


@dataclass(frozen=True)
class CallbackPlan:
    """What the caller should know: tries so far and allowed, when the next one counts, the hours of calling.

    next_at: None when a try may be made at once.
    """

    tried: tuple[datetime, ...]
    attempts: int
    next_at: datetime | None
    from_time: str
    to_time: str


def callback_plan(ticket_id: UUID, *, resolved_at: datetime | None, at: datetime) -> CallbackPlan:
    """Return where the call-backs of a finished repair stand. One statement."""
    practice, tried = practice_at(at), tries_of(ticket_id, since=resolved_at)
    begin, end = practice.hours
    wanted = next_try(localtime(tried[-1]), practice) if tried else None
    if wanted is None and not is_callable(localtime(at), practice):
        wanted = next_try(localtime(at) - practice.retry, practice)
    next_at = wanted if wanted is not None and wanted > at else None
    return CallbackPlan(tuple(tried), practice.attempts, next_at, begin, end)


def practice_at(at: datetime) -> Practice:
    """Read how people are called back."""
    return Practice(
        attempts=_number("attempts", at),
        retry=timedelta(minutes=_number("retry_minutes", at)),
        from_minute=_number("from_minute_of_day", at),
        to_minute=_number("to_minute_of_day", at),
    )


def next_try_at(at: datetime) -> Case:
    """Return the expression of ``rules.next_try`` for lists: from when the next call counts.

    It asks the columns ``last_try_at`` and ``resolved_at``; without a try the first call is due at once. What falls
    outside the hours of calling, by the city's wall time, waits until they begin again.
    """
    practice, zone = practice_at(at), ZoneInfo(settings.YUANXIN_CITY_ZONE)
    wanted = Coalesce(
        ExpressionWrapper(F("last_try_at") + Value(practice.retry), DateTimeField()),
        F("resolved_at"),
        output_field=DateTimeField(),
    )
    minute = ExtractHour(wanted, tzinfo=zone) * 60 + ExtractMinute(wanted, tzinfo=zone)
    midnight = Func(
        Value("day"), wanted, Value(settings.YUANXIN_CITY_ZONE), function="date_trunc", output_field=DateTimeField()
    )
    opens = ExpressionWrapper(midnight + Value(timedelta(minutes=practice.from_minute)), DateTimeField())
    tomorrow = ExpressionWrapper(opens + Value(timedelta(days=1)), DateTimeField())
    return Case(
        When(LessThan(minute, practice.from_minute), then=opens),
        When(GreaterThanOrEqual(minute, practice.to_minute), then=tomorrow),
        default=wanted,
        output_field=DateTimeField(),
    )


def tries_of(ticket_id: UUID, *, since: datetime | None) -> list[datetime]:
    """Return when people tried to reach the customer since the work was done, oldest first. One statement."""
    rows = Callback.objects.filter(ticket=ticket_id, reached=False)
    if since is not None:
        rows = rows.filter(called_at__gte=since)
    return list(rows.order_by("called_at", "id").values_list("called_at", flat=True))


def _number(field: str, at: datetime) -> int:
    return standards.parameter(PRACTICE_TOPIC, field, at=at)
