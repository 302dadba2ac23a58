"""Tables of ``supervision``: fed by facts, asked by the control room."""

from __future__ import annotations

from django.db import models

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.supervision.rules import Kind, Stage

STAGES = [(stage.code, stage.code) for stage in Stage]
KINDS = [(kind.value, kind.value) for kind in Kind]


class BoardRow(TenantModel):
    """One running order on the board 看板行, with the clock that runs for it now.

    subject: ``ticket:…``, ``complaint:…`` or the work order's own when nothing else asked for it.
    clock_topic: whose clock is shown: first the repair, after it the call-back.
    segment: to which the work was handed over 转段, empty while it stays with the field crew; chases: 催单 so far.
    stamps: per field the instant and rank of the fact that last set it, so that facts may come in any order.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField(max_length=80)
    kind = models.CharField(max_length=9, choices=KINDS)
    number = models.CharField(max_length=24, blank=True, default="")
    service = models.CharField(max_length=10, blank=True, default="")
    order_kind = models.CharField(max_length=10, blank=True, default="")
    grid_code = models.CharField(max_length=20, blank=True, default="")
    work_order = models.CharField(max_length=80, blank=True, default="")
    work_order_number = models.CharField(max_length=24, blank=True, default="")
    technician_id = models.UUIDField(null=True)
    segment = models.CharField(max_length=12, blank=True, default="")
    chases = models.PositiveSmallIntegerField(default=0)
    stage = models.CharField(max_length=11, choices=STAGES, default=Stage.KNOWN.code)
    is_open = models.BooleanField(default=True)
    held_reason = models.CharField(max_length=40, blank=True, default="")
    opened_at = models.DateTimeField(null=True)
    window_from = models.DateTimeField(null=True)
    window_to = models.DateTimeField(null=True)
    planned_from = models.DateTimeField(null=True)
    clock_topic = models.CharField(max_length=40, blank=True, default="")
    clock_started_at = models.DateTimeField(null=True)
    statutory_due_at = models.DateTimeField(null=True)
    assessment_due_at = models.DateTimeField(null=True)
    statutory_paused_at = models.DateTimeField(null=True)
    assessment_paused_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField()
    stamps = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city_code", "subject"], name="supervision_row_subject")]
        indexes = [
            models.Index(
                fields=["city_code", "grid_code"], name="supervision_row_open", condition=models.Q(is_open=True)
            ),
            models.Index(fields=["technician_id"], name="supervision_row_person", condition=models.Q(is_open=True)),
        ]

    @property
    def is_promise_paused(self) -> bool:
        """Whether an approved hold lets the assessment clock stand still."""
        return self.assessment_paused_at is not None

    def __str__(self) -> str:
        return f"{self.number} {self.stage}"


class NamedStep(TenantModel):
    """Who does the next step of an order 责任人, named by a leader for the day's end; append-only, the newest counts.

    stage: where the order stood; when it moves on the name is history.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField(max_length=80)
    stage = models.CharField(max_length=11, choices=STAGES)
    person_id = models.UUIDField()
    until = models.DateTimeField()
    named_by = models.CharField(max_length=80)
    named_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["city_code", "subject", "-named_at"], name="supervision_named")]

    def __str__(self) -> str:
        return f"{self.subject} {self.stage}"


class DaySignOff(TenantModel):
    """A leader's signature under the open orders of a grid 日清签收; append-only, what was signed stays as it was.

    unit_code: the grid, empty for orders without one; lines: each order's step, person, instant and reason then.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit_code = models.CharField(max_length=20, blank=True)
    day = models.DateField()
    signed_by = models.CharField(max_length=80)
    signed_at = models.DateTimeField()
    remark = models.CharField(max_length=300, blank=True)
    open_orders = models.PositiveIntegerField()
    missing = models.PositiveIntegerField()
    lines = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["city_code", "day", "unit_code"], name="supervision_signed")]

    def __str__(self) -> str:
        return f"{self.unit_code} {self.day}"
