"""The call that the agent at this desk speaks or sums up now."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from yuanxin.care import api as care
from yuanxin.kernel.clock import now

_READ = "_yuanxin_agent"


def agent_of(request: HttpRequest) -> UUID:
    """Return who is signed in, at a page that only staff open."""
    agent_id: UUID = request.user.pk  # type: ignore[assignment]
    return agent_id


def agent_here(request: HttpRequest) -> care.AgentView:
    """Return where the agent of this request stands; read once per request, one statement."""
    known: care.AgentView | None = getattr(request, _READ, None)
    if known is None:
        known = care.agent(agent_of(request))
        setattr(request, _READ, known)
    return known


def current_call(request: HttpRequest) -> care.CallView | None:
    """Return the agent's call, None between calls."""
    return agent_here(request).call if request.user.is_authenticated else None


def current_contact_id(request: HttpRequest, customer_id: UUID | None = None) -> UUID | None:
    """Return the contact of the agent's call, under which a ticket is taken now; None between calls.

    It is made when the call has none, so ask for it when the ticket is saved, not when the form is shown.
    """
    speaking = current_call(request)
    return care.contact_of_call(call_id=speaking.id, customer_id=customer_id, at=now()) if speaking else None
