"""Contacts: every touch of a customer, also the many that need no ticket."""

from django.db import models
from django.db.models.functions import Now

from yuanxin.care.models.choices import CHANNELS, choices_of
from yuanxin.care.rules.contacts import Outcome
from yuanxin.care.rules.intake import LONGEST_CALLER_NUMBER, LONGEST_NOTE
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


class Contact(TenantModel):
    """来电/来访: one touch of a customer or of somebody unknown. The caller's number and the note are erasable."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.CharField(max_length=12, choices=CHANNELS)
    caller_number = models.CharField(max_length=LONGEST_CALLER_NUMBER, blank=True, default="")
    customer_id = models.UUIDField(null=True)
    reason_code = models.CharField(max_length=40)
    outcome = models.CharField(max_length=12, choices=choices_of(Outcome))
    note = models.CharField(max_length=LONGEST_NOTE, blank=True, default="")
    call = models.ForeignKey("Call", null=True, on_delete=models.PROTECT, related_name="contacts")
    contacted_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["city_code", "-contacted_at"], name="care_contact_newest"),
            models.Index(fields=["customer_id", "-contacted_at"], name="care_contact_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.reason_code}"
