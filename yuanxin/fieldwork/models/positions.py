"""Where technicians are while they are on duty with an open order."""

from __future__ import annotations

from django.contrib.postgres.functions import TransactionNow
from django.db import models

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


class Position(TenantModel):
    """One position 轨迹点 of a technician, WGS-84; a leaf table by month that nothing points to.

    Tracks are sensitive personal data (个人信息保护法 Art. 28): only with an open order, and erased after some days.
    """

    pk = models.CompositePrimaryKey("recorded_at", "id")
    recorded_at = models.DateTimeField(db_default=TransactionNow())
    id = models.UUIDField(default=new_id, editable=False)
    technician_id = models.UUIDField()
    at = models.DateTimeField()
    lng = models.DecimalField(max_digits=9, decimal_places=6)
    lat = models.DecimalField(max_digits=9, decimal_places=6)
    error_m = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["technician_id", "at"], name="fieldwork_position_track")]

    def __str__(self) -> str:
        return f"{self.technician_id} {self.at:%F %T}"


class LastPosition(TenantModel):
    """The newest known position of a technician 最新位置, one row per city, for map and planning."""

    pk = models.CompositePrimaryKey("city_code", "technician_id")
    technician_id = models.UUIDField()
    at = models.DateTimeField()
    lng = models.DecimalField(max_digits=9, decimal_places=6)
    lat = models.DecimalField(max_digits=9, decimal_places=6)
    error_m = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.technician_id} {self.at:%F %T}"
