"""Factories of customer care; the city comes from the scope in force."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yuanxin.care import api as care
from yuanxin.care.actions.tickets import resolve_ticket
from yuanxin.care.tests.voices import OGG
from yuanxin.kernel.ids import new_id
from yuanxin.parties.tests import make as parties
from yuanxin.published.codes import AreaClass, Channel, CustomerClass, Service
from yuanxin.published.refs import TicketRef, ref

REPAIR = timedelta(hours=3)


@dataclass(frozen=True)
class Home:
    """A customer and the address at which it is served."""

    customer_id: UUID
    address_id: UUID


def home(*, area_class: AreaClass = AreaClass.URBAN, customer_class: CustomerClass = CustomerClass.RESIDENT) -> Home:
    """Make a customer in a home of its own."""
    address_id = parties.address(area_class=area_class)
    return Home(parties.customer(address_id=address_id, customer_class=customer_class), address_id)


def closed_home() -> Home:
    """Make a customer who has left, and the home that it had."""
    address_id = parties.address()
    return Home(parties.closed_customer(address_id=address_id), address_id)


def ticket(*, at: datetime, home: Home | None = None, **changes: Any) -> TicketRef:
    """Open a ticket: no internet, reported on the phone, unless said otherwise."""
    place = home or _home()
    arguments: dict[str, Any] = {
        "customer_id": place.customer_id,
        "address_id": place.address_id,
        "service": Service.BROADBAND,
        "fault_code": "no_internet",
        "channel": Channel.PHONE,
        "at": at,
    }
    return care.open_ticket(**(arguments | changes))


def path_to(tree: care.Tree, kind: care.ResultKind) -> str:
    """Return the answers of the shortest way through a tree that ends like this."""
    waiting = [""]
    while True:
        path = waiting.pop(0)
        position = care.walk(tree, path)
        if position.result is not None and position.result.kind is kind:
            return path
        if position.question is not None:
            numbers = range(1, len(position.question.answers) + 1)
            waiting += [f"{path}.{number}".lstrip(".") for number in numbers]


def recording() -> bytes:
    """Return an invented voice recording, as a browser makes it."""
    return OGG


def finish_visit(opened: TicketRef, *, at: datetime, close_type: str = "fixed") -> None:
    """Let a visit end, as the field would tell it."""
    resolve_ticket(ticket_id=opened.id, work_order=ref("work_order", new_id()), close_type=close_type, at=at)


def resolved_ticket(*, at: datetime, home: Home | None = None, close_type: str = "fixed") -> TicketRef:
    """Open a ticket and let its visit end three hours later."""
    opened = ticket(at=at, home=home)
    finish_visit(opened, at=at + REPAIR, close_type=close_type)
    return opened


_home = home
