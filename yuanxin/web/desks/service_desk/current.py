"""The call that the agent at this desk speaks or sums up now."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from yuanxin.care import api as care
from yuanxin.kernel.clock import now


def current_call(request: HttpRequest) -> care.CallView | None:
    """Return the agent's call, None between calls. One statement."""
    return care.current_call(request.user.pk) if request.user.is_authenticated else None


def current_contact_id(request: HttpRequest, customer_id: UUID | None = None) -> UUID | None:
    """Return the contact of the agent's call, under which a ticket is taken now; None between calls.

    It is made when the call has none, so ask for it when the ticket is saved, not when the form is shown.
    """
    speaking = current_call(request)
    return care.contact_of_call(call_id=speaking.id, customer_id=customer_id, at=now()) if speaking else None
