"""The board's figures as rows of a page, and where an order is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from yuanxin.kernel.acting import current
from yuanxin.org import api as org
from yuanxin.published.refs import ref_id
from yuanxin.supervision import api as supervision
from yuanxin.web.components.countdown import SHAPES

SHOWN = 12


@dataclass(frozen=True)
class Figure:
    """One big figure of the board."""

    level: str
    shape: str
    words: str
    count: int


@dataclass(frozen=True)
class GroupRow:
    """One grid's or technician's orders."""

    name: str
    tally: supervision.Tally


def figures(tally: supervision.Tally) -> list[Figure]:
    """Return the colours of all orders, the worst first."""
    return [
        Figure("late", SHAPES["late"], _("Overdue"), tally.overdue),
        Figure("red", SHAPES["red"], _("Nearly late"), tally.red),
        Figure("amber", SHAPES["amber"], _("Keep an eye on"), tally.amber),
        Figure("green", SHAPES["green"], _("In good time"), tally.green),
        Figure("paused", SHAPES["paused"], _("On hold"), tally.paused),
    ]


def group_rows(groups: Mapping[str, supervision.Tally]) -> list[GroupRow]:
    """Return the groups that need attention most."""
    return [GroupRow(name or "—", tally) for name, tally in _worst(groups)]


def technician_rows(groups: Mapping[UUID | None, supervision.Tally]) -> list[GroupRow]:
    """Return the technicians whose orders need attention most, by name."""
    people = org.staff_many(id_ for id_ in groups if id_)
    return [GroupRow(people[id_].name if id_ in people else _("nobody yet"), tally) for id_, tally in _worst(groups)]


def _worst(groups: Mapping[Any, supervision.Tally]) -> list[tuple[Any, supervision.Tally]]:
    return sorted(groups.items(), key=lambda item: (-item[1].overdue, -item[1].red, -item[1].total))[:SHOWN]


def order_address(row: Any) -> str:
    """Return where the actor may open this order; empty when nowhere."""
    may = current().may
    if row.work_order and may("page.dispatch"):
        return reverse("dispatch_desk:order", args=[ref_id(row.work_order, "work_order")])
    if row.subject.startswith("ticket:") and may("page.service"):
        return reverse("service_desk:ticket", args=[ref_id(row.subject, "ticket")])
    return ""
