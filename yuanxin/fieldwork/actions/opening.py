"""From a ticket to its work order, with the window that the customer wished for."""

from __future__ import annotations

from yuanxin.fieldwork.actions.appointments import book_appointment
from yuanxin.fieldwork.actions.orders import create_work_order
from yuanxin.kernel.commands import command
from yuanxin.published.care import TicketOpened
from yuanxin.published.refs import WorkOrderRef


@command("fieldwork.open_for_ticket")
def open_for_ticket(*, ticket: TicketOpened) -> WorkOrderRef:
    """Create the order of a ticket and promise the window that was agreed on the phone."""
    made = create_work_order(
        cause=ticket.subject,
        order_kind=ticket.order_kind,
        service=ticket.service,
        customer_id=ticket.customer_id,
        address_id=ticket.address_id,
        grid_code=ticket.grid_code,
        area_class=ticket.area_class,
        customer_class=ticket.customer_class,
        statutory_due_at=ticket.statutory_due_at,
        assessment_due_at=ticket.assessment_due_at,
        fault_code=ticket.fault_code,
        at=ticket.at,
    )
    if ticket.wanted_from is not None and ticket.wanted_to is not None:
        book_appointment(
            work_order_id=made.id, window_from=ticket.wanted_from, window_to=ticket.wanted_to, at=ticket.at
        )
    return made
