"""The next best step with a customer, in one line: what an experienced agent would think of first."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Situation:
    """What is known of a customer now. faults: reports of one service within the days of a repeated fault."""

    open_tickets: int = 0
    late_tickets: int = 0
    awaiting_callback: int = 0
    open_complaints: int = 0
    faults: int = 0
    has_phone: bool = True
    has_address: bool = True
    has_consent: bool = True


def next_step(seen: Situation) -> str:
    """Return the code of the first step that fits; the order is that of what hurts the customer most.

    late: apologise and escalate. again: a senior technician. complaint: say where it stands. chase: hurry the ticket.
    callback: ask whether it works. address, phone: complete the record. consent: ask for it. none: nothing waits.
    """
    steps = (
        ("late", seen.late_tickets > 0),
        ("again", seen.open_tickets > 0 and seen.faults > 1),
        ("complaint", seen.open_complaints > 0),
        ("chase", seen.open_tickets > 0),
        ("callback", seen.awaiting_callback > 0),
        ("again", seen.faults > 1),
        ("address", not seen.has_address),
        ("phone", not seen.has_phone),
        ("consent", not seen.has_consent),
    )
    return next((code for code, fits in steps if fits), "none")
