"""What held when, and when we came to know it: bitemporal spans.

valid_from, valid_to: domain time during which it held, valid_to exclusive, null while open.
recorded_at, superseded_at: wall time during which we believed it; superseded_at is null for what we believe now.
A row is never changed but for superseded_at: what turns out otherwise is written anew beside it.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now

from yuanxin.inventory.models.things import Device, Subscriber
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


class SubscriberState(models.TextChoices):
    """State of a subscriber: 预开户, 施工中, 正常, 报停, 欠费停, 待销户, 销户."""

    PREPARED = "prepared", "Prepared"
    BUILDING = "building", "Under construction"
    NORMAL = "normal", "Normal"
    SUSPENDED = "suspended", "Suspended on request"
    STOPPED = "stopped", "Stopped for debt"
    ENDING = "ending", "Ending"
    ENDED = "ended", "Ended"


class Span(TenantModel):
    """Base of every bitemporal table."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def _constraints(name: str, *owner: str) -> list[models.BaseConstraint]:
    """One believed span per owner is open, none ends before it begins."""
    return [
        models.UniqueConstraint(
            fields=owner,
            condition=models.Q(superseded_at__isnull=True, valid_to__isnull=True),
            name=f"inventory_{name}_one_open",
        ),
        models.CheckConstraint(
            condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
            name=f"inventory_{name}_forward",
        ),
    ]


class SubscriberSpan(Span):
    """State of a subscriber 用户状态: normal, suspended, ...; where it is served and which account pays."""

    subscriber = models.ForeignKey(Subscriber, models.PROTECT)
    state = models.CharField(max_length=12, choices=SubscriberState.choices)
    account = models.ForeignKey("parties.BillingAccount", models.PROTECT, related_name="+")
    address: Any = models.ForeignKey("parties.StandardAddress", models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = _constraints("state", "subscriber")

    def __str__(self) -> str:
        return f"{self.subscriber_id} {self.state}"


class ProductSpan(Span):
    """Product in use 在用产品: an offering that a subscriber has."""

    subscriber = models.ForeignKey(Subscriber, models.PROTECT)
    offering_code = models.CharField(max_length=40)

    class Meta:
        constraints = _constraints("product", "subscriber", "offering_code")

    def __str__(self) -> str:
        return f"{self.subscriber_id} {self.offering_code}"


class DeviceUse(Span):
    """Device in use 终端使用: which subscriber has the device."""

    device = models.ForeignKey(Device, models.PROTECT)
    subscriber = models.ForeignKey(Subscriber, models.PROTECT)

    class Meta:
        constraints = _constraints("use", "device")

    def __str__(self) -> str:
        return f"{self.device_id} at {self.subscriber_id}"
