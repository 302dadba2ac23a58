"""Who calls? Customers and the people around them, by the numbers that the exchange shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from yuanxin.kernel import prepared
from yuanxin.kernel.tenancy import require_city
from yuanxin.parties.rules.masking import mask_name
from yuanxin.parties.rules.tokens import TokenKind

MOST = 8
# The index of tokens is read for each number, and stops early; the rest is looked up by primary key.
_CALLERS = """
SELECT asked.digits, customer.id, customer.number, customer.name, customer.customer_class,
       CASE WHEN customer.phone = asked.digits THEN '' ELSE coalesce(around.relation, '') END AS relation
  FROM unnest(%(digits)s::text[]) AS asked(digits)
 CROSS JOIN LATERAL (
       SELECT t.subject_id FROM parties_searchtoken t
        WHERE t.kind = %(kind)s AND t.token = asked.digits AND t.city_code = %(city)s AND t.subject_kind = 'customer'
        ORDER BY t.token LIMIT %(most)s) AS found
  JOIN parties_customer customer ON customer.id = found.subject_id
  LEFT JOIN LATERAL (
       SELECT c.relation FROM parties_contact c
        WHERE c.customer_id = customer.id AND c.phone = asked.digits AND c.ended_at IS NULL
        ORDER BY c.id LIMIT 1) AS around ON true
 ORDER BY asked.digits, customer.number
"""


@dataclass(frozen=True, slots=True)
class CallerView:
    """A customer on whose behalf a number calls, masked. relation: of the caller to the customer, "" for itself."""

    customer_id: UUID
    number: str
    name_masked: str
    class_: str
    relation: str


def callers(digits: Iterable[str]) -> dict[str, list[CallerView]]:
    """Whose numbers are these? Owners first, then relatives, at most MOST per number; one statement.

    digits: bare, landlines with their area code; "" (hidden) is nobody's.
    """
    asked = sorted({one for one in digits if one})
    found: dict[str, list[CallerView]] = {}
    if not asked:
        return found
    values = {"digits": asked, "kind": TokenKind.PHONE.value, "city": require_city(), "most": MOST}
    for number_asked, id_, number, name, class_, relation in prepared.run(_CALLERS, values):
        found.setdefault(number_asked, []).append(CallerView(id_, number, mask_name(name), class_, relation))
    return {one: sorted(views, key=lambda view: bool(view.relation)) for one, views in found.items()}
