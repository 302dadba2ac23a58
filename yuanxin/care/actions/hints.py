"""What was found out on the telephone goes with the order."""

from datetime import datetime
from uuid import UUID

from yuanxin.care.actions.thread import write
from yuanxin.care.actions.triage import link_run
from yuanxin.care.models import TroubleTicket
from yuanxin.care.rules.thread import MessageKind
from yuanxin.published.refs import ref

TRIAGE_HINT = "triage_hint"


def hint_from(run_id: UUID | None, ticket: TroubleTicket, at: datetime) -> None:
    """Link a run of questions, when there was one, and put its hint into the thread, where the technician reads it.

    Raises TriageRunUnknown, TriageRunUnfit.
    """
    link_run(run_id, ticket)
    if run_id is not None:
        write(ref("ticket", ticket.id), MessageKind.SYSTEM, f"{TRIAGE_HINT} {run_id}", at)
