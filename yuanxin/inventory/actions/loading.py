"""Bulk doors of the inventory: thousands of rows, one fact per batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from psycopg.errors import UniqueViolation

from yuanxin.inventory.models import Device, DeviceUse, NetworkNode, ProductSpan, Subscriber, SubscriberSpan
from yuanxin.inventory.models.spans import SubscriberState
from yuanxin.inventory.models.things import DeviceKind, DeviceState
from yuanxin.inventory.rules.errors import BatchRefused, CodeTaken, NodeNotFound, SerialTaken
from yuanxin.inventory.rules.network import PathNotPossible, may_feed
from yuanxin.inventory.rules.rows import DeviceRow, NodeRow, SubscriberRow
from yuanxin.kernel.bulk import input_hash, insert_many
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey, new_id
from yuanxin.kernel.numbers import numbers_block
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.tenancy import home_codes, require_city
from yuanxin.parties import api as parties
from yuanxin.published.inventory import ProductsLoaded
from yuanxin.published.refs import ref


def _tenant() -> dict[str, object]:
    require_city()
    province_code, city_code = home_codes()
    return {"province_code": province_code, "city_code": city_code}


@command("inventory.load_subscribers")
def load_subscribers(*, rows: Sequence[SubscriberRow], at: datetime, key: IdempotencyKey | None = None) -> UUID:
    """Store subscribers with their states and products; return the batch's id. Raises BatchRefused."""
    tenant = _tenant()
    if not parties.are_here(
        customers=[row.customer_id for row in rows],
        accounts=[row.account_id for row in rows],
        addresses=[row.address_id for row in rows if row.address_id is not None],
    ):
        raise BatchRefused(reason="owner")
    since = [(row.since or at).isoformat() for row in rows]
    owners: dict[str, Sequence[object]] = {"subscriber_id": [row.id for row in rows], "valid_from": since}
    products = [(row.id, code, start) for row, start in zip(rows, since, strict=True) for code in row.offering_codes]
    try:
        with transaction.atomic():
            insert_many(Subscriber, {
                "id": [row.id for row in rows],
                "number": list(numbers_block("S", len(rows), at)),
                "customer_id": [row.customer_id for row in rows],
                "service": [row.service for row in rows],
                "opened_at": since,
            }, tenant)  # fmt: skip
            insert_many(SubscriberSpan, owners | {
                "id": [new_id() for _ in rows],
                "state": [SubscriberState(row.state).value for row in rows],
                "account_id": [row.account_id for row in rows],
                "address_id": [row.address_id for row in rows],
            }, tenant)  # fmt: skip
            insert_many(ProductSpan, {
                "id": [new_id() for _ in products],
                "subscriber_id": [subscriber for subscriber, _, _ in products],
                "offering_code": [code for _, code, _ in products],
                "valid_from": [start for _, _, start in products],
            }, tenant)  # fmt: skip
    except UniqueViolation as error:
        raise BatchRefused(reason="stored") from error
    batch = new_id()
    tell(
        ProductsLoaded(subject=ref("batch", batch), at=at, batch_id=batch, count=len(rows), input_hash=input_hash(rows))
    )
    return batch


@command("inventory.load_devices")
def load_devices(*, rows: Sequence[DeviceRow], at: datetime, key: IdempotencyKey | None = None) -> int:
    """Store devices, in use or in stock, and make their serials findable; return how many.

    Raises SerialTaken, BatchRefused.
    """
    tenant = _tenant()
    used = [row for row in rows if row.subscriber_id is not None]
    owners = {row.subscriber_id: row.customer_id for row in used}
    known = dict(Subscriber.objects.filter(id__in=owners).values_list("id", "customer_id"))
    if any(known.get(subscriber) != customer for subscriber, customer in owners.items()):
        raise BatchRefused(reason="owner")
    try:
        with transaction.atomic():
            insert_many(Device, {
                "id": [row.id for row in rows],
                "serial": [row.serial for row in rows],
                "kind": [DeviceKind(row.kind).value for row in rows],
                "model_code": [row.model_code for row in rows],
                "state": [(DeviceState.IN_USE if row.subscriber_id else DeviceState.IN_STOCK).value for row in rows],
            }, tenant | {"is_ours": True})  # fmt: skip
            insert_many(DeviceUse, {
                "id": [new_id() for _ in used],
                "device_id": [row.id for row in used],
                "subscriber_id": [row.subscriber_id for row in used],
                "valid_from": [(row.since or at).isoformat() for row in used],
            }, tenant)  # fmt: skip
    except UniqueViolation as error:
        raise SerialTaken(field="serial") from error
    serials = [
        parties.SerialRow(row.serial, "customer", row.customer_id)
        if row.customer_id and row.subscriber_id
        else parties.SerialRow(row.serial, "device", row.id)
        for row in rows
    ]
    parties.write_tokens(rows=serials)
    return len(rows)


@command("inventory.load_nodes")
def load_nodes(*, rows: Sequence[NodeRow], key: IdempotencyKey | None = None) -> int:
    """Store network nodes, parents first; return how many. Raises NodeNotFound, PathNotPossible, CodeTaken."""
    known = {node.code: node for node in NetworkNode.objects.filter(code__in={row.parent_code for row in rows})}
    made: list[NetworkNode] = []
    for row in rows:
        if row.code in known:
            raise CodeTaken(field="code", node=row.code)
        parent = known.get(row.parent_code)
        if row.parent_code and parent is None:
            raise NodeNotFound(field="parent_code", node=row.parent_code)
        if parent is not None and not may_feed(type(row.kind)(parent.kind), row.kind):
            raise PathNotPossible(reason="order", upper=parent.code, lower=row.code)
        trail = f"{parent.trail if parent else ''}{row.code}/"
        known[row.code] = NetworkNode(code=row.code, kind=row.kind, name=row.name, parent=parent, trail=trail)
        made.append(known[row.code])
    if NetworkNode.objects.filter(code__in=[node.code for node in made]).exists():
        raise CodeTaken(field="code")
    NetworkNode.objects.bulk_create(made, batch_size=1000)
    return len(made)
