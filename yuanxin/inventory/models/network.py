"""The tree of the network and where the addresses hang on it."""

from __future__ import annotations

import pghistory
from django.db import models

from yuanxin.inventory.rules.network import NodeKind
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class NetworkNode(TenantModel):
    """Network node 网络节点: head-end 机房, OLT, 光站, 光节点, 放大器, 分支.

    trail: codes from the head-end down to this node, each followed by ``/``; everything below a node is one range.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=32)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in NodeKind])
    name = models.CharField(max_length=80, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True)
    trail = models.CharField(max_length=400, db_collation="C")

    class Meta:
        constraints = [models.UniqueConstraint("city_code", "code", name="inventory_node_code")]
        indexes = [models.Index("city_code", "trail", name="inventory_node_trail")]

    def __str__(self) -> str:
        return self.code


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(), obj_field=None)
class AddressPath(TenantModel):
    """Network path of an address 地址的网络路径: the nearest known node, for a door or for a whole estate.

    is_known_to_the_home: False when only the part above the building is known.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    address = models.OneToOneField("parties.StandardAddress", models.PROTECT, related_name="+", null=True)
    estate = models.OneToOneField("parties.Estate", models.PROTECT, related_name="+", null=True)
    node = models.ForeignKey(NetworkNode, models.PROTECT)
    is_known_to_the_home = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(address__isnull=True) ^ models.Q(estate__isnull=True),
                name="inventory_path_one_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.node_id}"
