"""The steps of a visit, in the order of the work: which command each runs, from which states, and to which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import current
from yuanxin.kernel.errors import NotFound
from yuanxin.published.codes import Segment
from yuanxin.published.refs import ref_id
from yuanxin.web.components.codes import code_words
from yuanxin.web.technician.closing_form import FinishForm
from yuanxin.web.technician.forms import (
    ArriveForm,
    HandBackForm,
    HandOverForm,
    HoldForm,
    RescheduleForm,
    ReturnForm,
    StepForm,
)

Action, State = fieldwork.Action, fieldwork.State
GONE = "gone"  # not a state: the order is no longer with this technician


@dataclass(frozen=True)
class Step:
    """A step 步骤. template: its part of the visit page. is_main: one big button; the others stand folded below."""

    name: str
    action: fieldwork.Action
    command: Callable[..., Any]
    form: type[StepForm]
    template: str
    is_main: bool = True


def _main(name: str, action: fieldwork.Action, command: Callable[..., Any]) -> Step:
    return Step(name, action, command, StepForm, "technician/step_plain.html")


def _aside(name: str, action: fieldwork.Action, command: Callable[..., Any], form: type[StepForm]) -> Step:
    return Step(name, action, command, form, "technician/step_aside.html", is_main=False)


STEPS = {
    step.name: step
    for step in (
        _main("accept", Action.ACCEPT, fieldwork.accept),
        _main("depart", Action.DEPART, fieldwork.depart),
        Step("arrive", Action.ARRIVE, fieldwork.arrive, ArriveForm, "technician/step_arrive.html"),
        _main("start", Action.START, fieldwork.start),
        Step("finish", Action.SUBMIT, fieldwork.finish, FinishForm, "technician/step_finish.html"),
        _main("resume", Action.RESUME, fieldwork.resume),
        _aside("reschedule", Action.RESCHEDULE, fieldwork.book_appointment, RescheduleForm),
        _aside("hold", Action.HOLD, fieldwork.hold, HoldForm),
        _aside("hand_over", Action.HAND_OVER, fieldwork.hand_over, HandOverForm),
        _aside("hand_back", Action.HAND_OVER, fieldwork.hand_back, HandBackForm),
        _aside("return", Action.RETURN, fieldwork.return_order, ReturnForm),
    )
}
LEAVES = {"return": GONE, "hand_over": GONE, "hand_back": GONE, "resume": "", "reschedule": ""}
"""Steps after which the phone alone does not know where the order stands."""


@dataclass(frozen=True)
class Stage:
    """A step on the page of one order. from_states, to_state: when it is open and what follows, for the phone."""

    name: str
    words: str
    template: str
    url: str
    form: Form
    from_states: str
    to_state: str
    to_words: str
    is_open: bool
    is_main: bool


def myself() -> UUID:
    """Return the id of the member of staff who acts."""
    return ref_id(current().who, "staff")


def own_order(work_order_id: UUID) -> Any:
    """Return a work order that is the acting technician's. Raises NotFound, also for somebody else's."""
    order = fieldwork.work_order(work_order_id)
    if order.technician_id != myself():
        raise NotFound(work_order=str(work_order_id))
    return order


def form_of(step: Step, order: Any, *told: Any, **more: Any) -> StepForm:
    """Return the form of a step, for this order's kind where the kind decides what is asked."""
    if issubclass(step.form, FinishForm):
        more |= {"kind": order.order_kind, "service": order.service}
    return step.form(*told, auto_id=f"{step.name}_%s", **more)


def stages(order: Any, wrong: dict[str, Form] | None = None) -> list[Stage]:
    """Return every step that may still come, open or not: a phone without signal goes on with them by itself.

    wrong: forms that were refused, by step.
    """
    return [
        _stage(step, order, (wrong or {}).get(step.name))
        for step in STEPS.values()
        if current().may(step.command.permission)  # type: ignore[attr-defined]
        and (step.name != "hand_back" or order.segment is not Segment.FIELD)  # work begins in the field
    ]


def _stage(step: Step, order: Any, wrong: Form | None) -> Stage:
    to_state = _to(step, order)
    return Stage(
        name=step.name,
        words=code_words(step.name, "phone_step"),
        template=step.template,
        url=reverse(f"technician:{step.name}", args=[order.id]),
        form=wrong or form_of(step, order),
        from_states=" ".join(str(state) for state in State if step.action in fieldwork.allowed(state)),
        to_state=to_state,
        to_words=code_words(to_state, "work_order") if to_state not in ("", GONE) else _("Sent, waits for the answer"),
        is_open=step.action in order.actions,
        is_main=step.is_main,
    )


def _to(step: Step, order: Any) -> str:
    """Return the state after a step as far as a phone can know it."""
    if step.name in LEAVES:
        return LEAVES[step.name]
    if step.action is Action.ACCEPT and order.window_from:
        return str(State.BOOKED)
    first = next(state for state in State if step.action in fieldwork.allowed(state))
    return str(fieldwork.next_state(first, step.action))
