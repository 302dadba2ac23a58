"""The pay scheme as the rulebook holds it for an instant, read through the door of ``standards``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yuanxin.kernel.models import CalendarDay
from yuanxin.kernel.time import local_day
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Service
from yuanxin.quality.rules.terms import Terms, Windows, read_terms, read_windows
from yuanxin.standards import api as standards


def terms_at(
    at: datetime, *, kind: OrderKind, service: Service, close_type: CloseType, area: AreaClass
) -> tuple[Terms, Windows] | None:
    """Return the scheme in force for this kind of work; None when the rulebook holds no scheme.

    Raises SchemeIncomplete or SchemeContradicts for a scheme that is there and wrong.
    """

    def number(topic: str, field: str) -> Any:
        try:
            return standards.parameter(topic, field, area_class=area, at=at)
        except (standards.RuleUnknown, standards.ParameterUnknown):
            return None

    if number("incentive.window", "adjust_within_days") is None:
        return None
    terms = read_terms(number, version=_version(at), kind=kind, service=service, close_type=close_type, area=area)
    return terms, read_windows(number)


def is_holiday(at: datetime) -> bool:
    """Tell whether the local day is a statutory holiday 法定节假日; a plain weekend is none."""
    return CalendarDay.objects.filter(on=local_day(at), is_working=False).exclude(name="").exists()
