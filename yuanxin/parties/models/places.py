"""Where: places, their buildings, and the addresses to which somebody can be sent."""

from __future__ import annotations

import pghistory
from django.db import models

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.parties.rules.datum import Datum
from yuanxin.published.codes import AreaClass


class PlaceKind(models.TextChoices):
    """Kind of a place: estate 小区, village 村, landmark 地标; home 户 for a single door."""

    ESTATE = "estate", "Estate"
    VILLAGE = "village", "Village"
    LANDMARK = "landmark", "Landmark"
    HOME = "home", "Home"


class Located(TenantModel):
    """A point in WGS-84, and what the source said: its datum and its own numbers. All four are null together."""

    lng = models.DecimalField(max_digits=10, decimal_places=7, null=True)
    lat = models.DecimalField(max_digits=10, decimal_places=7, null=True)
    datum = models.CharField(max_length=8, choices=[(datum.value, datum.value) for datum in Datum], blank=True)
    source_lng = models.DecimalField(max_digits=10, decimal_places=7, null=True)
    source_lat = models.DecimalField(max_digits=10, decimal_places=7, null=True)

    class Meta:
        abstract = True


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Estate(Located):
    """Estate 小区, village 村 or landmark 地标: a named place with households."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=PlaceKind.choices, default=PlaceKind.ESTATE)
    name = models.CharField(max_length=200)
    plain_name = models.CharField(max_length=200, editable=False)
    district_code = models.CharField(max_length=6)
    grid_code = models.CharField(max_length=32, blank=True)
    town = models.CharField(max_length=200, blank=True)
    street = models.CharField(max_length=200, blank=True)
    area_class = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in AreaClass])
    households = models.PositiveIntegerField(null=True)
    buildings = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("city_code", "district_code", "plain_name", name="parties_estate_once"),
        ]
        indexes = [models.Index("city_code", "grid_code", name="parties_estate_grid")]

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Building(Located):
    """Building 楼栋 of an estate."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    estate = models.ForeignKey(Estate, models.PROTECT)
    name = models.CharField(max_length=40)
    households = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("estate", "name", name="parties_building_once")]

    def __str__(self) -> str:
        return self.name


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(), exclude=["door", "text"], obj_field=None
)
class StandardAddress(Located):
    """Standard address 标准地址: an estate, village or landmark as a whole, or one door in it.

    text: the whole as printed. estate and building may be unknown. households: how many homes it stands for.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=PlaceKind.choices)
    estate = models.ForeignKey(Estate, models.PROTECT, null=True)
    building = models.ForeignKey(Building, models.PROTECT, null=True)
    door = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=300)
    district_code = models.CharField(max_length=6)
    grid_code = models.CharField(max_length=32, blank=True)
    area_class = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in AreaClass])
    households = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "door"], condition=models.Q(estate__isnull=False), name="parties_address_door_once"
            ),
        ]
        indexes = [models.Index("city_code", "grid_code", "kind", name="parties_address_grid")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
