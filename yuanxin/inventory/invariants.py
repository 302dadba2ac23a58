"""What must always hold of the inventory; run by ``manage verify``."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from yuanxin.inventory.models import Device, DeviceUse, NetworkNode, ProductSpan, Span, Subscriber, SubscriberSpan
from yuanxin.inventory.models.things import DeviceState
from yuanxin.kernel.verify import invariant

_SHOWN = 20
_OVERLAPS = """
SELECT id FROM (
    SELECT id, valid_from,
           lag(COALESCE(valid_to, 'infinity')) OVER (PARTITION BY {owner} ORDER BY valid_from) AS before
    FROM {table} WHERE superseded_at IS NULL) spans
WHERE before > valid_from LIMIT %s
"""
_OWNERS: tuple[tuple[type[Span], str], ...] = (
    (SubscriberSpan, "subscriber_id"),
    (ProductSpan, "subscriber_id, offering_code"),
    (DeviceUse, "device_id"),
)


@invariant("inventory.spans_do_not_overlap")
def spans_do_not_overlap() -> Iterator[str]:
    """No two believed spans of one owner hold at the same instant."""
    for model, owner in _OWNERS:
        table = model._meta.db_table
        statement = _OVERLAPS.format(owner=owner, table=connection.ops.quote_name(table))
        for (id_,) in connection.connection.execute(statement, [_SHOWN]).fetchall():
            yield f"{table} {id_} begins before the one before it ends"


@invariant("inventory.subscribers_have_a_state")
def subscribers_have_a_state() -> Iterator[str]:
    """Every subscriber is in some state now."""
    states = SubscriberSpan.objects.filter(subscriber=OuterRef("pk"), superseded_at=None, valid_to=None)
    for number in Subscriber.objects.filter(~Exists(states)).values_list("number", flat=True)[:_SHOWN]:
        yield f"subscriber {number} has no state"


@invariant("inventory.trails_follow_parents")
def trails_follow_parents() -> Iterator[str]:
    """Every node's trail is its parent's trail and its own code."""
    for node in NetworkNode.objects.select_related("parent").iterator():
        if node.trail != f"{node.parent.trail if node.parent else ''}{node.code}/":
            yield f"node {node.code} has a wrong trail"


@invariant("inventory.devices_in_use_have_a_user")
def devices_in_use_have_a_user() -> Iterator[str]:
    """A device is in use exactly while a subscriber uses it."""
    used = Exists(DeviceUse.objects.filter(device=OuterRef("pk"), superseded_at=None, valid_to=None))
    wrong = Device.objects.filter(Q(~used, state=DeviceState.IN_USE) | (used & ~Q(state=DeviceState.IN_USE)))
    for serial, state in wrong.values_list("serial", "state")[:_SHOWN]:
        yield f"device {serial}: {state} and its use disagree"
