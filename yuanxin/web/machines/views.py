"""What gateways send: columns of one length, at most as many rows as the rulebook allows."""

from __future__ import annotations

import json
from typing import Annotated, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from yuanxin.fieldwork import api as fieldwork
from yuanxin.inventory import api as inventory
from yuanxin.kernel.clock import now
from yuanxin.kernel.errors import DomainError
from yuanxin.web.http.doors import page

Serial = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[\x20-\x7e]+$")]
_Body = TypeVar("_Body", bound=BaseModel)


class BadBatch(DomainError):
    """The body is not what this door takes. Params: reason."""

    code = "web.bad_batch"


class Positions(BaseModel):
    """Positions as columns: technician id, instant with offset, degrees WGS-84, error of the phone in metres."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    technician: list[UUID]
    at: list[AwareDatetime]
    lng: list[Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]]
    lat: list[Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]]
    error_m: list[Annotated[int, Field(ge=0, le=100_000)]]


class Heartbeats(BaseModel):
    """Heartbeats as columns: serial, instant with offset, signal in hundredths of dBm or dBµV or null."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    serial: list[Serial]
    at: list[AwareDatetime]
    signal_centi: list[Annotated[int, Field(ge=-20_000, le=20_000)] | None]


class CallEnd(BaseModel):
    """How a relayed call ended, and the seconds of talk."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ended_as: fieldwork.CallEnd
    talked_seconds: int = Field(default=0, ge=0, le=86_400)


@require_POST
@page("fieldwork.record_positions", is_one_command=True)
def positions(request: HttpRequest) -> HttpResponse:
    """Take a batch of positions; 200 with how many were stored and how many not."""
    told = _read(Positions, request.body)
    batch = fieldwork.PositionBatch(told.technician, told.at, told.lng, told.lat, told.error_m)
    stored = fieldwork.record_positions(batch=batch, at=now())
    return JsonResponse({"taken": stored.taken, "refused": stored.refused})


@require_POST
@page("inventory.record_heartbeats", is_one_command=True)
def heartbeats(request: HttpRequest) -> HttpResponse:
    """Take a batch of heartbeats; 200 with how many devices got news."""
    told = _read(Heartbeats, request.body)
    batch = inventory.HeartbeatBatch(told.serial, told.at, told.signal_centi)
    return JsonResponse({"taken": inventory.record_heartbeats(batch=batch, at=now())})


@require_POST
@page("fieldwork.record_call_end", is_one_command=True)
def call_end(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Take the end of a relayed call; told twice, the first word counts."""
    told = _read(CallEnd, request.body)
    fieldwork.record_call_end(
        attempt_id=attempt_id, ended_as=told.ended_as, talked_seconds=told.talked_seconds, at=now()
    )
    return JsonResponse({"attempt": str(attempt_id)})


def _read(shape: type[_Body], body: bytes) -> _Body:
    try:
        return shape.model_validate_json(body)
    except ValidationError as wrong:
        first = json.loads(wrong.json(include_url=False, include_input=False))[0]
        raise BadBatch(field=".".join(map(str, first["loc"])) or None, reason=first["type"]) from None
