"""Factories of ``supervision``: facts as care, fieldwork and standards tell them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tests.make import at as wall
from yuanxin.published.care import TicketOpened
from yuanxin.published.codes import AreaClass, Channel, OrderKind, Service
from yuanxin.published.fieldwork import WorkOrderAssigned
from yuanxin.published.refs import ref

MORNING = wall("2026-11-24 09:00")


def opened(
    ticket: str = "",
    *,
    at: datetime = MORNING,
    hours: int | None = 10,
    statutory_hours: int | None = None,
    grid_code: str = "4406040001",
    number: str = "T4406260000001",
) -> TicketOpened:
    """A broadband fault whose assessment clock gives so many hours."""
    return TicketOpened(
        subject=ticket or ref("ticket", new_id()),
        at=at,
        number=number,
        customer_id=new_id(),
        address_id=new_id(),
        service=Service.BROADBAND,
        fault_code="no_internet",
        order_kind=OrderKind.REPAIR,
        area_class=AreaClass.URBAN,
        grid_code=grid_code,
        channel=Channel.PHONE,
        statutory_due_at=None if statutory_hours is None else at + timedelta(hours=statutory_hours),
        assessment_due_at=None if hours is None else at + timedelta(hours=hours),
        wanted_from=None,
        wanted_to=None,
    )


def assigned(
    ticket: str, work_order: str, *, technician_id: UUID | None = None, at: datetime = MORNING + timedelta(minutes=10)
) -> WorkOrderAssigned:
    """A technician is planned for the ticket's work."""
    return WorkOrderAssigned(
        subject=work_order,
        at=at,
        number="W4406260000001",
        cause=ticket,
        customer_id=new_id(),
        technician_id=technician_id or new_id(),
        planned_from=at + timedelta(hours=1),
        planned_to=at + timedelta(hours=2),
    )
