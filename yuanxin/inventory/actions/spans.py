"""Writing bitemporal spans: what is believed is replaced, never changed. Callers hold the owner's row lock."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db.models.functions import Now

from yuanxin.inventory.models import Span
from yuanxin.inventory.rules.errors import OutOfOrder
from yuanxin.kernel.ids import new_id

_Span = TypeVar("_Span", bound=Span)
_KEPT = {"id", "recorded_at", "superseded_at"}


def end_span(span: _Span, at: datetime) -> None:
    """Let an open believed span end at `at`; one that began then never was. Raises OutOfOrder."""
    if at < span.valid_from:
        raise OutOfOrder(valid_from=span.valid_from.isoformat(), at=at.isoformat())
    manager: Any = type(span)._default_manager
    manager.filter(id=span.id, superseded_at=None).update(superseded_at=Now())
    if at > span.valid_from:
        manager.create(id=new_id(), **_copy(span) | {"valid_to": at})


def replace_span(span: _Span, at: datetime, **changes: object) -> None:
    """Let an open believed span go on from `at` with changes. Raises OutOfOrder."""
    end_span(span, at)
    manager: Any = type(span)._default_manager
    manager.create(id=new_id(), **_copy(span) | {"valid_from": at, **changes})


def _copy(span: Span) -> dict[str, Any]:
    fields = (field.attname for field in span._meta.concrete_fields)
    return {name: getattr(span, name) for name in fields if name not in _KEPT}
