"""Filters and tags: instants as the reader's wall time, money, codes in words, countdowns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from yuanxin.kernel.acting import current
from yuanxin.kernel.clock import now as domain_now
from yuanxin.kernel.errors import DomainError
from yuanxin.standards import api as standards
from yuanxin.web.components.codes import code_words, words_among
from yuanxin.web.components.countdown import between, of_clock, shares, words_of_clock

register = template.Library()


@register.filter
def may(permission: str) -> bool:
    """Tell whether the reader has the permission; a link that would be refused is not shown."""
    return current().may(permission)


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
def of(known: dict[Any, Any], key: Any) -> Any:
    """What a mapping holds for a key; nothing when it holds none."""
    return known.get(key, "")


@register.filter
def words(code: Any, family: str = "") -> str:
    """A code in the reader's language."""
    return code_words(code, family)


@register.simple_tag
def why_words(code: str) -> str:
    """Why an order stands where it stands: what it waits for, or the reason of its hold."""
    return words_among(code, "stands", "pause")


@register.filter
def clock_name(view: Any) -> str:
    """Which clock this is, and for what."""
    return words_of_clock(view)


@register.filter
def rule_title(line: Any) -> str:
    """The title of a rule or promise line in the reader's language."""
    return str(line.title_en if get_language() == "en" else line.title_zh)


@register.filter
def minute_of_day(minute: int) -> str:
    """A local minute of the day (0-1439) as a time of day."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


@register.simple_tag
def version_name(version_id: str) -> str:
    """The title and first day of a rulebook version; its id when it is none that the reader may see."""
    try:
        found = standards.version_words(UUID(str(version_id)))
    except (DomainError, ValueError):
        return str(version_id)
    return f"{rule_title(found)} · {found.effective_from:%Y-%m-%d}"


@register.simple_tag
def rule_name(rule_id: str) -> str:
    """The title of the rule with this id; the id itself when nobody knows it."""
    if not rule_id:
        return ""
    try:
        return rule_title(standards.rule_words(rule_id))
    except DomainError:
        return code_words(rule_id, "topic")


@register.inclusion_tag("components/countdown.html")
def clock(view: Any, name: str = "") -> dict[str, Any]:
    """Draw a clock of ``standards``, or a dash for None."""
    return {"clock": of_clock(view, domain_now()) if view else None, "name": name}


@register.inclusion_tag("components/countdown.html", takes_context=True)
def due(
    context: dict[str, Any], started_at: datetime | None, due_at: datetime | None, name: str = ""
) -> dict[str, Any]:
    """Draw the countdown between two instants, or a dash when one is missing."""
    if not started_at or not due_at:
        return {"clock": None, "name": name}
    turns = context.render_context.get("turns") or shares(domain_now())  # type: ignore[attr-defined]
    context.render_context["turns"] = turns  # type: ignore[attr-defined]
    return {"clock": between(started_at, due_at, turns, domain_now()), "name": name}


@register.filter
def controlled(field: Any) -> Any:
    """Give a form field of somebody else our control's class."""
    field.field.widget.attrs.setdefault("class", "form-control")
    return field
