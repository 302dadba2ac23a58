"""Complaints and their steps."""

import pghistory
from django.db import models
from django.db.models.functions import Now

from yuanxin.care.models.choices import CHANNELS, SERVICES, choices_of
from yuanxin.care.models.tickets import TroubleTicket
from yuanxin.care.rules.complaints import (
    OPEN_STATES,
    ComplaintSource,
    ComplaintState,
    ComplaintStepKind,
    EscalationLevel,
)
from yuanxin.care.rules.intake import LONGEST_NOTE
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.published.codes import CustomerClass

STATES = choices_of(ComplaintState)


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["note", "recorded_at"]
)
class Complaint(TenantModel):
    """投诉: what a customer, known or not, holds against us, from intake to its conclusion.

    source, external_number, external_due_at: who sent it (12345, 12315, 12300, ...), its number and its deadline there.
    signed_at, signed_by: who above signed the answer of an escalated one; a rejected answer takes the signature away.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20)
    customer_id = models.UUIDField(null=True)
    ticket = models.ForeignKey(TroubleTicket, null=True, on_delete=models.PROTECT, related_name="complaints")
    category = models.CharField(max_length=40)
    service = models.CharField(max_length=10, choices=SERVICES)
    channel = models.CharField(max_length=12, choices=CHANNELS)
    customer_class = models.CharField(max_length=10, choices=choices_of(CustomerClass))
    source = models.CharField(max_length=10, choices=choices_of(ComplaintSource), default=ComplaintSource.OWN.value)
    external_number = models.CharField(max_length=40, blank=True, default="")
    external_due_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True, default="")
    state = models.CharField(max_length=20, choices=STATES, default=ComplaintState.RECEIVED.value)
    level = models.PositiveSmallIntegerField(
        default=EscalationLevel.NONE.value, choices=[(level.value, level.name.lower()) for level in EscalationLevel]
    )
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=60)
    first_reply_due_at = models.DateTimeField(null=True)
    solve_due_at = models.DateTimeField(null=True)
    first_replied_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=60, blank=True, default="")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=60, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city_code", "number"], name="care_complaint_number")]
        indexes = [
            models.Index(fields=["customer_id", "-opened_at"], name="care_complaint_customer"),
            models.Index(fields=["city_code", "-opened_at"], name="care_complaint_newest"),
            models.Index(
                fields=["city_code", "solve_due_at"],
                name="care_complaint_open",
                condition=models.Q(state__in=[state.value for state in OPEN_STATES]),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ComplaintStep(TenantModel):
    """投诉办理步骤: one step of a complaint; never changed, its note can be erased."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=choices_of(ComplaintStepKind))
    before = models.CharField(max_length=20, choices=STATES)
    after = models.CharField(max_length=20, choices=STATES)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True, default="")
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.kind} {self.taken_at:%F %H:%M}"
