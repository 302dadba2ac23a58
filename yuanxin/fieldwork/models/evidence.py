"""Photos and signatures."""

from __future__ import annotations

from django.db import models

from yuanxin.fieldwork.models.visit import Visit
from yuanxin.fieldwork.models.work_order import WorkOrder
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


class Evidence(TenantModel):
    """Evidence 回单凭证: a clean picture in the file store and its hash; the name of a signer stands only here.

    item: code of the checklist item that it shows. stamp: the watermark 水印 as written into the photo; sha256 is of
    the stored, stamped picture, original_sha256 of the file as it was sent.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo", "现场照片"
        ARRIVAL = "arrival", "到场照片"
        HOLD = "hold", "挂起凭证"
        SIGNATURE = "signature", "客户签字"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="evidence")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="evidence")
    kind = models.CharField(max_length=10, choices=Kind)
    file = models.FileField(max_length=200)
    content_type = models.CharField(max_length=20)
    item = models.CharField(max_length=40, blank=True, default="")
    stamp = models.CharField(max_length=80, blank=True, default="")
    sha256 = models.CharField(max_length=64)
    original_sha256 = models.CharField(max_length=64, blank=True, default="")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)
    signed_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["work_order", "made_at"], name="fieldwork_evidence_order")]

    def __str__(self) -> str:
        return f"{self.kind} {self.file.name}"
