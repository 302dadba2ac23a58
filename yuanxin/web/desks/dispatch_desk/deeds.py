"""What a dispatcher can do with an order besides sending somebody: each deed with its form, the dangerous ones last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import current
from yuanxin.web.desks.dispatch_desk.forms import (
    AmendForm,
    CancelForm,
    HandBackForm,
    HandOverForm,
    HoldForm,
    MergeForm,
    ReturnForm,
)
from yuanxin.web.http.forms import CommandForm

Action = fieldwork.Action
FormOf = Callable[[Any, datetime, tuple[Any, ...]], CommandForm]


@dataclass(frozen=True)
class Deed:
    """One decision: its address, permission, words and form. hint: what follows from it, before the click."""

    name: str
    action: fieldwork.Action
    permission: str
    label: str
    hint: str
    form_of: FormOf
    is_dangerous: bool = False
    form: CommandForm | None = None
    url: str = ""

    def with_form(self, form: CommandForm) -> Deed:
        """Return the deed with a form that was sent."""
        return replace(self, form=form)

    @property
    def words(self) -> str:
        """The button's words in the reader's language."""
        return _(self.label)

    @property
    def hint_words(self) -> str:
        """What follows, in the reader's language."""
        return _(self.hint)


def _hold(order: Any, at: datetime, data: tuple[Any, ...]) -> CommandForm:
    return HoldForm(*data, codes=fieldwork.hold_reasons(at), auto_id="hold_%s")


def _hand_over(order: Any, at: datetime, data: tuple[Any, ...]) -> CommandForm:
    codes = fieldwork.hand_over_reasons(at)
    return HandOverForm(*data, codes=codes, segment=str(order.segment), auto_id="hand_over_%s")


def _hand_back(order: Any, at: datetime, data: tuple[Any, ...]) -> CommandForm:
    return HandBackForm(*data, codes=fieldwork.hand_back_reasons(at), auto_id="hand_back_%s")


def _amend(order: Any, at: datetime, data: tuple[Any, ...]) -> CommandForm:
    initial = {"duration_minutes": order.duration_minutes, "crew_size": order.crew_size}
    return AmendForm(*data, initial=initial, auto_id="amend_%s")


DEEDS = (
    Deed("hold", Action.HOLD, "fieldwork.hold", gettext_noop("Put on hold"),
         gettext_noop("A second person approves it; until then the clocks run on."), _hold),
    Deed("hand_over", Action.HAND_OVER, "fieldwork.hand_over", gettext_noop("Hand over to another segment"),
         gettext_noop("The order goes to that segment's pool with a clock of its own; the customer's clocks run on."),
         _hand_over),
    Deed("hand_back", Action.HAND_OVER, "fieldwork.hand_back", gettext_noop("Hand back"),
         gettext_noop("The order returns to the segment it came from, with the reason."), _hand_back),
    Deed("amend", Action.AMEND, "fieldwork.amend", gettext_noop("Correct the order"),
         gettext_noop("Planning counts with these figures from now on."), _amend),
    Deed("return", Action.RETURN, "fieldwork.return_order", gettext_noop("Back into the pool"),
         gettext_noop("The technician's time is given back."),
         lambda order, at, data: ReturnForm(*data, auto_id="return_%s"), is_dangerous=True),
    Deed("merge", Action.MERGE, "fieldwork.merge", gettext_noop("Merge into another order"),
         gettext_noop("This order ends; the other one stays. It cannot be undone."),
         lambda order, at, data: MergeForm(*data, auto_id="merge_%s"), is_dangerous=True),
    Deed("cancel", Action.VOID, "fieldwork.cancel", gettext_noop("Call the order off"),
         gettext_noop("Nobody goes any more. It cannot be undone."),
         lambda order, at, data: CancelForm(*data, auto_id="cancel_%s"), is_dangerous=True),
)  # fmt: skip


def deeds_of(order: Any, at: datetime, *, came_from_elsewhere: bool) -> list[Deed]:
    """Return what the order's state and the reader's role allow, each with a fresh form."""
    return [
        replace(deed, form=deed.form_of(order, at, ()), url=reverse(f"dispatch_desk:{deed.name}", args=[order.id]))
        for deed in DEEDS
        if deed.action in order.actions
        and current().may(deed.permission)
        and (came_from_elsewhere or deed.name != "hand_back")
    ]


def deed(name: str) -> Deed:
    """Return a deed by its name."""
    return next(one for one in DEEDS if one.name == name)
