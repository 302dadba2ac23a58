"""What other contexts see of the parties: frozen, masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yuanxin.published.codes import AreaClass, CustomerClass


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer, personal values masked."""

    id: UUID
    number: str
    name_masked: str
    phone_masked: str
    class_: str
    status: str
    address_ids: tuple[UUID, ...]
    flags: tuple[str, ...]
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class AddressView:
    """An address to which somebody can be sent. lng, lat: degrees in WGS-84, None when not located.

    datum: in which the source gave it. text: as printed; text_masked: without the digits of the door.
    """

    id: UUID
    kind: str
    estate_id: UUID | None
    text: str
    text_masked: str
    lng: float | None
    lat: float | None
    datum: str
    grid_code: str
    district_code: str
    area_class: str
    households: int

    @property
    def is_located(self) -> bool:
        """Tell whether the point is known."""
        return self.lng is not None


@dataclass(frozen=True, slots=True)
class ServedView:
    """Where and whom we serve: what a promise depends on, and the grid that is responsible."""

    customer_class: CustomerClass
    area_class: AreaClass
    grid_code: str
    estate_id: UUID | None


@dataclass(frozen=True, slots=True)
class ContactView:
    """A contact of a customer, masked."""

    id: UUID
    name_masked: str
    relation: str
    phone_masked: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """A billing account, masked."""

    id: UUID
    number: str
    customer_id: UUID
    title_masked: str
    payment_method: str
    cycle_day: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class RealNameView:
    """A valid real-name record, masked."""

    document_kind: str
    document_number_masked: str
    holder_name_masked: str
    method: str
    verified_at: datetime


@dataclass(frozen=True, slots=True)
class Hit:
    """One line under the search box. subject: ``customer:<uuid>``, ``estate:<uuid>`` or ``device:<uuid>``."""

    subject: str
    title: str
    detail: str
    kind: str


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of a search; is_cut: there are more, another word would narrow it."""

    hits: tuple[Hit, ...]
    is_cut: bool
