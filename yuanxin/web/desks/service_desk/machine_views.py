"""The JSON door for fault reports: hotline software, the mirror of an older system, load generators."""

from __future__ import annotations

import json
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from yuanxin.care import api as care
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.published.codes import Channel, Service
from yuanxin.web.http.doors import page

Text = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\w.:-]+$")]


class BadReport(DomainError):
    """The body is not a fault report."""

    code = "web.bad_report"


class FaultReport(BaseModel):
    """A fault report 报障; ``key`` makes a retry harmless. Instants carry their offset."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Code
    customer_id: UUID
    address_id: UUID
    service: Service
    fault_code: Code
    channel: Channel = Channel.PHONE
    note: Text = ""
    wanted_from: AwareDatetime | None = Field(default=None)
    wanted_to: AwareDatetime | None = Field(default=None)


@require_POST
@page("care.open_ticket", is_one_command=True)
def fault_reports(request: HttpRequest) -> HttpResponse:
    """Open a ticket; 201 with its id and number. The same key with the same body gives the first answer."""
    report = _read(request.body)
    ticket = care.open_ticket(
        key=IdempotencyKey(report.key),
        customer_id=report.customer_id,
        address_id=report.address_id,
        service=report.service,
        fault_code=report.fault_code,
        note=report.note,
        channel=report.channel,
        contact_id=None,
        wanted_from=report.wanted_from,
        wanted_to=report.wanted_to,
        at=now(),
    )
    return JsonResponse({"id": str(ticket.id), "number": ticket.number}, status=201)


def _read(body: bytes) -> FaultReport:
    try:
        return FaultReport.model_validate_json(body)
    except ValidationError as wrong:
        first = json.loads(wrong.json(include_url=False, include_input=False))[0]
        raise BadReport(field=".".join(map(str, first["loc"])) or None, reason=first["type"]) from None
