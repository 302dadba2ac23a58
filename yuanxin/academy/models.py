"""Tables of ``academy``."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models

from yuanxin.academy.rules import Validity
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class CertificateKind(TenantModel):
    """A kind of certificate 证书种类, such as 登高 climbing or 低压电工 low voltage; kept by headquarters."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)

    everything = models.Manager()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Need(TenantModel):
    """A kind of work needs a certificate 上岗要求; kept by headquarters.

    work: an order kind (``install``) or a condition of the work (``pole``), as fieldwork names it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    work = models.SlugField(max_length=40)
    certificate = models.ForeignKey(CertificateKind, on_delete=models.PROTECT, related_name="needs")

    everything = models.Manager()

    class Meta:
        ordering = ("work", "certificate")
        constraints = [models.UniqueConstraint(fields=["work", "certificate"], name="academy_need_once")]

    def __str__(self) -> str:
        return f"{self.work}: {self.certificate_id}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Certificate(TenantModel):
    """A certificate 证书 of a member of staff; both ends of its validity count."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    number = models.CharField(max_length=60, blank=True, default="")
    valid_from = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    revoked_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "code", "valid_from"], name="academy_certificate_once"),
            models.CheckConstraint(
                condition=models.Q(expires_on=None) | models.Q(expires_on__gte=models.F("valid_from")),
                name="academy_certificate_span",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_on"], name="academy_certificate_end", condition=models.Q(revoked_on__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"

    @property
    def validity(self) -> Validity:
        """Return the days on which it counts."""
        return Validity(self.valid_from, self.expires_on, self.revoked_on)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Skill(TenantModel):
    """A skill 技能 of a member of staff with its level 等级, 1 the lowest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    level = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "code", "valid_from"], name="academy_skill_once"),
            models.CheckConstraint(
                condition=models.Q(expires_on=None) | models.Q(expires_on__gte=models.F("valid_from")),
                name="academy_skill_span",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.level}"


class ExpiryWarning(TenantModel):
    """A warning given for a certificate at a threshold 到期预警; the row makes sure that it is given once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="warnings")
    threshold_days = models.PositiveSmallIntegerField()
    warned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["certificate", "threshold_days"], name="academy_warning_once")]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.threshold_days}"
