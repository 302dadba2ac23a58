"""Personal values: shown for a reason, agreed to, erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.parties.actions.people import locked_customer
from yuanxin.parties.models import (
    BillingAccount,
    Consent,
    Contact,
    CustomerAddress,
    PersonalChange,
    RealNameRecord,
    RevealRecord,
    SearchToken,
)
from yuanxin.parties.models.people import Customer, CustomerStatus
from yuanxin.parties.rules.errors import FieldNotPersonal, ReasonMissing

_SHORTEST_REASON = 2


def _document(customer: Customer) -> str:
    row = RealNameRecord.objects.filter(customer=customer, ended_at=None).order_by("-verified_at").first()
    return "" if row is None else str(row.document_number)


def _address(customer: Customer) -> str:
    links = CustomerAddress.objects.filter(customer=customer, ended_at=None).order_by("-is_main", "id")
    return "；".join(links.values_list("address__text", flat=True))


def _contacts(customer: Customer) -> str:
    rows = Contact.objects.filter(customer=customer, ended_at=None).order_by("id")
    return "；".join(f"{row.name} {row.phone}".strip() for row in rows)


_READERS: dict[str, Callable[[Customer], str]] = {
    "name": lambda customer: str(customer.name),
    "phone": lambda customer: str(customer.phone),
    "document": _document,
    "address": _address,
    "contacts": _contacts,
}
PERSONAL_FIELDS = tuple(_READERS)


@command("parties.reveal")
def reveal(*, customer_id: UUID, field: str, reason: str, at: datetime) -> str:
    """Return one personal value in clear and record who saw it and why.

    field: name, phone, document, address or contacts. It takes no idempotency key: an answer is stored.
    Raises FieldNotPersonal, ReasonMissing, CustomerNotFound.
    """
    if field not in _READERS:
        raise FieldNotPersonal(field="field", name=field[:40])
    if len(reason.strip()) < _SHORTEST_REASON:
        raise ReasonMissing(field="reason")
    customer = locked_customer(customer_id)
    RevealRecord.objects.create(
        customer_id=customer.id,
        field=field,
        reason=reason.strip()[:200],
        revealed_by=acting.current().who,
        revealed_at=at,
    )
    return _READERS[field](customer)


@command("parties.give_consent")
def give_consent(
    *, customer_id: UUID, purpose: str, version: str, channel: str, at: datetime, key: IdempotencyKey | None = None
) -> UUID:
    """Record that the customer agrees to a purpose in a version of its text; an older consent to it ends."""
    customer = locked_customer(customer_id)
    Consent.objects.filter(customer=customer, purpose=purpose, withdrawn_at=None).update(withdrawn_at=at)
    row = Consent.objects.create(customer=customer, purpose=purpose, version=version, channel=channel, given_at=at)
    return row.id


@command("parties.withdraw_consent")
def withdraw_consent(*, customer_id: UUID, purpose: str, at: datetime, key: IdempotencyKey | None = None) -> bool:
    """Take a consent back, at once; tell whether there was one."""
    customer = locked_customer(customer_id)
    open_ones = Consent.objects.filter(customer=customer, purpose=purpose, withdrawn_at=None)
    return bool(open_ones.update(withdrawn_at=at))


@command("parties.erase_customer")
def erase_customer(*, customer_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Erase every personal value of a customer; numbers, dates and money stay, and the sealed audit stays valid."""
    customer = locked_customer(customer_id)
    customer.name, customer.phone, customer.status = "", "", CustomerStatus.CLOSED
    customer.save(update_fields=["name", "phone", "status"])
    BillingAccount.objects.filter(customer=customer).update(title="")
    Contact.objects.filter(customer=customer).update(name="", phone="", extension="", ended_at=at)
    RealNameRecord.objects.filter(customer=customer).update(document_number="", holder_name="", ended_at=at)
    CustomerAddress.objects.filter(customer=customer, ended_at=None).update(ended_at=at)
    PersonalChange.objects.filter(customer=customer).delete()
    SearchToken.objects.filter(subject_id=customer.id).delete()
