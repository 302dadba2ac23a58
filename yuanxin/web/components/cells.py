"""What a list's cell shows: codes in words, technicians and grids by name, due instants as countdowns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yuanxin.kernel.clock import now
from yuanxin.kernel.listing import Column
from yuanxin.org import api as org
from yuanxin.web.components.codes import choices, code_words, words_among
from yuanxin.web.components.countdown import Countdown, Shares, between, paused, stopped

COLUMN_FAMILIES = {
    "service": "service",
    "fault_code": "fault",
    "channel": "channel",
    "area_class": "area",
    "order_kind": "order",
    "close_type": "close",
    "resolved_how": "close",
    "segment": "segment",
    "held_reason": "pause",
    "hold": "hold",
    "urgency": "urgency",
    "stage": "stage",
    "next_step": "next_step",
    "owner": "owner",
    "outcome": "outcome",
    "clock_topic": "topic",
}
BY_LIST = {
    ("care.tickets", "state"): "ticket",
    ("care.callbacks_due", "state"): "ticket",
    ("care.complaints", "state"): "complaint",
    ("care.complaints", "source"): "complaint_source",
    ("care.complaints", "level"): "complaint_level",
    ("care.complaints", "category"): "contact_reason",
    ("care.contacts", "reason_code"): "contact_reason",
    ("care.calls", "state"): "call_state",
    ("care.calls", "queue"): "call_queue",
    ("care.calls", "outcome"): "wrap_up",
    ("care.triage_runs", "result"): "triage_result",
    ("fieldwork.pool", "state"): "work_order",
    ("fieldwork.proposals", "state"): "plan_state",
    ("fieldwork.proposals", "trigger"): "plan_trigger",
    ("fieldwork.work_orders", "state"): "work_order",
    ("parties.point_proposals", "state"): "proposal",
    ("quality.outcomes", "state"): "pay",
    ("quality.pay_lines", "state"): "pay",
    ("quality.pay_lines", "reason_code"): "pay_reason",
    ("quality.inspections", "reason"): "inspection_reason",
    ("quality.inspections", "state"): "inspection",
    ("standards.open_clocks", "kind"): "clock",
    ("supervision.open_clocks", "kind"): "board_kind",
    ("supervision.open_clocks", "colour"): "colour",
    ("supervision.open_clocks", "standing"): "yes_no",
    ("supervision.open_clocks", "foretold"): "ahead",
    ("supervision.day_list", "kind"): "board_kind",
    ("supervision.day_list", "why"): "stands",
    ("supervision.day_list", "missing"): "settled",
}
PEOPLE = {"agent_id", "technician_id", "person_id"}
GRIDS = {"grid_code", "grid_key"}
SEVERAL = {("fieldwork.reviews", "why"): "look"}
"""Columns that hold several codes, or ``code:what``, with a blank between them."""


def family_of(name: str, column: str) -> str:
    """Return the family of codes that a column of a list holds; empty when it holds none of ours."""
    return BY_LIST.get((name, column)) or COLUMN_FAMILIES.get(column, "")


def meant_by(name: str, column: Column, text: str) -> Collection[str]:
    """Return the codes of a column whose words hold the text, in the reader's language."""
    family = family_of(name, column.name)
    offered = choices(family) if family else [(code, _(label)) for code, label in column.choices]
    wanted = text.casefold()
    return [code for code, words in offered if wanted in words.casefold()]


def grid_names() -> dict[str, str]:
    """Return the names of the grids in scope by code; one query."""
    return {unit.code: unit.name for unit in org.units("grid")}


@dataclass(frozen=True)
class Names:
    """The names that the cells of some rows need; at most one query for people and one for grids."""

    people: Mapping[UUID, str] = field(default_factory=dict)
    grids: Mapping[str, str] = field(default_factory=dict)


def names_for(rows: Iterable[Any], columns: Iterable[Column]) -> Names:
    """Read the names that these rows' columns show."""
    shown = [column.name for column in columns]
    who = [name for name in shown if name in PEOPLE]
    ids = {getattr(row, name) for row in rows for name in who} - {None} if who else set()
    people = {id_: person.name for id_, person in org.staff_many(ids).items()} if ids else {}
    return Names(people, grid_names() if GRIDS & set(shown) else {})


def shown_value(name: str, column: Column, value: Any, names: Names) -> Any:
    """Return what the cell says for a value."""
    if column.name in PEOPLE:
        return names.people.get(value, "—")
    if column.name in GRIDS:
        return names.grids.get(value, value)
    if several := SEVERAL.get((name, column.name)):
        return _(", ").join(code_words(code.partition(":")[0], several) for code in str(value).split())
    family = family_of(name, column.name)
    if family == "stands":
        return words_among(value, "stands", "pause")
    if family and (shown := code_words(value, family)) != str(value):
        return shown
    labels = dict(column.choices)
    return _(labels[value]) if value in labels else value


def countdown_of(row: Any, name: str, turns: Shares | None, started_at: datetime | None) -> Countdown | None:
    """Draw a due instant; an approved hold lets the promise stand still, never the law; finished work keeps its end."""
    due_at: datetime | None = getattr(row, name)
    if not (started_at and due_at and turns):
        return None
    if (finished_at := getattr(row, "finished_at", None)) and getattr(row, "state", "") == "callback_due":
        return stopped(finished_at - due_at)
    is_law = due_at == getattr(row, "statutory_due_at", None)
    if getattr(row, "is_promise_paused", False) and not is_law:
        return paused(code_words(getattr(row, "held_reason", ""), "pause"))
    return between(started_at, due_at, turns, now())
