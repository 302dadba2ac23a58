"""Writing search tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from yuanxin.kernel.bulk import insert_many
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.tenancy import home_codes
from yuanxin.parties.models import BillingAccount, Contact, Customer, CustomerAddress, SearchToken
from yuanxin.parties.rules.phone import Phone, PhoneKind
from yuanxin.parties.rules.tokens import PERSON_KINDS, Token, home_token, tokens_of_person, tokens_of_serial


@dataclass(frozen=True, slots=True)
class SerialRow:
    """A serial number and whom it leads to: the customer who has the device, or the device itself in stock."""

    serial: str
    subject_kind: str
    subject_id: UUID


def store_tokens(subject_kind: str, rows: Iterable[tuple[UUID, Iterable[Token]]]) -> int:
    """Insert the tokens of many subjects; those already there stay. The caller holds the transaction."""
    ids: list[str] = []
    kinds: list[str] = []
    texts: list[str] = []
    for subject_id, cut in rows:
        subject = subject_id.hex
        for kind, text in cut:
            ids.append(subject)
            kinds.append(kind)
            texts.append(text)
    if not ids:
        return 0
    province_code, city_code = home_codes()
    return insert_many(
        SearchToken,
        {"subject_id": ids, "kind": kinds, "token": texts},
        {"subject_kind": subject_kind, "province_code": province_code, "city_code": city_code},
        ignore_conflicts=True,
    )


def rewrite_customer(customer_id: UUID) -> None:
    """Bring a customer's tokens up to date after a change. The caller holds the transaction and the row's lock."""
    row = Customer.objects.get(id=customer_id)
    phones = [_phone_of(row.phone)] if row.phone else []
    contacts = Contact.objects.filter(customer=row, ended_at=None)
    phones += [_phone_of(digits) for digits in contacts.values_list("phone", flat=True)]
    numbers = [row.number, *BillingAccount.objects.filter(customer=row).values_list("number", flat=True)]
    links = CustomerAddress.objects.filter(customer=row, ended_at=None).select_related("address")
    homes = [home_of(link.address.estate_id or link.address_id, link.address.door) for link in links]
    SearchToken.objects.filter(subject_id=row.id, kind__in=[kind.value for kind in PERSON_KINDS]).delete()
    store_tokens("customer", [(row.id, tokens_of_person(row.name, phones, numbers, homes))])


def home_of(place_id: UUID, door: str) -> str:
    """Return the home token of a door in a place."""
    return home_token(place_id.hex, door)


def _phone_of(digits: str) -> Phone:
    """Read stored digits again; they were parsed when they came in."""
    if digits.startswith("0"):
        area = 3 if digits[1] in "12" else 4
        return Phone(digits, PhoneKind.LANDLINE, local=digits[area:])
    return Phone(digits, PhoneKind.MOBILE)


@command("parties.write_tokens")
def write_tokens(*, rows: Sequence[SerialRow], key: IdempotencyKey | None = None) -> int:
    """Make serial numbers findable in the one search box; return how many tokens are new.

    A device that changes hands: `forget_serial` first.
    """
    stored = 0
    for subject_kind in sorted({row.subject_kind for row in rows}):
        mine = (row for row in rows if row.subject_kind == subject_kind)
        stored += store_tokens(subject_kind, ((row.subject_id, tokens_of_serial(row.serial)) for row in mine))
    return stored


@command("parties.forget_serial")
def forget_serial(*, row: SerialRow, key: IdempotencyKey | None = None) -> int:
    """Take a serial number back from a subject; return how many tokens went."""
    texts = [token.text for token in tokens_of_serial(row.serial)]
    return SearchToken.objects.filter(subject_id=row.subject_id, kind="s", token__in=texts).delete()[0]
