"""The queue of a phone 待同步: each step runs through its command once, in the order in which it was done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.forms import Form
from django.utils.datastructures import MultiValueDict
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import DomainError
from yuanxin.web.components.codes import code_words
from yuanxin.web.components.words import error_words
from yuanxin.web.technician.steps import STEPS, form_of

MOST_ITEMS = 200  # of one request; a phone sends fifty
MOST_FIELDS = 120
_TEN_YEARS_MS = 10 * 366 * 24 * 3600 * 1000
Text = Annotated[str, StringConstraints(max_length=400_000)]
Value = Text | bool | int | float | list[Text] | None


class BadQueue(DomainError):
    """What came is not the queue of a phone."""

    code = "web.bad_queue"


class QueueTooLong(DomainError):
    """The queue holds more steps than one request may."""

    code = "web.queue_too_long"


class BadItem(DomainError):
    """A step of the queue cannot be read."""

    code = "web.bad_queue_item"


class Item(BaseModel):
    """One step as the phone kept it. acted_at: by the phone's clock; offset_ms: server minus phone, as told."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    key: UUID
    work_order_id: UUID
    action: Annotated[str, StringConstraints(max_length=20)]
    acted_at: AwareDatetime | None = None
    offset_ms: int = Field(default=0, ge=-_TEN_YEARS_MS, le=_TEN_YEARS_MS)
    told: dict[str, Value] = Field(default_factory=dict, max_length=MOST_FIELDS)

    @property
    def claimed_at(self) -> datetime | None:
        """When the phone says it was done, in the server's time."""
        return fieldwork.claimed_instant(self.acted_at, timedelta(milliseconds=self.offset_ms))


class Queue(BaseModel):
    """What a phone sends: steps in the order in which they were done."""

    items: list[Any]


def read_queue(body: bytes) -> list[Any]:
    """Return the raw steps. Raises BadQueue, QueueTooLong."""
    try:
        items = Queue.model_validate_json(body).items
    except ValidationError:
        raise BadQueue from None
    if len(items) > MOST_ITEMS:
        raise QueueTooLong(most=MOST_ITEMS, has=len(items))
    return items


def run_all(raw: Iterable[Any]) -> list[dict[str, Any]]:
    """Run the steps and return one answer each; what follows a refused step of the same order waits."""
    answers, stopped = list[dict[str, Any]](), set[str]()
    for one in raw:
        order = str(one.get("work_order_id", "")) if isinstance(one, dict) else ""
        if order in stopped:
            answers.append({"key": one.get("key"), "state": "waits", "code": "", "words": "", "fields": {}})
            continue
        answer = run(one)
        if answer["state"] == "refused":
            stopped.add(order)
        answers.append(answer)
    return answers


def run(raw: Any) -> dict[str, Any]:
    """Run one step; a refusal is an answer, never an error of the whole queue."""
    key = raw.get("key") if isinstance(raw, dict) else None
    try:
        item = read_item(raw)
        return {"key": key, **_done(item), "order": _state(item.work_order_id)}
    except DomainError as error:
        return refusal(key, error)


def refusal(key: Any, error: DomainError) -> dict[str, Any]:
    """Return a named error as the answer to one step."""
    words = error_words(error)
    return {
        "key": key,
        "state": "refused",
        "code": error.code,
        "words": words,
        "fields": {error.field: words} if error.field else {},
    }


def refused_words(item: Item, reason: str) -> str:
    """Return what the dispatcher reads of a step that was refused."""
    claimed = item.claimed_at
    return _("Not accepted from my phone: %(step)s, done %(claimed)s. %(reason)s") % {
        "step": code_words(item.action, "phone_step"),
        "claimed": f"{localtime(claimed):%m-%d %H:%M}" if claimed else "—",
        "reason": reason,
    }


def unreadable(key: Any, form: Form) -> dict[str, Any]:
    """Return what a form found wrong as the answer to one step."""
    fields = {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}
    return {"key": key, "state": "refused", "code": "web.form", "words": " ".join(fields.values()), "fields": fields}


def read_item(raw: Any) -> Item:
    """Return one line of the queue. Raises BadItem."""
    try:
        return Item.model_validate(raw)
    except ValidationError as wrong:
        raise BadItem(reason=wrong.errors()[0]["type"]) from None


def _done(item: Item) -> dict[str, Any]:
    step = STEPS.get(item.action)
    if step is None:
        raise BadItem(reason="action")
    order = fieldwork.work_order(item.work_order_id)
    told = {name: value if isinstance(value, list) else [value] for name, value in item.told.items()}
    form = form_of(step, order, MultiValueDict({**told, "key": [item.key]}))
    if not form.is_valid():
        return unreadable(str(item.key), form)
    when = taken(item.claimed_at, order.state_since)
    step.command(key=form.idempotency_key, work_order_id=item.work_order_id, at=when.at, **form.told())
    note(when, item.work_order_id, item.key, item.action)
    return {"state": "done", "code": "", "words": _("Sent"), "fields": {}}


def taken(claimed_at: datetime | None, last_step_at: datetime | None) -> fieldwork.Taken:
    """Return the instant at which a step counts."""
    at = now()
    return fieldwork.taken(claimed_at, received_at=at, last_step_at=last_step_at, limits=fieldwork.offline_limits(at))


def note(when: fieldwork.Taken, work_order_id: UUID, item: UUID, action: str) -> None:
    """Let the timeline show both instants of a step that came late."""
    if when.is_late and when.claimed_at is not None:
        fieldwork.note_offline(
            work_order_id=work_order_id,
            item=item,
            action=action,
            claimed_at=when.claimed_at,
            taken_at=when.at,
            at=when.received_at,
        )


def _state(work_order_id: UUID) -> dict[str, str]:
    order = fieldwork.work_order(work_order_id)
    return {"id": str(order.id), "state": str(order.state), "words": code_words(order.state, "work_order")}
