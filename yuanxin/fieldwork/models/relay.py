"""Calls of technicians to customers."""

from __future__ import annotations

import pghistory
from django.db import models

from yuanxin.fieldwork.models.work_order import WorkOrder
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.org.api import Staff


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class CallAttempt(TenantModel):
    """One call of a technician to the customer of an order 通话记录, through the relay or, logged, past it.

    way: relay shows the hotline's number to both; direct means that the real number was shown, with the reason.
    ended_as: empty while the relay has not told. No number is stored.
    """

    class Way(models.TextChoices):
        """How the customer was called: relay 中继, direct 直拨 (logged fall-back)."""

        RELAY = "relay"
        DIRECT = "direct"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="call_attempts")
    technician = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    way = models.CharField(max_length=6, choices=Way)
    reason_code = models.CharField(max_length=20, blank=True, default="")
    called_at = models.DateTimeField()
    placed_at = models.DateTimeField(null=True, blank=True)
    ended_as = models.CharField(max_length=10, blank=True, default="")
    talked_seconds = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["work_order", "called_at"], name="fieldwork_call_order"),
            models.Index(
                fields=["called_at"],
                name="fieldwork_call_to_place",
                condition=models.Q(way="relay", placed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.ended_as}"
