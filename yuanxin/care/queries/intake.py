"""What came in during a span of time, counted from the tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from yuanxin.care.models import Callback, Complaint, Contact, Rating, TroubleTicket
from yuanxin.care.queries.tickets import view_of
from yuanxin.care.queries.views import TicketView
from yuanxin.care.rules.callbacks import counts_for_satisfaction


@dataclass(frozen=True)
class Intake:
    """What came in. contacts: by (outcome, reason); tickets: all that were opened; complaints: by category."""

    contacts: dict[tuple[str, str], int]
    tickets: tuple[TicketView, ...]
    complaints: dict[str, int]


def intake(since: datetime, until: datetime) -> Intake:
    """Return what came in from `since` (included) to `until` (excluded). Three statements."""
    touched = Contact.objects.filter(correction__isnull=True, contacted_at__gte=since, contacted_at__lt=until)
    by_reason = touched.values_list("outcome", "reason_code").annotate(count=Count("id"))
    opened = TroubleTicket.objects.filter(opened_at__gte=since, opened_at__lt=until).order_by("opened_at", "id")
    complained = Complaint.objects.filter(opened_at__gte=since, opened_at__lt=until)
    by_category = complained.values_list("category").annotate(count=Count("id"))
    return Intake(
        contacts={(outcome, reason): count for outcome, reason, count in by_reason},
        tickets=tuple(view_of(row) for row in opened),
        complaints=dict(by_category),
    )


@dataclass(frozen=True)
class Answers:
    """What customers said of some tickets. mean_score: of the ratings that count, one decimal, or "-" without any."""

    tried: int
    reached: int
    agreed: int
    ratings: int
    begged: int
    mean_score: str


def answers(ticket_ids: Sequence[UUID], *, until: datetime) -> Answers:
    """Count call-backs and ratings of these tickets up to an instant. Two statements."""
    calls = Callback.objects.filter(ticket_id__in=ticket_ids, called_at__lte=until)
    tried = list(calls.values_list("reached", "agrees"))
    rated = list(Rating.objects.filter(ticket_id__in=ticket_ids, rated_at__lte=until).values_list("score", "is_begged"))
    counted = [score for score, is_begged in rated if counts_for_satisfaction(score=score, begged=is_begged)]
    return Answers(
        tried=len(tried),
        reached=sum(reached for reached, _ in tried),
        agreed=sum(bool(agrees) for _, agrees in tried),
        ratings=len(rated),
        begged=len(rated) - len(counted),
        mean_score=f"{sum(counted) / len(counted):.1f}" if counted else "-",
    )
