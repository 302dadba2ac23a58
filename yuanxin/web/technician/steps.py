"""Which step comes next on a visit, and what its page needs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import current
from yuanxin.kernel.errors import NotFound
from yuanxin.parties import api as parties
from yuanxin.published.refs import ref_id
from yuanxin.web.http.forms import CommandForm
from yuanxin.web.technician.forms import ArriveForm, FinishForm, ReturnForm

Action = fieldwork.Action
STEPS = {
    Action.ACCEPT: ("accept", gettext_noop("Accept")),
    Action.DEPART: ("depart", gettext_noop("Depart")),
    Action.ARRIVE: ("arrive", gettext_noop("I have arrived")),
    Action.START: ("start", gettext_noop("Start the work")),
    Action.SUBMIT: ("finish", gettext_noop("Finish")),
}
"""The big button in the order of the work; where two steps are open (on site: start, or nobody is there), both show."""


def myself() -> UUID:
    """Return the id of the member of staff who acts."""
    return ref_id(current().who, "staff")


def own_order(work_order_id: UUID) -> Any:
    """Return a work order that is the acting technician's. Raises NotFound, also for somebody else's."""
    order = fieldwork.work_order(work_order_id)
    if order.technician_id != myself():
        raise NotFound(work_order=str(work_order_id))
    return order


def visit_context(
    order: Any, form: Form | None = None, *, finish_form: Form | None = None, return_form: Form | None = None
) -> dict[str, Any]:
    """Return what the page of one visit shows: the next step, and beside it an early close-out or the way back."""
    open_steps = [STEPS[action] for action in STEPS if action in order.actions]
    step, words = open_steps[0] if open_steps else ("", "")
    may_finish, may_return = Action.SUBMIT in order.actions, Action.RETURN in order.actions
    return {
        "order": order,
        "customer": parties.customer(order.customer_id),
        "address": parties.address(order.address_id),
        "step": step,
        "step_words": _(words) if words else "",
        "step_url": reverse(f"technician:{step}", args=[order.id]) if step else "",
        "form": form or (ArriveForm() if step == "arrive" else CommandForm()),
        "may_finish": may_finish,
        "finish_form": finish_form or FinishForm(auto_id="finish_%s"),
        "may_return": may_return and not may_finish,
        "refused": [
            *_unsaid(form, is_shown=step == "arrive"),
            *_unsaid(finish_form, is_shown=may_finish),
            *_unsaid(return_form, is_shown=may_return and not may_finish),
        ],
        "return_form": return_form or ReturnForm(auto_id="return_%s"),
    }


def _unsaid(form: Form | None, *, is_shown: bool) -> list[str]:
    """Return the errors of a form that is no longer on the page; one that is there says them itself."""
    return [] if form is None or is_shown else [str(error) for errors in form.errors.values() for error in errors]
