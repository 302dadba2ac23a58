"""Keep the question trees, and what came of a run with a caller."""

from datetime import datetime
from uuid import UUID

from django.utils.timezone import localdate

from yuanxin.care.actions.contacts import record_contact
from yuanxin.care.models import Contact, TriageRun, TriageTree, TroubleTicket
from yuanxin.care.queries.triage import read_text, triage_version
from yuanxin.care.rules.contacts import Outcome
from yuanxin.care.rules.errors import ContactUnknown, TriageRunUnfit, TriageRunUnknown, TriageTooEarly
from yuanxin.care.rules.triage import ResultKind, TriagePathUnknown, walk
from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.tenancy import require_city, require_headquarters
from yuanxin.parties import api as parties
from yuanxin.published.codes import Channel, Service

SOLVED_REASON, NOT_OURS_REASON = "solved_on_phone", "not_ours"


@command("care.save_triage_tree")
def save_triage_tree(*, text: str, at: datetime, key: IdempotencyKey | None = None) -> str:
    """Save a new version of headquarters' questions for a service and return its version; runs keep the one they used.

    The same text twice is one version. Raises HeadquartersOnly, TriageTreeInvalid, TriageTooEarly.
    """
    require_headquarters()
    tree = read_text(text)
    if tree.effective_from < localdate(at) and not _is_first(tree.service):
        raise TriageTooEarly(field="text", day=str(tree.effective_from))
    TriageTree.objects.get_or_create(
        service=tree.service.value,
        version=tree.version,
        defaults={
            "effective_from": tree.effective_from,
            "text": text,
            "saved_at": at,
            "saved_by": acting.current().who,
        },
    )
    return tree.version


@command("care.record_triage")
def record_triage(
    *,
    service: Service,
    version: str,
    path: str,
    customer_id: UUID,
    address_id: UUID | None = None,
    channel: Channel = Channel.PHONE,
    call_id: UUID | None = None,
    at: datetime,
    key: IdempotencyKey | None = None,
) -> UUID:
    """Keep a run that has come to its result, and return its id.

    Solved on the phone and not ours end in a contact without a visit, which is made here; a fault waits for its ticket.
    Raises TriageTreeUnknown, TriagePathUnknown (also for a way without an end), CallUnknown and what parties says of an
    unknown customer.
    """
    require_city()
    parties.customer(customer_id)
    result = walk(triage_version(service, version), path).result
    if result is None:
        raise TriagePathUnknown(path=path[:40])
    contact_id = None
    if result.kind is not ResultKind.FAULT:
        reason = SOLVED_REASON if result.kind is ResultKind.SOLVED else NOT_OURS_REASON
        contact_id = record_contact(
            channel=channel,
            reason_code=reason,
            outcome=Outcome.NO_VISIT.value,
            customer_id=customer_id,
            call_id=call_id,
            at=at,
        )
    run = TriageRun(
        service=service.value,
        version=version,
        path=path,
        result=result.kind.value,
        result_code=result.code,
        fault_code=result.fault_code,
        customer_id=customer_id,
        address_id=address_id,
        contact_id=contact_id,
        ran_at=at,
        ran_by=acting.current().who,
    )
    run.save(force_insert=True)
    return run.id


def link_run(run_id: UUID | None, ticket: TroubleTicket) -> None:
    """Hang a run, when there was one, on its ticket.

    Raises TriageRunUnknown, and TriageRunUnfit when it is another customer's or linked.
    """
    if run_id is None:
        return
    run: TriageRun | None = TriageRun.objects.select_for_update(of=("self",)).filter(pk=run_id).first()
    if run is None:
        raise TriageRunUnknown(field="triage_id", run=str(run_id))
    if run.customer_id != ticket.customer_id or run.ticket_id is not None:
        raise TriageRunUnfit(field="triage_id", run=str(run_id))
    run.ticket = ticket
    run.save(update_fields=["ticket"])


def require_contact(contact_id: UUID | None) -> None:
    """Raise ContactUnknown unless there is such a contact, or none is given."""
    if contact_id is not None and not Contact.objects.filter(pk=contact_id).exists():
        raise ContactUnknown(field="contact_id", contact=str(contact_id))


def _is_first(service: Service) -> bool:
    return not TriageTree.objects.filter(service=service.value).exists()
