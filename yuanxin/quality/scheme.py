"""The pay scheme as the rulebook holds it for an instant, read through the door of ``standards``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yuanxin.kernel.models import CalendarDay
from yuanxin.kernel.time import local_day
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Service
from yuanxin.quality.rules.inspection import CHECK, FINDINGS, CheckTerms, read_check_terms
from yuanxin.quality.rules.terms import TOPICS, Terms, Windows, read_terms, read_windows
from yuanxin.standards import api as standards


def terms_at(
    at: datetime, *, kind: OrderKind, service: Service, close_type: CloseType, area: AreaClass
) -> tuple[Terms, Windows] | None:
    """Return the scheme in force for this kind of work; None when the rulebook holds no scheme.

    Raises SchemeIncomplete or SchemeContradicts for a scheme that is there and wrong.
    """
    found = standards.parameters(TOPICS, area_class=area, service=service, at=at)
    if not any(topic.startswith("pay.") for topic, _ in found.values):
        return None

    def lookup(topic: str, name: str) -> int | tuple[str, ...] | None:
        return found.values.get((topic, name))

    versions = tuple(str(version_id) for version_id in found.version_ids)
    return read_terms(lookup, versions=versions, kind=kind, close_type=close_type, area=area), read_windows(lookup)


def check_terms_at(at: datetime) -> CheckTerms | None:
    """Return what the rulebook says of inspections; None while it says nothing."""
    return read_check_terms(standards.parameters((CHECK, FINDINGS), at=at).values)


def clocks_of(cause: str) -> list[standards.ClockView]:
    """Return the clocks of what the work was for, a ticket for example."""
    return standards.clocks_of(cause)


def pauses_of(cause: str) -> list[dict[str, Any]]:
    """Return the holds of the clocks, as an outcome stores them: which clock, why, from, to, who approved."""
    return [
        {
            "clock": str(hold.kind),
            "reason_code": hold.reason_code,
            "from": hold.begins_at.isoformat(),
            "to": hold.ends_at.isoformat() if hold.ends_at else None,
            "asked_by": hold.asked_by,
            "approved_by": hold.approved_by,
        }
        for hold in standards.pauses_of(cause)
    ]


def is_holiday(at: datetime) -> bool:
    """Tell whether the local day is a statutory holiday 法定节假日; a plain weekend is none."""
    return CalendarDay.objects.filter(on=local_day(at), is_working=False).exclude(name="").exists()
