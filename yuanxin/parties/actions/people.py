"""One customer at a time: registering, changing, contacts, documents."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey, new_id
from yuanxin.kernel.numbers import next_number
from yuanxin.kernel.outbox import tell
from yuanxin.parties.actions.tokens import rewrite_customer
from yuanxin.parties.models import (
    BillingAccount,
    Contact,
    Customer,
    CustomerAddress,
    PersonalChange,
    RealNameRecord,
    StandardAddress,
)
from yuanxin.parties.models.people import DocumentKind, Language, PaymentMethod, Relation
from yuanxin.parties.queries.people import require_active
from yuanxin.parties.rules.errors import AddressNotFound, CustomerNotFound, LanguageUnknown, NameMissing
from yuanxin.parties.rules.names import comparable
from yuanxin.parties.rules.phone import parse_own_phones
from yuanxin.parties.rules.realname import parse_identity_number
from yuanxin.published.codes import CustomerClass
from yuanxin.published.parties import CustomerRegistered
from yuanxin.published.refs import ref


@dataclass(frozen=True, slots=True)
class CustomerRef:
    """A customer 客户 and the human number."""

    id: UUID
    number: str


@command("parties.register_customer")
def register_customer(
    *,
    name: str,
    phone: str,
    at: datetime,
    address_id: UUID | None = None,
    customer_class: CustomerClass = CustomerClass.RESIDENT,
    payment_method: str = PaymentMethod.CASH.value,
    area_code: str = "",
    key: IdempotencyKey | None = None,
) -> CustomerRef:
    """Register one customer with a billing account. Raises NameMissing, PhoneNotValid, AddressNotFound."""
    if not comparable(name):
        raise NameMissing(field="name")
    row = Customer.objects.create(
        number=next_number("C", at),
        customer_class=customer_class,
        name=name.strip(),
        phone=parse_own_phones(phone, area_code=area_code)[0].digits,
        registered_at=at,
    )
    BillingAccount.objects.create(
        number=next_number("A", at),
        customer=row,
        title=row.name,
        payment_method=PaymentMethod(payment_method),
        opened_at=at,
    )
    if address_id is not None:
        _link(row.id, address_id, is_main=True)
    rewrite_customer(row.id)
    tell(CustomerRegistered(subject=ref("customer", row.id), at=at, customer_id=row.id))
    return CustomerRef(row.id, row.number)


@command("parties.change_customer")
def change_customer(
    *,
    customer_id: UUID,
    at: datetime,
    name: str | None = None,
    phone: str | None = None,
    area_code: str = "",
    language: str | None = None,
    key: IdempotencyKey | None = None,
) -> None:
    """Correct a customer's name, main phone or language; names and numbers go to the erasable side table.

    Raises CustomerNotFound, NameMissing, PhoneNotValid, LanguageUnknown.
    """
    row = locked_customer(customer_id)
    if language is not None:
        _speak(row, language)
    wanted = {"name": None if name is None else name.strip()}
    wanted["phone"] = None if phone is None else parse_own_phones(phone, area_code=area_code)[0].digits
    if wanted["name"] is not None and not comparable(wanted["name"]):
        raise NameMissing(field="name")
    changed = {field: value for field, value in wanted.items() if value is not None and value != getattr(row, field)}
    for field, value in changed.items():
        _remember(row, field, getattr(row, field), at)
        setattr(row, field, value)
    if changed:
        row.save(update_fields=list(changed))
        rewrite_customer(row.id)


@command("parties.choose_language")
def choose_language(*, customer_id: UUID, language: str, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Write to this customer in another language (zh or en). Raises CustomerNotFound, LanguageUnknown."""
    _speak(locked_customer(customer_id), language)


def _speak(row: Customer, language: str) -> None:
    if language not in Language.values:
        raise LanguageUnknown(field="language", language=language[:10])
    if row.language != language:
        row.language = language
        row.save(update_fields=["language"])


def locked_customer(customer_id: UUID) -> Customer:
    """Return the customer's row, locked until the commit. Raises CustomerNotFound."""
    row = Customer.objects.select_for_update().filter(id=customer_id).first()
    if row is None:
        raise CustomerNotFound(customer=str(customer_id))
    return row


def _remember(row: Customer, field: str, before: str, at: datetime) -> None:
    PersonalChange.objects.create(
        customer=row, field=field, before=before, changed_by=acting.current().who, changed_at=at
    )


@command("parties.add_customer_address")
def add_customer_address(
    *, customer_id: UUID, address_id: UUID, at: datetime, is_main: bool = False, key: IdempotencyKey | None = None
) -> None:
    """Let a customer live or be served at one more address. Raises CustomerNotFound, AddressNotFound."""
    row = locked_customer(customer_id)
    if is_main:
        CustomerAddress.objects.filter(customer=row, ended_at=None).update(is_main=False)
    CustomerAddress.objects.filter(customer=row, address=address_id, ended_at=None).update(ended_at=at)
    _link(row.id, address_id, is_main=is_main)
    rewrite_customer(row.id)


def _link(customer_id: UUID, address_id: UUID, *, is_main: bool) -> None:
    if not StandardAddress.objects.filter(id=address_id).exists():
        raise AddressNotFound(field="address_id", address=str(address_id))
    CustomerAddress.objects.create(customer_id=customer_id, address_id=address_id, is_main=is_main)


@command("parties.add_contact")
def add_contact(
    *,
    customer_id: UUID,
    relation: str,
    phone: str,
    name: str = "",
    area_code: str = "",
    key: IdempotencyKey | None = None,
) -> UUID:
    """Add somebody who may be called, often a relative. Raises CustomerNotFound, CustomerClosed, PhoneNotValid."""
    require_active(customer_id)
    number = parse_own_phones(phone, area_code=area_code)[0]
    row = Contact.objects.create(
        customer=locked_customer(customer_id),
        name=name.strip(),
        relation=Relation(relation),
        phone=number.digits,
        extension=number.extension,
    )
    rewrite_customer(customer_id)
    return row.id


@command("parties.end_contact")
def end_contact(*, customer_id: UUID, contact_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Call this contact no more; the number is not found any longer. Raises CustomerNotFound."""
    locked_customer(customer_id)
    Contact.objects.filter(id=contact_id, customer=customer_id, ended_at=None).update(ended_at=at)
    rewrite_customer(customer_id)


@command("parties.record_real_name")
def record_real_name(
    *,
    customer_id: UUID,
    document_kind: str,
    document_number: str,
    holder_name: str,
    method: str,
    at: datetime,
    evidence: bytes = b"",
    key: IdempotencyKey | None = None,
) -> UUID:
    """Record a proved identity; an older record ends. evidence: the file whose hash is kept, not the file itself.

    Raises CustomerNotFound, DocumentNotValid (identity cards are checked by GB 11643), NameMissing.
    """
    row = locked_customer(customer_id)
    kind = DocumentKind(document_kind)
    number = document_number.strip()
    if kind is DocumentKind.IDENTITY_CARD:
        today = at.astimezone(ZoneInfo(settings.YUANXIN_CITY_ZONE)).date()
        number = parse_identity_number(number, today=today).number
    if not comparable(holder_name):
        raise NameMissing(field="holder_name")
    RealNameRecord.objects.filter(customer=row, ended_at=None).update(ended_at=at)
    record = RealNameRecord.objects.create(
        id=new_id(),
        customer=row,
        document_kind=kind,
        document_number=number,
        holder_name=holder_name.strip(),
        method=method,
        evidence_hash=hashlib.sha256(evidence).hexdigest() if evidence else "",
        verified_by=acting.current().who,
        verified_at=at,
    )
    return record.id
