"""Questions about what a customer has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from yuanxin.inventory.models import DeviceUse, ProductSpan, Subscriber, SubscriberSpan
from yuanxin.inventory.rules.errors import SubscriberNotFound
from yuanxin.published.codes import Service


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product in use at the asked instant."""

    span_id: UUID
    offering_code: str
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class SubscriberView:
    """A subscriber at the asked instant; state and account are those that held then."""

    id: UUID
    number: str
    customer_id: UUID
    account_id: UUID
    service: Service
    address_id: UUID | None
    state: str
    products: tuple[ProductView, ...]


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device in use at the asked instant."""

    id: UUID
    serial: str
    kind: str
    model_code: str
    subscriber_id: UUID
    since: datetime


def held_at(at: datetime, known_at: datetime | None = None) -> Q:
    """Return the condition of spans that held at `at`, as believed now or as believed at wall time `known_at`."""
    held = Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))
    if known_at is None:
        return held & Q(superseded_at__isnull=True)
    return held & Q(recorded_at__lte=known_at) & (Q(superseded_at__isnull=True) | Q(superseded_at__gt=known_at))


def subscribers_of(customer_id: UUID, at: datetime, *, known_at: datetime | None = None) -> list[SubscriberView]:
    """What did this customer have at that instant? By number; two statements.

    known_at: wall time; with it the answer is what we believed then, corrections made later are not seen.
    """
    states = SubscriberSpan.objects.filter(held_at(at, known_at), subscriber__customer=customer_id)
    return _views(states, at, known_at)


def subscriber(subscriber_id: UUID, at: datetime) -> SubscriberView:
    """What was this subscriber at that instant? Two statements. Raises SubscriberNotFound."""
    found = _views(SubscriberSpan.objects.filter(held_at(at), subscriber=subscriber_id), at, None)
    if not found:
        raise SubscriberNotFound(subscriber=str(subscriber_id))
    return found[0]


def _views(states: Iterable[SubscriberSpan], at: datetime, known_at: datetime | None) -> list[SubscriberView]:
    spans = list(states.select_related("subscriber").order_by("subscriber__number"))  # type: ignore[attr-defined]
    products: dict[UUID, list[ProductView]] = {}
    held = ProductSpan.objects.filter(held_at(at, known_at), subscriber__in=[span.subscriber_id for span in spans])
    for row in held.order_by("valid_from", "offering_code"):
        view = ProductView(row.id, row.offering_code, row.valid_from, row.valid_to)
        products.setdefault(row.subscriber_id, []).append(view)
    return [
        SubscriberView(
            id=span.subscriber_id,
            number=span.subscriber.number,
            customer_id=span.subscriber.customer_id,
            account_id=span.account_id,
            service=Service(span.subscriber.service),
            address_id=span.address_id,
            state=span.state,
            products=tuple(products.get(span.subscriber_id, ())),
        )
        for span in spans
    ]


def services_of(customer_id: UUID, at: datetime) -> frozenset[Service]:
    """Which kinds of service does the customer have at that instant? One statement."""
    states = SubscriberSpan.objects.filter(held_at(at), subscriber__customer=customer_id).exclude(state="ended")
    return frozenset(Service(code) for code in states.values_list("subscriber__service", flat=True))


def devices_of(customer_id: UUID, at: datetime) -> list[DeviceView]:
    """Which devices does the customer use at that instant? By serial; one statement."""
    uses = DeviceUse.objects.filter(held_at(at), subscriber__customer=customer_id).select_related("device")
    return [
        DeviceView(
            use.device_id, use.device.serial, use.device.kind, use.device.model_code, use.subscriber_id, use.valid_from
        )
        for use in uses.order_by("device__serial")
    ]


def customer_of(subscriber_id: UUID) -> UUID:
    """Whose is this subscriber? One statement. Raises SubscriberNotFound."""
    found = Subscriber.objects.filter(id=subscriber_id).values_list("customer_id", flat=True).first()
    if found is None:
        raise SubscriberNotFound(subscriber=str(subscriber_id))
    return found
