"""Tables of the organisation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tenancy import TenantModel
from yuanxin.org.rules import known_roles, permissions_of


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class OrgUnit(TenantModel):
    """Organisation unit 组织单元; codes are hierarchical (GB/T 2260, then grids and crews)."""

    class Level(models.TextChoices):
        HQ = "hq", "总部"
        PROVINCE = "province", "省"
        CITY = "city", "市"
        DISTRICT = "district", "区县"
        GRID = "grid", "网格"
        CREW = "crew", "班组"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=8, choices=Level)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    owner = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, blank=True, related_name="owned_units")
    """The technician who looks after a grid 包片."""

    class Meta:
        ordering = ("code",)
        indexes = [models.Index(fields=["city_code", "level", "code"], name="org_unit_city")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class StaffManager(BaseUserManager["Staff"]):
    """Staff are found by their number or phone, before any scope is known."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        return self.get(number=username)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["password", "name", "phone", "last_login"],
)
class Staff(AbstractBaseUser):
    """A member of staff 员工; signs in by number 工号 or phone. Not tenant-isolated: sign-in happens before a scope."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    phone = models.CharField(max_length=20, unique=True, null=True, blank=True)
    name = models.CharField(max_length=40)
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="staff")
    scope = models.CharField(max_length=4)
    language = models.CharField(max_length=10, default="zh-hans")
    vendor = models.CharField(max_length=40, blank=True, default="")
    """The contractor that is paid for this person's work 代维单位; empty for own staff."""
    is_active = models.BooleanField(default=True)
    home_lng = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    home_lat = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)

    USERNAME_FIELD = "number"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[StaffManager] = StaffManager()

    class Meta:
        indexes = [models.Index(fields=["scope", "number"], name="org_staff_scope")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def is_staff(self) -> bool:
        """Whether the configuration pages open; asked by django.contrib.admin."""
        return self.has_perm("page.admin") or self.has_perm("page.configuration")

    @property
    def permissions(self) -> frozenset[str]:
        """What the account's roles may do; read once per instance."""
        known = self.__dict__.get("_permissions")
        if known is None:
            known = self.hold(self.grants.filter(revoked_at=None).values_list("role", flat=True))
        return known

    def hold(self, roles: Iterable[str]) -> frozenset[str]:
        """Let this instance know its account's roles; return what they may do."""
        known = self.__dict__["_permissions"] = permissions_of(known_roles(), roles)
        return known

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and ("*" in self.permissions or perm in self.permissions)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and "page.admin" in self.permissions


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class RoleGrant(models.Model):
    """A role 角色 that an account holds; ended, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=40)
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "role"], condition=models.Q(revoked_at=None), name="org_role_granted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff.number} {self.role}"
