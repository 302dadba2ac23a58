"""Questions about the way of devices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yuanxin.inventory.models import DeviceStep


@dataclass(frozen=True, slots=True)
class DeviceStepView:
    """One change of a device's state."""

    device_id: UUID
    serial: str
    kind: str
    from_state: str
    to_state: str
    at: datetime


def device_steps(cause: str) -> list[DeviceStepView]:
    """Which devices did this cause (``work_order:<uuid>``) move? Oldest first, one statement."""
    rows = DeviceStep.objects.filter(cause=cause).select_related("device").order_by("id")
    return [
        DeviceStepView(row.device_id, row.device.serial, row.device.kind, row.from_state, row.to_state, row.at)
        for row in rows
    ]
