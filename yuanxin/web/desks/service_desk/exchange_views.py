"""The JSON door of the exchange: it tells what happens to calls, late, twice and in any order if it must."""

from __future__ import annotations

import json
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError

from yuanxin.care import api as care
from yuanxin.kernel.clock import now
from yuanxin.web.desks.service_desk.machine_views import BadReport
from yuanxin.web.http.doors import page

Short = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00]*$")]


class ExchangeReport(BaseModel):
    """One event of a call 通话事件; ``event_ref`` makes a retry harmless. The number only comes with the ring."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    event_ref: Short
    exchange_ref: Short
    step: care.CallStep
    at: AwareDatetime
    caller_number: Short = ""
    queue: Short = ""
    agent_id: UUID | None = None
    recording_id: Short = ""


@require_POST
@page("care.take_exchange_event", is_one_command=True)
def exchange_events(request: HttpRequest) -> HttpResponse:
    """Keep one event; 200 with the id of its call, the same for the same event."""
    told = _read(request.body)
    call_id = care.take_exchange_event(event=care.ExchangeEvent(**told.model_dump()), at=now())
    return JsonResponse({"call": str(call_id)})


def _read(body: bytes) -> ExchangeReport:
    try:
        return ExchangeReport.model_validate_json(body)
    except ValidationError as wrong:
        first = json.loads(wrong.json(include_url=False, include_input=False))[0]
        raise BadReport(field=".".join(map(str, first["loc"])) or None, reason=first["type"]) from None
