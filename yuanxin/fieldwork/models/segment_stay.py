"""Which segment had an order, and when."""

from __future__ import annotations

import pghistory
from django.db import models

from yuanxin.fieldwork.models.work_order import WorkOrder
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["note"])
class SegmentStay(TenantModel):
    """Segment stay 责任段停留: the time for which a segment answered for an order that was handed over.

    An order that was never handed over has no rows: its only stay is its life. came_from: the segment that handed it
    over, empty for the first stay. reason_code, note and handed_by: of the hand-over that began the stay.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="segment_stays")
    segment = models.CharField(max_length=12)
    came_from = models.CharField(max_length=12, blank=True, default="")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    reason_code = models.CharField(max_length=40, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    handed_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work_order"], condition=models.Q(left_at=None), name="fieldwork_stay_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(left_at=None) | models.Q(left_at__gte=models.F("entered_at")),
                name="fieldwork_stay_forward",
            ),
        ]
        indexes = [models.Index(fields=["work_order", "entered_at"], name="fieldwork_stay_order")]

    def __str__(self) -> str:
        return f"{self.segment} {self.entered_at:%m-%d %H:%M}"
