"""The stories of many tickets at once, for the page of a customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yuanxin.kernel import prepared
from yuanxin.published.refs import ref

# Every branch looks its rows up by the tickets' own indexes; the policies of tenancy stand on all four tables.
_MOMENTS = """
SELECT ticket_id, changed_at, 'state', after, reason_code FROM care_statechange WHERE ticket_id = ANY(%(ids)s)
UNION ALL
SELECT substr(subject, 8)::uuid, posted_at, kind, '', text FROM care_threadmessage WHERE subject = ANY(%(subjects)s)
UNION ALL
SELECT ticket_id, called_at, 'callback',
       CASE WHEN NOT reached THEN 'not_reached' WHEN agrees THEN 'consistent' ELSE 'inconsistent' END, note
  FROM care_callback WHERE ticket_id = ANY(%(ids)s)
UNION ALL
SELECT ticket_id, rated_at, 'rating', score::text, note FROM care_rating WHERE ticket_id = ANY(%(ids)s)
"""


@dataclass(frozen=True)
class TicketMoment:
    """Something that happened to a ticket. kind: state, note, chase, callback or rating; code and text belong to it."""

    ticket_id: UUID
    at: datetime
    kind: str
    code: str
    text: str


def ticket_moments(ids: Sequence[UUID]) -> list[TicketMoment]:
    """Tell what happened to these tickets, in no order. One statement, whatever the number; none without tickets."""
    if not ids:
        return []
    values = {"ids": list(ids), "subjects": [ref("ticket", id_) for id_ in ids]}
    return [TicketMoment(*row) for row in prepared.run(_MOMENTS, values)]
