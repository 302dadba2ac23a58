"""Identities that never change: a subscriber, a device."""

from __future__ import annotations

import pghistory
from django.db import models

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.published.codes import Service


class DeviceKind(models.TextChoices):
    """Kind of device: 机顶盒, 智能卡, 光猫, 电缆调制解调器, 路由器."""

    SET_TOP_BOX = "set_top_box", "Set-top box"
    SMART_CARD = "smart_card", "Smart card"
    ONU = "onu", "Optical network unit"
    CABLE_MODEM = "cable_modem", "Cable modem"
    ROUTER = "router", "Router"


class DeviceState(models.TextChoices):
    """Life of a device: 在途, 在库, 已领用, 在用, 待回收, 回收待检, 报废, 丢失."""

    UNDERWAY = "underway", "Under way"
    IN_STOCK = "in_stock", "In stock"
    CARRIED = "carried", "Carried by a technician"
    IN_USE = "in_use", "In use"
    TO_COLLECT = "to_collect", "To collect"
    TO_TEST = "to_test", "To test"
    SCRAPPED = "scrapped", "Scrapped"
    LOST = "lost", "Lost"


class Subscriber(TenantModel):
    """Subscriber 用户: one service of one customer, whatever happens to it; see `SubscriberSpan` for what it is now."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, related_name="+")
    service = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in Service])
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("city_code", "number", name="inventory_subscriber_number")]

    def __str__(self) -> str:
        return self.number


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(), obj_field=None)
class Device(TenantModel):
    """Device 终端设备: a box, a card, a modem; see `DeviceUse` for where it is used."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    serial = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=DeviceKind.choices)
    model_code = models.CharField(max_length=40, blank=True)
    is_ours = models.BooleanField(default=True)
    state = models.CharField(max_length=12, choices=DeviceState.choices, default=DeviceState.IN_STOCK)

    class Meta:
        constraints = [models.UniqueConstraint("city_code", "kind", "serial", name="inventory_device_serial")]

    def __str__(self) -> str:
        return self.serial


class DeviceStep(TenantModel):
    """Device step 终端流转: one change of a device's state; append-only.

    cause: subject of what moved it, such as ``work_order:<uuid>``. holder: who carries it now, as a subject.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, models.PROTECT, related_name="steps")
    from_state = models.CharField(max_length=12, choices=DeviceState.choices)
    to_state = models.CharField(max_length=12, choices=DeviceState.choices)
    subscriber = models.ForeignKey(Subscriber, models.PROTECT, null=True, related_name="+")
    holder = models.CharField(max_length=60, blank=True, default="")
    cause = models.CharField(max_length=80, blank=True, default="")
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)

    class Meta:
        indexes = [
            models.Index(fields=["device", "id"], name="inventory_step_device"),
            models.Index(fields=["cause"], condition=~models.Q(cause=""), name="inventory_step_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.from_state} -> {self.to_state}"
