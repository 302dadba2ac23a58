"""The telephone bar on every page of this desk."""

from __future__ import annotations

from typing import Any

from django import template

from yuanxin.kernel.acting import current
from yuanxin.parties import api as parties
from yuanxin.web.desks.service_desk.bar import bar

register = template.Library()


@register.filter
def phone(digits: str) -> str:
    """A caller's number as the desk shows it: masked."""
    return parties.mask_phone(digits) if digits else ""


@register.filter
def percent(permille: int) -> str:
    """Thousandths as percent with one place."""
    return f"{permille // 10}.{permille % 10}%"


@register.inclusion_tag("service_desk/bar.html", takes_context=True)
def telephone(context: dict[str, Any]) -> dict[str, Any]:
    """Draw the bar of the agent who reads; nothing for somebody who takes no calls."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated or not current().may("care.answer_call"):
        return {}
    return bar(request, request.get_full_path(), context.get("customer")) | {
        "csrf_token": context.get("csrf_token"),
        "here": request.get_full_path(),
    }
