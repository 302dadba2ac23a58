"""Remember which steps a phone sent later, with both instants."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.fieldwork.actions.steps import locked, who
from yuanxin.fieldwork.models import OfflineStep
from yuanxin.kernel.commands import command


@command("fieldwork.note_offline")
def note_offline(
    *, work_order_id: UUID, item: UUID, action: str, claimed_at: datetime, taken_at: datetime, at: datetime
) -> None:
    """Note that a step was claimed for one instant and received at another (离线补传); a replay changes nothing.

    at: when the server got it. Raises NotFound.
    """
    order = locked(work_order_id)
    OfflineStep.objects.get_or_create(
        work_order=order,
        item=item,
        defaults={
            "province_code": order.province_code,
            "city_code": order.city_code,
            "action": action[:16],
            "claimed_at": claimed_at,
            "taken_at": taken_at,
            "received_at": at,
            "actor": who(),
        },
    )
