"""When a device was last heard of."""

from __future__ import annotations

from django.db import models

from yuanxin.kernel.tenancy import TenantModel


class DeviceHeartbeat(TenantModel):
    """Last heartbeat 心跳 of a device: when it was seen, and its signal then.

    signal_centi: hundredths of dBm (optical) or of dBµV (coax), as the kind of device measures; None when not told.
    """

    pk = models.CompositePrimaryKey("city_code", "device_id")
    device_id = models.UUIDField()
    seen_at = models.DateTimeField()
    signal_centi = models.IntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.device_id} {self.seen_at:%F %T}"
