"""A customer with everything around: for the page that shows it all at once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from yuanxin.parties.models import Consent, Customer, CustomerAddress
from yuanxin.parties.queries.people import contacts_of
from yuanxin.parties.queries.places import view_of
from yuanxin.parties.queries.views import AddressView, ContactView, CustomerView
from yuanxin.parties.rules.errors import CustomerNotFound
from yuanxin.parties.rules.masking import mask_name, mask_phone


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """A customer, masked; the main address first; whom else one may call; whether it agreed to the asked purpose."""

    customer: CustomerView
    addresses: list[AddressView]
    contacts: list[ContactView]
    has_consent: bool


def household(customer_id: UUID, *, purpose: str) -> HouseholdView:
    """Who is this, where, with whom, and may we use what we know for this purpose? Three statements.

    Raises CustomerNotFound.
    """
    given = Consent.objects.filter(customer=OuterRef("pk"), purpose=purpose, withdrawn_at=None)
    row = Customer.objects.filter(pk=customer_id).annotate(is_agreed=Exists(given)).first()
    if row is None:
        raise CustomerNotFound(customer=str(customer_id))
    links = CustomerAddress.objects.filter(customer=customer_id, ended_at=None).order_by("-is_main", "id")
    addresses = [view_of(link.address) for link in links.select_related("address")]
    customer = CustomerView(
        id=row.id,
        number=row.number,
        name_masked=mask_name(row.name),
        phone_masked=mask_phone(row.phone),
        class_=row.customer_class,
        status=row.status,
        address_ids=tuple(address.id for address in addresses),
        flags=tuple(row.flags),
    )
    return HouseholdView(customer, addresses, contacts_of(customer_id), row.is_agreed)
