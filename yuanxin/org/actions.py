"""Writes of the organisation."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.contrib.auth.hashers import make_password

from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import Conflict, DomainError, NotFound
from yuanxin.kernel.tenancy import codes_of
from yuanxin.org.models import OrgUnit, RoleGrant, Staff
from yuanxin.org.queries import roles_of
from yuanxin.org.rules import known_roles, require_compatible


class NumberTaken(Conflict):
    """Another account has this number or phone."""

    code = "org.number_taken"


class UnitCodeTaken(Conflict):
    """Another unit has this code."""

    code = "org.unit_code_taken"


class VendorNotACode(DomainError):
    """A vendor is named by a short code of small letters, digits and dashes."""

    code = "org.vendor_not_a_code"


class RoleNotHeld(DomainError):
    """The account does not hold the role."""

    code = "org.role_not_held"


@command("org.create_unit")
def create_unit(*, code: str, name: str, level: str, parent_code: str | None = None) -> UUID:
    """Create a unit below another. Raises UnitCodeTaken, NotFound for the parent."""
    if OrgUnit.objects.filter(code=code).exists():
        raise UnitCodeTaken(unit=code, field="code")
    parent = OrgUnit.objects.filter(code=parent_code).first() if parent_code else None
    if parent_code and parent is None:
        raise NotFound(unit=parent_code, field="parent_code")
    province_code, city_code = codes_of(_scope_of_unit(code, level))
    made = OrgUnit.objects.create(
        code=code, name=name, level=level, parent=parent, province_code=province_code, city_code=city_code
    )
    return made.pk


def _scope_of_unit(code: str, level: str) -> str:
    if level == OrgUnit.Level.HQ:
        return "*"
    return code[:2] if level == OrgUnit.Level.PROVINCE else code[:4]


@command("org.create_staff")
def create_staff(
    *,
    number: str,
    name: str,
    unit_code: str,
    phone: str | None = None,
    password: str | None = None,
    vendor: str = "",
    home: tuple[Decimal, Decimal] | None = None,
) -> UUID:
    """Create an account in a unit; without a password it signs in by the WeCom-shaped port only.

    home: (longitude, latitude), WGS-84. vendor: code of the contractor. Raises NumberTaken, VendorNotACode, NotFound
    for the unit.
    """
    if vendor and not re.fullmatch(r"[a-z0-9-]{1,40}", vendor):
        raise VendorNotACode(field="vendor")
    unit = OrgUnit.objects.filter(code=unit_code).first()
    if unit is None:
        raise NotFound(unit=unit_code, field="unit_code")
    if Staff.objects.filter(number=number).exists() or (phone and Staff.objects.filter(phone=phone).exists()):
        raise NumberTaken(number=number, field="number")
    scope = _scope_of_unit(unit.code, unit.level)
    made = Staff.objects.create(
        number=number,
        phone=phone,
        name=name,
        unit=unit,
        scope=scope,
        vendor=vendor,
        password=make_password(password),
        home_lng=home[0] if home else None,
        home_lat=home[1] if home else None,
    )
    return made.pk


@command("org.set_staff_active")
def set_staff_active(*, staff_id: UUID, is_active: bool) -> None:
    """Open or close an account. Raises NotFound."""
    if not Staff.objects.filter(pk=staff_id).update(is_active=is_active):
        raise NotFound(staff=str(staff_id))


@command("org.grant_role")
def grant_role(*, staff_id: UUID, role: str, at: datetime) -> None:
    """Give an account a role; twice is once. Raises UnknownRole, RolesExclude."""
    Staff.objects.select_for_update(of=("self",)).get(pk=staff_id)
    held = roles_of(staff_id)
    require_compatible(known_roles(), held, role)
    if role not in held:
        RoleGrant.objects.create(staff_id=staff_id, role=role, granted_at=at)


@command("org.revoke_role")
def revoke_role(*, staff_id: UUID, role: str, at: datetime) -> None:
    """End a role of an account. Raises RoleNotHeld."""
    if not RoleGrant.objects.filter(staff_id=staff_id, role=role, revoked_at=None).update(revoked_at=at):
        raise RoleNotHeld(role=role, field="role")


@command("org.set_grid_technician")
def set_grid_technician(*, grid_code: str, staff_id: UUID | None) -> None:
    """Name the technician who looks after a grid 包片, or nobody. Raises NotFound."""
    if not OrgUnit.objects.filter(code=grid_code).update(owner_id=staff_id):
        raise NotFound(unit=grid_code, field="grid_code")
