"""Who works when: duties, leave, loans, and exemptions from the limits of the Labour Law."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q, Value

from yuanxin.fieldwork.models.planned_visit import TimeRange
from yuanxin.fieldwork.rules.roster import DutyKind, Pause, Stint
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.org.api import Staff


class DayRange(models.Func):
    """The days from one column to another, both included."""

    function = "daterange"
    output_field = DateRangeField()


def days(first: str, last: str) -> DayRange:
    """Return the span of two columns of days, both included."""
    return DayRange(F(first), F(last), Value("[]"))


class Decision(models.TextChoices):
    """What became of a request: asked 待审批, approved 已批准, refused 已驳回, withdrawn 已撤回."""

    ASKED = "asked", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "已驳回"
    WITHDRAWN = "withdrawn", "已撤回"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["note"])
class Duty(TenantModel):
    """Duty 排班: one shift of one person on one day; replaced and withdrawn, never deleted.

    on: the day it belongs to; a night shift ends on the next. shift: code of the rulebook's ``roster.shift``. A day of
    rest has no hours. The break begins between pause_from and pause_to.
    """

    class Kind(models.TextChoices):
        """day 白班, night 夜班, holiday 节假日值班, on_call 备勤, training 培训, rest 休息."""

        DAY = "day", "白班"
        NIGHT = "night", "夜班"
        HOLIDAY = "holiday", "节假日值班"
        ON_CALL = "on_call", "备勤"
        TRAINING = "training", "培训"
        REST = "rest", "休息"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    technician = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    on = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    shift = models.CharField(max_length=40)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    pause_from = models.DateTimeField(null=True, blank=True)
    pause_to = models.DateTimeField(null=True, blank=True)
    pause_minutes = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True, default="")
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=60)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="rest", starts_at=None, ends_at=None)
                | (~Q(kind="rest") & Q(ends_at__gt=F("starts_at"))),
                name="fieldwork_duty_span",
            ),
            ExclusionConstraint(
                name="fieldwork_duty_no_overlap",
                expressions=[
                    ("technician", RangeOperators.EQUAL),
                    (TimeRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None, starts_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["technician", "on"], condition=Q(withdrawn_at=None, kind="rest"), name="fieldwork_duty_one_rest"
            ),
        ]
        indexes = [
            models.Index(fields=["city_code", "on"], condition=Q(withdrawn_at=None), name="fieldwork_duty_day"),
            models.Index(fields=["technician", "on"], condition=Q(withdrawn_at=None), name="fieldwork_duty_person"),
        ]

    def __str__(self) -> str:
        return f"{self.technician_id} {self.on} {self.shift}"

    @property
    def stint(self) -> Stint:
        """Return the duty as the rules speak of it."""
        span = (self.starts_at, self.ends_at) if self.starts_at and self.ends_at else None
        pause = Pause(self.pause_from, self.pause_to, self.pause_minutes) if self.pause_from and self.pause_to else None
        return Stint(DutyKind(self.kind), self.shift, self.on, span, pause)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["note"])
class Leave(TenantModel):
    """Leave 请假: asked for by the person, decided by another; it takes people out of the plan once approved.

    asked_by: whose wish it is; recorded_by: who wrote it down (a crew leader after a call in the morning).
    """

    class Kind(models.TextChoices):
        """sick 病假, annual 年假, personal 事假, training 培训."""

        SICK = "sick", "病假"
        ANNUAL = "annual", "年假"
        PERSONAL = "personal", "事假"
        TRAINING = "training", "培训"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    technician = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True, default="")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    recorded_by = models.CharField(max_length=60)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.ASKED)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="fieldwork_leave_span"),
            models.CheckConstraint(
                condition=~Q(decision__in=["approved", "refused"], decided_by=F("asked_by")),
                name="fieldwork_leave_second_person",
            ),
            ExclusionConstraint(
                name="fieldwork_leave_no_overlap",
                expressions=[
                    ("technician", RangeOperators.EQUAL),
                    (TimeRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(decision__in=["asked", "approved"]),
            ),
        ]
        indexes = [models.Index(fields=["city_code", "ends_at"], name="fieldwork_leave_city")]

    def __str__(self) -> str:
        return f"{self.technician_id} {self.kind} {self.decision}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["note"])
class Loan(TenantModel):
    """Loan 借调: a person works for another unit from one day to another, both included; ended early, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    technician = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    unit_code = models.CharField(max_length=20)
    from_on = models.DateField()
    to_on = models.DateField()
    note = models.CharField(max_length=200, blank=True, default="")
    lent_at = models.DateTimeField()
    lent_by = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="fieldwork_loan_span"),
            ExclusionConstraint(
                name="fieldwork_loan_no_overlap",
                expressions=[
                    ("technician", RangeOperators.EQUAL),
                    (days("from_on", "to_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at=None),
            ),
        ]
        indexes = [models.Index(fields=["city_code", "to_on"], name="fieldwork_loan_city")]

    def __str__(self) -> str:
        return f"{self.technician_id} {self.unit_code} {self.from_on}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["note"])
class Exemption(TenantModel):
    """Exemption 超时特批: why a person may exceed what the Labour Law allows on these days, decided by a second person.

    ground: one of the rulebook's ``labour.exemption`` (article 42).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    technician = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField()
    ground = models.CharField(max_length=40)
    note = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.ASKED)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="fieldwork_exemption_span"),
            models.CheckConstraint(
                condition=~Q(decision__in=["approved", "refused"], decided_by=F("asked_by")),
                name="fieldwork_exemption_second_person",
            ),
        ]
        indexes = [models.Index(fields=["city_code", "to_on"], name="fieldwork_exemption_city")]

    def __str__(self) -> str:
        return f"{self.technician_id} {self.ground} {self.decision}"
