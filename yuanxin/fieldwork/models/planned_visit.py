"""What the plan commits a technician to."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models

from yuanxin.fieldwork.models.work_order import WorkOrder
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.org.api import Staff


class TimeRange(models.Func):
    """The half-open span [from, to) of two columns."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PlannedVisit(TenantModel):
    """Planned visit 计划上门: a technician's committed time for an order; ended early or released, never deleted.

    The database itself refuses two committed visits of one technician that overlap. pinned 锁定: no plan moves it, only
    a person does.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="planned_visits")
    technician = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    leads = models.BooleanField(default=True)
    pinned = models.BooleanField(default=False)
    committed_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="fieldwork_plan_span"),
            ExclusionConstraint(
                name="fieldwork_plan_no_overlap",
                expressions=[
                    ("technician", RangeOperators.EQUAL),
                    (TimeRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(released_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["technician", "starts_at"], name="fieldwork_plan_technician"),
            models.Index(
                fields=["technician", "ends_at"], condition=models.Q(released_at=None), name="fieldwork_plan_ahead"
            ),
            models.Index(fields=["city_code", "starts_at"], name="fieldwork_plan_day"),
            models.Index(fields=["work_order"], condition=models.Q(released_at=None), name="fieldwork_plan_order"),
        ]

    def __str__(self) -> str:
        return f"{self.technician_id} {self.starts_at:%m-%d %H:%M}"
