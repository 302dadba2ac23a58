"""What people agreed to, who looked at their values in clear, and what the values were before."""

from __future__ import annotations

from django.db import models

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.parties.models.people import Customer


class Consent(TenantModel):
    """Consent 同意: given once for a purpose and a version of its text, withdrawn at any time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT)
    purpose = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    channel = models.CharField(max_length=12)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="parties_consent_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"


class PersonalChange(TenantModel):
    """A personal value as it was before 个人信息变更: erasable, outside of the sealed audit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT)
    field = models.CharField(max_length=40)
    before = models.CharField(max_length=300, blank=True)
    changed_by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.field} of {self.customer_id}"


class RevealRecord(TenantModel):
    """Reveal 明文查看记录: somebody saw a personal value in clear, and why. Append-only; holds no value."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer_id = models.UUIDField()
    field = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    revealed_by = models.CharField(max_length=60)
    revealed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("customer_id", "revealed_at", name="parties_reveal_customer")]

    def __str__(self) -> str:
        return f"{self.field} of {self.customer_id}"
