"""What the pages of other plans show: terms side by side in minutes of driving, every visit from whom to whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import current
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.tenancy import require_city
from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.published.refs import ref_id
from yuanxin.web.components.codes import code_words
from yuanxin.web.components.words import words_of
from yuanxin.web.desks.dispatch_desk.proposals_forms import RefusePlanForm, ScopeForm
from yuanxin.web.http.forms import CommandForm

KNOWN_CAUSES = 3  # of an order that stays in the pool; more are not read


def units_to_plan() -> list[tuple[str, str]]:
    """Return the city and its districts as choices."""
    city = require_city()
    known = [(unit.code, unit.name) for unit in org.units() if unit.level == "district"]
    return [(city, _("The whole city")), *known]


def runs_context() -> dict[str, Any]:
    """Return what stands above the list of plans."""
    return {"plan_form": ScopeForm(units=units_to_plan(), auto_id="plan_%s")}


def plan_context(plan_id: UUID) -> dict[str, Any]:
    """Return one plan with people, places and orders by name; about ten statements."""
    plan = fieldwork.proposal(plan_id)
    people = org.staff_many(person for one in plan.changes for person in (*one.crew_before, *one.crew_after))
    places = parties.addresses({one.address_id for one in plan.changes})
    rows = [_row(one, people, places) for one in plan.changes]
    left = fieldwork.work_orders_by_id(one.work_order_id for one in plan.unserved)
    return {
        "plan": plan,
        "by": actor_words(plan.actor),
        "decided_by": actor_words(plan.decided_by) if plan.decided_by else "",
        "unit": org.unit_names([plan.unit_code]).get(plan.unit_code, plan.unit_code),
        "causes": [_cause(one) for one in plan.causes],
        "lines": plan.terms,
        "total": _total(plan.terms),
        "rows": [row for row in rows if not row["view"].is_minor],
        "minor": [row for row in rows if row["view"].is_minor],
        "unserved": [
            {"order": left[one.work_order_id], "causes": one.causes[:KNOWN_CAUSES]}
            for one in plan.unserved
            if one.work_order_id in left
        ],
        "may_decide": plan.waits and current().may("fieldwork.accept_proposal"),
        "may_cancel": plan.is_at_work and current().may("fieldwork.cancel_proposal"),
        "accept_form": CommandForm(auto_id="accept_%s"),
        "refuse_form": RefusePlanForm(auto_id="refuse_%s"),
        "cancel_form": CommandForm(auto_id="cancel_%s"),
    }


def _row(one: fieldwork.ChangeView, people: dict[UUID, org.StaffView], places: dict[UUID, Any]) -> dict[str, Any]:
    place = places.get(one.address_id)
    return {
        "view": one,
        "place": place.text_masked if place else "",
        "before": names(one.crew_before, people),
        "after": names(one.crew_after, people),
        "why": words_of(one.error, one.params) if one.error else "",
    }


def names(crew: Iterable[UUID], people: dict[UUID, org.StaffView]) -> str:
    """Return people by name, the leader first."""
    return "、".join(people[one].name for one in crew if one in people)


def _total(lines: Iterable[fieldwork.TermLine]) -> fieldwork.TermLine:
    listed = list(lines)
    return fieldwork.TermLine(
        "", sum(one.before for one in listed), sum(one.after for one in listed), sum(one.baseline for one in listed)
    )


def _cause(one: Any) -> str:
    """Return what asked for a plan: what happened, and to whom."""
    kind, _colon, _id = one["subject"].partition(":")
    told = code_words(one["trigger"], "plan_trigger")
    if kind == "staff":
        known = org.staff_many([ref_id(one["subject"], "staff")])
        return f"{told} · {names(known, known)}"
    if kind == "work_order":
        found = fieldwork.work_orders_by_id([ref_id(one["subject"], "work_order")])
        return " · ".join([told, *(order.number for order in found.values())])
    return told


def actor_words(actor: str) -> str:
    """Return who did it, by name; the platform itself has none."""
    if not actor.startswith("staff:"):
        return _("The platform")
    try:
        return org.staff(ref_id(actor, "staff")).name
    except NotFound:
        return "—"


def undo_context() -> dict[str, Any]:
    """Return my last deeds; only the newest can be taken back."""
    deeds = fieldwork.undoable(now())
    people = org.staff_many(
        person for deed in deeds for person in (deed.technician_before, deed.technician_after) if person
    )
    rows = [
        {
            "view": deed,
            "before": names([deed.technician_before] if deed.technician_before else [], people),
            "after": names([deed.technician_after] if deed.technician_after else [], people),
        }
        for deed in deeds
    ]
    return {"rows": rows, "first": deeds[0] if deeds else None, "undo_form": CommandForm(auto_id="undo_%s")}
