"""Earlier reports of a home and of its network path: one statement, then pure rules."""

from datetime import datetime, timedelta
from uuid import UUID

from yuanxin.care.rules.duplicates import Candidates, EarlierTicket, duplicates_of, node_sign, repeated_fault
from yuanxin.care.rules.tickets import OPEN_STATES
from yuanxin.inventory import api as inventory
from yuanxin.kernel import prepared
from yuanxin.kernel.tenancy import require_city
from yuanxin.published.codes import Service
from yuanxin.standards import api as standards

DUPLICATE_TOPIC = "ticket.duplicate"
TRIAGE_TOPIC = "ticket.triage"
SHARED_NODES = (inventory.NodeKind.AMPLIFIER, inventory.NodeKind.OPTICAL_NODE)
_OPEN = tuple(sorted(state.value for state in OPEN_STATES))
_HOME = """
SELECT id, number, opened_at, resolved_at, resolved_how, state = ANY(%(open)s), service, fault_code, opened_by,
       address_id, network_trail
  FROM care_troubleticket
 WHERE address_id = %(address)s AND state NOT IN ('cancelled', 'merged')
   AND (opened_at >= %(since)s OR resolved_at >= %(since)s OR state = ANY(%(open)s))"""
_EARLIER = _HOME + " AND service = %(service)s"
_AROUND = (
    _HOME
    + """
UNION ALL
SELECT id, number, opened_at, resolved_at, resolved_how, state = ANY(%(open)s), service, fault_code, opened_by,
       address_id, network_trail
  FROM care_troubleticket
 WHERE city_code = %(city)s AND opened_at >= %(minutes_ago)s AND address_id <> %(address)s
   AND state NOT IN ('cancelled', 'merged') AND string_to_array(network_trail, '/') && %(nodes)s"""
)


def duplicates(address_id: UUID, service: Service, at: datetime) -> Candidates:
    """Return what the agent must see: reports of this home, a repair not long ago, others under the same node.

    Windows and the count that makes a sign come from the rulebook, topics ``ticket.duplicate`` and ``ticket.triage``.
    One statement over tickets, four over the network path.
    """
    same = timedelta(hours=standards.parameter(DUPLICATE_TOPIC, "same_address_hours", at=at))
    again = timedelta(days=standards.parameter(DUPLICATE_TOPIC, "repeat_fault_days", at=at))
    near = timedelta(minutes=standards.parameter(TRIAGE_TOPIC, "within_minutes", at=at))
    nodes = _shared_nodes(address_id)
    told = {
        "address": address_id,
        "since": at - max(same, again),
        "open": list(_OPEN),
        "city": require_city(),
        "minutes_ago": at - near,
        "nodes": [code for code, _kind in nodes],
    }
    found = [EarlierTicket(*row) for row in prepared.run(_AROUND, told)]
    home = [one for one in found if one.address_id == address_id]
    mine = [one for one in home if one.service == service.value]
    others = duplicates_of((one for one in home if one.service != service.value), at=at, window=same)
    threshold = standards.parameter(TRIAGE_TOPIC, "same_node_reports", at=at)
    sign, below = node_sign(nodes, found, address_id=address_id, at=at, window=near, threshold=threshold)
    return Candidates(
        open_tickets=duplicates_of(mine, at=at, window=same),
        repeat_of=repeated_fault(mine, at=at, window=again),
        other_services=others,
        node=sign,
        under_node=below,
    )


def repaired_before(address_id: UUID, service: Service, at: datetime) -> EarlierTicket | None:
    """Return the repair of which a fault now would be a repeat (重复报障), or None. One statement and one rule."""
    again = timedelta(days=standards.parameter(DUPLICATE_TOPIC, "repeat_fault_days", at=at))
    told = {"address": address_id, "service": service.value, "since": at - again, "open": list(_OPEN)}
    return repeated_fault((EarlierTicket(*row) for row in prepared.run(_EARLIER, told)), at=at, window=again)


def _shared_nodes(address_id: UUID) -> list[tuple[str, str]]:
    """Return (code, kind) of the optical node and the amplifiers of a home, from the lowest up."""
    path = inventory.path_of(address_id)
    steps = path.steps if path else ()
    return [(step.code, step.kind.value) for step in reversed(steps) if step.kind in SHARED_NODES]
