"""Filters and tags: instants as the reader's wall time, money, codes in words, countdowns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import template
from django.utils import timezone

from yuanxin.kernel.clock import now as domain_now
from yuanxin.web.components.codes import code_words
from yuanxin.web.components.countdown import Countdown, countdown, still

register = template.Library()


@register.filter
def stamp(at: datetime | None) -> str:
    """An instant for machines: ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else ""


@register.filter
def moment(at: datetime | None) -> str:
    """An instant for people: local wall time to the minute."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "—"


@register.filter
def hour(at: datetime | None) -> str:
    """Only the time of day of an instant."""
    return f"{timezone.localtime(at):%H:%M}" if at else "—"


@register.filter
def yuan(fen: int | None) -> str:
    """Integer fen as yuan with two places, exactly."""
    if fen is None:
        return "—"
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"


@register.filter
def words(code: Any, family: str = "") -> str:
    """A code in the reader's language."""
    return code_words(code, family)


@register.inclusion_tag("components/countdown.html")
def clock(view: Any, name: str = "") -> dict[str, Any]:
    """Draw a clock of ``standards``: anything with state, started_at and due_at, or None."""
    return {"clock": _countdown(view), "name": name}


@register.inclusion_tag("components/countdown.html")
def due(started_at: datetime | None, due_at: datetime | None, name: str = "") -> dict[str, Any]:
    """Draw the countdown between two instants."""
    drawn = countdown(started_at, due_at, domain_now()) if started_at and due_at else None
    return {"clock": drawn, "name": name}


def _countdown(view: Any) -> Countdown | None:
    if view is None or view.due_at is None:
        return None
    state = str(getattr(view, "state", "running"))
    if state in {"paused", "stopped"}:
        return still(state, code_words(getattr(view, "pause_reason", "") or "", "pause"))
    return countdown(view.started_at, view.due_at, domain_now())


@register.filter
def controlled(field: Any) -> Any:
    """Give a form field of somebody else our control's class."""
    field.field.widget.attrs.setdefault("class", "form-control")
    return field
