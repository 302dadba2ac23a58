"""Hanging addresses on the network."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from yuanxin.inventory.models import AddressPath, NetworkNode
from yuanxin.inventory.rules.errors import BatchRefused, NodeNotFound
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.parties import api as parties


def _node(code: str) -> NetworkNode:
    node = NetworkNode.objects.filter(code=code).first()
    if node is None:
        raise NodeNotFound(field="node_code", node=code[:40])
    return node


@command("inventory.set_path")
def set_path(
    *, address_id: UUID, node_code: str, is_known_to_the_home: bool = True, key: IdempotencyKey | None = None
) -> None:
    """Hang one address on its nearest known node. Raises AddressNotFound, NodeNotFound."""
    parties.address(address_id)
    values = {"node": _node(node_code), "is_known_to_the_home": is_known_to_the_home}
    AddressPath.objects.update_or_create(address_id=address_id, defaults=values)


@command("inventory.set_estate_paths")
def set_estate_paths(*, nodes: Mapping[UUID, str], key: IdempotencyKey | None = None) -> int:
    """Hang whole estates on nodes (estate id -> node code); below that the way is unknown.

    Raises NodeNotFound, BatchRefused.
    """
    found = {node.code: node for node in NetworkNode.objects.filter(code__in=set(nodes.values()))}
    lost = next((code for code in nodes.values() if code not in found), None)
    if lost is not None:
        raise NodeNotFound(field="node_code", node=lost[:40])
    if not parties.are_here(estates=nodes):
        raise BatchRefused(reason="estate")
    AddressPath.objects.filter(estate__in=nodes).delete()
    AddressPath.objects.bulk_create(
        [AddressPath(estate_id=estate, node=found[code]) for estate, code in nodes.items()], batch_size=1000
    )
    return len(nodes)
