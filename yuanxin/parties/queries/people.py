"""Questions about customers and the people around them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from yuanxin.kernel import prepared
from yuanxin.parties.models import (
    BillingAccount,
    Consent,
    Contact,
    Customer,
    CustomerAddress,
    Estate,
    RealNameRecord,
    StandardAddress,
)
from yuanxin.parties.models.people import CustomerStatus, Language
from yuanxin.parties.queries.views import AccountView, ContactView, CustomerView, RealNameView, ServedView
from yuanxin.parties.rules.errors import AddressNotFound, AddressNotOfCustomer, CustomerClosed, CustomerNotFound
from yuanxin.parties.rules.masking import mask_document, mask_name, mask_phone
from yuanxin.published.codes import AreaClass, CustomerClass

_SERVED = """
SELECT customer.status, customer.customer_class, address.area_class, address.grid_code,
       address.estate_id
  FROM parties_customeraddress link
  JOIN parties_customer customer ON customer.id = link.customer_id
  JOIN parties_standardaddress address ON address.id = link.address_id
 WHERE link.customer_id = %(customer)s AND link.address_id = %(address)s AND link.ended_at IS NULL
 LIMIT 1
"""
_GONE = (CustomerStatus.LEFT.value, CustomerStatus.CLOSED.value)


def customer(customer_id: UUID) -> CustomerView:
    """Who is this, masked? Two statements. Raises CustomerNotFound."""
    found = customers([customer_id])
    if customer_id not in found:
        raise CustomerNotFound(customer=str(customer_id))
    return found[customer_id]


def customers(ids: Iterable[UUID]) -> dict[UUID, CustomerView]:
    """Who are these, masked? Those in scope, by id; two statements."""
    wanted = list(ids)
    homes: dict[UUID, list[UUID]] = {}
    links = CustomerAddress.objects.filter(customer__in=wanted, ended_at=None).order_by("-is_main", "id")
    for customer_id, address_id in links.values_list("customer_id", "address_id"):
        homes.setdefault(customer_id, []).append(address_id)
    return {
        row.id: CustomerView(
            id=row.id,
            number=row.number,
            name_masked=mask_name(row.name),
            phone_masked=mask_phone(row.phone),
            class_=row.customer_class,
            status=row.status,
            address_ids=tuple(homes.get(row.id, ())),
            flags=tuple(row.flags),
            language=row.language,
        )
        for row in Customer.objects.filter(id__in=wanted)
    }


def require_active(customer_id: UUID) -> None:
    """Raise CustomerNotFound or CustomerClosed unless work may begin for the customer. One statement."""
    status = Customer.objects.filter(id=customer_id).values_list("status", flat=True).first()
    if status is None:
        raise CustomerNotFound(customer=str(customer_id))
    if status in _GONE:
        raise CustomerClosed(customer=str(customer_id))


def served_at(customer_id: UUID, address_id: UUID) -> ServedView:
    """May work begin for this customer at this address, and in which grid? One statement when it may.

    Raises CustomerNotFound, CustomerClosed, AddressNotFound, AddressNotOfCustomer.
    """
    found = prepared.run(_SERVED, {"customer": customer_id, "address": address_id}).fetchone()
    if found is None:
        require_active(customer_id)
        if not StandardAddress.objects.filter(id=address_id).exists():
            raise AddressNotFound(field="address_id", address=str(address_id))
        raise AddressNotOfCustomer(field="address_id", customer=str(customer_id))
    status, customer_class, area_class, grid_code, estate_id = found
    if status in _GONE:
        raise CustomerClosed(customer=str(customer_id))
    return ServedView(CustomerClass(customer_class), AreaClass(area_class), grid_code, estate_id)


def contacts_of(customer_id: UUID) -> list[ContactView]:
    """Whom else may we call about this customer? Masked, oldest first; one statement."""
    rows = Contact.objects.filter(customer=customer_id, ended_at=None).order_by("id")
    return [ContactView(row.id, mask_name(row.name), row.relation, mask_phone(row.phone)) for row in rows]


def accounts_of(customer_id: UUID) -> list[AccountView]:
    """Which accounts pay for this customer? One statement."""
    rows = BillingAccount.objects.filter(customer=customer_id).order_by("id")
    return [
        AccountView(
            row.id, row.number, row.customer_id, mask_name(row.title), row.payment_method, row.cycle_day,
            row.closed_at is None,
        )
        for row in rows
    ]  # fmt: skip


def real_name_of(customer_id: UUID) -> RealNameView | None:
    """Which identity is proved for this customer, masked? The newest valid one; one statement."""
    row = RealNameRecord.objects.filter(customer=customer_id, ended_at=None).order_by("-verified_at").first()
    if row is None:
        return None
    return RealNameView(
        row.document_kind, mask_document(row.document_number), mask_name(row.holder_name), row.method, row.verified_at
    )


def phone_of(customer_id: UUID) -> str:
    """Return the main number in clear, "" when there is none: for the message gateway only, never for a screen."""
    phone = Customer.objects.filter(id=customer_id).values_list("phone", flat=True).first()
    if phone is None:
        raise CustomerNotFound(customer=str(customer_id))
    return str(phone)


def language_of(customer_id: UUID) -> str:
    """Return the language in which we write to a customer, ``zh`` or ``en``. One statement."""
    language = Customer.objects.filter(id=customer_id).values_list("language", flat=True).first()
    return str(language or Language.CHINESE.value)


def has_consent(customer_id: UUID, purpose: str) -> bool:
    """Does the customer agree to this purpose now? One statement."""
    return Consent.objects.filter(customer=customer_id, purpose=purpose, withdrawn_at=None).exists()


def are_here(
    *,
    customers: Iterable[UUID] = (),
    accounts: Iterable[UUID] = (),
    addresses: Iterable[UUID] = (),
    estates: Iterable[UUID] = (),
) -> bool:
    """Do all of these stand in the scope? Foreign keys do not see the scope, so who stores ids asks. Four counts."""
    wanted = (
        (Customer, set(customers)),
        (BillingAccount, set(accounts)),
        (StandardAddress, set(addresses)),
        (Estate, set(estates)),
    )
    return all(not ids or model.objects.filter(id__in=ids).count() == len(ids) for model, ids in wanted)
