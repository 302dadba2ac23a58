"""Address files on their way in: read and shown first, stored as a whole or not at all."""

from __future__ import annotations

from django.db import models

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


class BatchState(models.TextChoices):
    """State of an import: 待确认, 已入库, 已放弃."""

    STAGED = "staged", "Staged"
    COMMITTED = "committed", "Committed"
    DISCARDED = "discarded", "Discarded"


class AddressBatch(TenantModel):
    """Address import 地址导入批次: one uploaded file."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file_name = models.CharField(max_length=120)
    content_hash = models.CharField(max_length=64)
    encoding = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=BatchState.choices, default=BatchState.STAGED)
    good_rows = models.PositiveIntegerField()
    bad_rows = models.PositiveIntegerField()
    made_by = models.CharField(max_length=60)
    staged_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name


class AddressBatchRow(TenantModel):
    """Row of an address import 导入行: the values to store, or the fault with its column and value."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(AddressBatch, models.CASCADE)
    line = models.PositiveIntegerField()
    parsed = models.JSONField(null=True)
    fault = models.CharField(max_length=24, blank=True)
    column = models.CharField(max_length=24, blank=True)
    value = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index("batch", "line", name="parties_batch_row_line")]

    def __str__(self) -> str:
        return f"line {self.line}: {self.fault or 'good'}"
