"""Questions about the way of the signal."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from yuanxin.inventory.models import AddressPath, NetworkNode, SubscriberSpan
from yuanxin.inventory.rules.errors import NodeNotFound
from yuanxin.inventory.rules.network import NetworkPath, NodeKind, NodeStep, nearest_common_node
from yuanxin.kernel import prepared
from yuanxin.parties import api as parties

_TRAIL = """
SELECT node.trail FROM inventory_addresspath path JOIN inventory_networknode node ON node.id = path.node_id
 WHERE path.address_id = %(address)s OR path.estate_id = %(estate)s
 ORDER BY path.address_id NULLS LAST LIMIT 1
"""


def path_of(address_id: UUID) -> NetworkPath | None:
    """Over which nodes does the signal reach this address? As far as known; three statements.

    A door without a path of its own has that of its estate. Raises AddressNotFound.
    """
    estate_id = parties.address(address_id).estate_id
    found = list(AddressPath.objects.filter(address=address_id).select_related("node"))
    if not found and estate_id is not None:
        found = list(AddressPath.objects.filter(estate=estate_id).select_related("node"))
    if not found:
        return None
    return _path(found[0])


def trail_of(address_id: UUID, estate_id: UUID | None) -> str:
    """Return the codes of the nodes of an address of this estate, each followed by ``/``; empty when unknown.

    A door's own path counts before its estate's. One prepared statement: every report of a fault asks this.
    """
    found = prepared.run(_TRAIL, {"address": address_id, "estate": estate_id}).fetchone()
    return found[0] if found else ""


def _path(row: AddressPath) -> NetworkPath:
    codes = row.node.trail.rstrip("/").split("/")
    kinds = dict(NetworkNode.objects.filter(code__in=codes).values_list("code", "kind"))
    steps = tuple(NodeStep(code, NodeKind(kinds[code])) for code in codes)
    return NetworkPath(steps, row.is_known_to_the_home)


def common_node(address_ids: Iterable[UUID]) -> NodeStep | None:
    """Through which node does the signal of all these addresses run, at the lowest? Unknown paths are left out."""
    paths = [path for path in map(path_of, address_ids) if path is not None]
    return nearest_common_node(paths)


def customers_below(node_code: str) -> list[UUID]:
    """Whom does a fault of this node reach, as far as paths are known? Three statements. Raises NodeNotFound."""
    node = NetworkNode.objects.filter(code=node_code).first()
    if node is None:
        raise NodeNotFound(node=node_code[:40])
    end = node.trail[:-1] + "0"  # "0" is the character after "/"
    below = NetworkNode.objects.filter(city_code=node.city_code, trail__gte=node.trail, trail__lt=end)
    paths = AddressPath.objects.filter(node__in=below)
    doors = set(paths.exclude(address=None).values_list("address_id", flat=True))
    estates = set(paths.exclude(estate=None).values_list("estate_id", flat=True))
    open_now = SubscriberSpan.objects.filter(superseded_at=None, valid_to=None).exclude(state="ended")
    reached = open_now.filter(address__in=doors) | open_now.filter(address__estate__in=estates)
    return list(reached.values_list("subscriber__customer", flat=True).order_by("subscriber__customer").distinct())
