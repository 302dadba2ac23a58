"""Tables of quality: pay of finished orders, its lines, the versioned outcome of each order."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models.functions import Now

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Segment, Service
from yuanxin.quality.rules.inspection import InspectionState, Reason
from yuanxin.quality.rules.states import PayState


class OrderOutcome(TenantModel):
    """Outcome of a finished order 工单结果: append-only, one row per version, the newest counts.

    Holds what assessment, what-if and appeals read: every instant, pause, actor, rule version, area class and amount.
    amount_fen: pay of the order as of this version. Late minutes are None where there was no such clock.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recorded_at = models.DateTimeField(db_default=Now())
    work_order_id = models.UUIDField()
    version = models.PositiveSmallIntegerField()
    reason_code = models.CharField(max_length=64)
    known_at = models.DateTimeField()
    actor = models.CharField(max_length=80)

    number = models.CharField(max_length=20)
    cause = models.CharField(max_length=96)
    order_kind = models.CharField(max_length=10, choices=[(each.value, each.value) for each in OrderKind])
    service = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Service])
    customer_id = models.UUIDField()
    address_id = models.UUIDField()
    grid_code = models.CharField(max_length=20)
    area_class = models.CharField(max_length=10, choices=[(each.value, each.value) for each in AreaClass])
    technician_id = models.UUIDField()
    payee = models.CharField(max_length=96)
    segment = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Segment])
    close_type = models.CharField(max_length=16, choices=[(each.value, each.value) for each in CloseType])
    fault_cause = models.CharField(max_length=64, blank=True, default="")

    opened_at = models.DateTimeField()
    assigned_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    window_from = models.DateTimeField(null=True)
    window_to = models.DateTimeField(null=True)
    departed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    paused_minutes = models.PositiveIntegerField()
    pauses = models.JSONField(default=list)
    visits = models.PositiveSmallIntegerField()
    segment_minutes = models.JSONField(default=dict)
    elsewhere_minutes = models.PositiveIntegerField(default=0)
    is_appointment_kept = models.BooleanField(null=True)

    statutory_due_at = models.DateTimeField(null=True)
    statutory_late_minutes = models.PositiveIntegerField(null=True)
    assessment_due_at = models.DateTimeField(null=True)
    assessment_late_minutes = models.PositiveIntegerField(null=True)
    clock_rule_ids = models.JSONField(default=list)
    clock_version_ids = models.JSONField(default=list)

    callback_at = models.DateTimeField(null=True)
    is_callback_agreed = models.BooleanField(null=True)
    score = models.PositiveSmallIntegerField(null=True)
    score_at = models.DateTimeField(null=True)
    is_score_begged = models.BooleanField(default=False)
    repeat_of_id = models.UUIDField(null=True)
    is_own_repeat = models.BooleanField(default=False)
    repeated_by_id = models.UUIDField(null=True)
    corrections = models.JSONField(default=list)
    findings = models.JSONField(default=list, db_default=[])

    scheme_versions = models.JSONField(default=list)
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work_order_id", "version"], name="quality_outcome_version")]
        indexes = [
            models.Index(fields=["address_id", "service", "finished_at"], name="quality_outcome_address"),
            models.Index(fields=["city_code", "finished_at", "id"], name="quality_outcome_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class OrderPay(TenantModel):
    """Pay of one finished order 工单酬金 and its state 暂计 → 待质检 → 确认 → 已发.

    amount_fen: sum of its lines; deducted_fen: how much of a deduction is in it. payee: who is paid, as a reference
    (``staff:<uuid>`` or a vendor). outcome: the newest version.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    work_order_id = models.UUIDField(unique=True)
    number = models.CharField(max_length=20)
    cause = models.CharField(max_length=96)
    technician_id = models.UUIDField()
    payee = models.CharField(max_length=96)
    state = models.CharField(
        max_length=12, choices=[(each.value, each.value) for each in PayState], default=PayState.PROVISIONAL.value
    )
    amount_fen = models.BigIntegerField(default=0)
    deducted_fen = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField()
    check_due_at = models.DateTimeField(null=True)
    confirm_due_at = models.DateTimeField(null=True)
    adjust_until = models.DateTimeField(null=True)
    outcome = models.OneToOneField(OrderOutcome, null=True, on_delete=models.PROTECT, related_name="current_of")

    class Meta:
        indexes = [
            models.Index(fields=["technician_id", "finished_at"], name="quality_pay_technician"),
            models.Index(fields=["cause"], name="quality_pay_cause"),
            models.Index(
                fields=["check_due_at"],
                name="quality_pay_check_due",
                condition=models.Q(state=PayState.PROVISIONAL.value),
            ),
            models.Index(
                fields=["confirm_due_at"],
                name="quality_pay_confirm_due",
                condition=models.Q(state=PayState.IN_CHECK.value),
            ),
        ]
        constraints = [models.CheckConstraint(name="quality_pay_not_negative", condition=models.Q(amount_fen__gte=0))]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class PayLine(TenantModel):
    """One posting of pay 酬金明细 with the calculation that made it; append-only.

    before_fen + amount_fen is the total of the calculation. A line of 0 has no ledger transaction.
    """

    class Kind(models.TextChoices):
        """What the line is: provisional 暂计 or adjustment 调整."""

        PROVISIONAL = "provisional"
        ADJUSTMENT = "adjustment"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recorded_at = models.DateTimeField(db_default=Now())
    pay = models.ForeignKey(OrderPay, on_delete=models.PROTECT, related_name="lines")
    outcome = models.ForeignKey(OrderOutcome, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=12, choices=Kind)
    reason_code = models.CharField(max_length=64)
    technician_id = models.UUIDField()
    payee = models.CharField(max_length=96)
    occurred_at = models.DateTimeField()
    before_fen = models.BigIntegerField()
    amount_fen = models.BigIntegerField()
    calculation = models.JSONField()
    transaction_id = models.UUIDField(null=True)
    actor = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["technician_id", "occurred_at"], name="quality_line_technician")]
        constraints = [
            models.CheckConstraint(
                name="quality_line_is_posted",
                condition=models.Q(amount_fen=0, transaction_id__isnull=True)
                | (~models.Q(amount_fen=0) & models.Q(transaction_id__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pay_id} {self.amount_fen}"


class PoolAlarm(TenantModel):
    """A day 日 on which an incentive pool 资金池 was found overdrawn; one alarm a day and city. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pool = models.CharField(max_length=64)
    on = models.DateField()
    balance_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city_code", "pool", "on"], name="quality_pool_alarm_daily")]

    def __str__(self) -> str:
        return f"{self.pool} {self.on}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Inspection(TenantModel):
    """A look at one finished order by a person 质检单. findings: codes of the rulebook; note: for the technician.

    stops_pay: the pay waits for it. decided_by: the inspector.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pay = models.OneToOneField(OrderPay, on_delete=models.PROTECT, related_name="inspection")
    reason = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Reason])
    stops_pay = models.BooleanField(default=False)
    state = models.CharField(
        max_length=8, choices=[(each.value, each.value) for each in InspectionState], default=InspectionState.OPEN.value
    )
    asked_at = models.DateTimeField()
    findings = models.JSONField(default=list)
    note = models.CharField(max_length=200, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["city_code", "asked_at"],
                name="quality_inspection_open",
                condition=models.Q(state=InspectionState.OPEN.value),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pay_id} {self.state}"


class DeductionMonth(TenantModel):
    """A month of one person in which something was deducted; its row is locked while a deduction is reckoned."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    technician_id = models.UUIDField()
    first_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city_code", "technician_id", "first_on"], name="quality_deduction_month")
        ]

    def __str__(self) -> str:
        return f"{self.technician_id} {self.first_on}"
