"""Writes of the organisation."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import Conflict, DomainError, NotFound
from yuanxin.kernel.tenancy import ALL, codes_of, current_scope
from yuanxin.org.models import OrgUnit, RoleGrant, Staff
from yuanxin.org.queries import in_scope, roles_of
from yuanxin.org.rules import known_roles, require_compatible, require_phone, require_unit_code


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


class OwnAccount(DomainError):
    """Nobody changes the roles of his own account, or closes it."""

    code = "org.own_account"


class UnitOutsideScope(DomainError):
    """The unit would belong to another city or province than the one in scope."""

    code = "org.unit_outside_scope"


def _locked(staff_id: UUID) -> Staff:
    """Return an account of the scope in force with its row locked. Raises NotFound, OwnAccount."""
    found = in_scope().select_for_update(of=("self",)).filter(pk=staff_id).first()
    if found is None:
        raise NotFound(staff=str(staff_id))
    if acting.current().who == f"staff:{staff_id}":
        raise OwnAccount(staff=str(staff_id))
    return found


@command("org.create_unit")
def create_unit(*, code: str, name: str, level: str, parent_code: str | None = None) -> UUID:
    """Create a unit below another.

    Raises UnitCodeNotValid, UnitOutsideScope, UnitCodeTaken, NotFound for the parent.
    """
    require_unit_code(code, level)
    scope = _scope_of_unit(code, level)
    if current_scope() != ALL and not scope.startswith(current_scope()):
        raise UnitOutsideScope(unit=code, field="code")
    if OrgUnit.objects.filter(code=code).exists():
        raise UnitCodeTaken(unit=code, field="code")
    parent = OrgUnit.objects.filter(code=parent_code).first() if parent_code else None
    if parent_code and parent is None:
        raise NotFound(unit=parent_code, field="parent_code")
    province_code, city_code = codes_of(scope)
    made = OrgUnit.objects.create(
        code=code, name=name, level=level, parent=parent, province_code=province_code, city_code=city_code
    )
    return made.pk


@command("org.rename_unit")
def rename_unit(*, unit_code: str, name: str) -> None:
    """Give a unit another name; its code stays. Raises NotFound."""
    if not OrgUnit.objects.filter(code=unit_code).update(name=name):
        raise NotFound(unit=unit_code, field="code")


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

    home: (longitude, latitude), WGS-84. vendor: code of the contractor. Raises NumberTaken, PhoneNotValid,
    VendorNotACode, NotFound for the unit.
    """
    if vendor and not re.fullmatch(r"[a-z0-9-]{1,40}", vendor):
        raise VendorNotACode(field="vendor")
    unit = OrgUnit.objects.filter(code=unit_code).first()
    if unit is None:
        raise NotFound(unit=unit_code, field="unit_code")
    if phone:
        require_phone(phone)
    for field, login in (("number", number), ("phone", phone)):
        if login and Staff.objects.filter(Q(number=login) | Q(phone=login)).exists():
            raise NumberTaken(field=field)
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
    """Open or close an account of the scope. Raises NotFound, OwnAccount."""
    account = _locked(staff_id)
    account.is_active = is_active
    account.save(update_fields=["is_active"])


@command("org.grant_role")
def grant_role(*, staff_id: UUID, role: str, at: datetime) -> None:
    """Give an account of the scope a role; twice is once. Raises NotFound, OwnAccount, UnknownRole, RolesExclude."""
    _locked(staff_id)
    held = roles_of(staff_id)
    require_compatible(known_roles(), held, role)
    if role not in held:
        RoleGrant.objects.create(staff_id=staff_id, role=role, granted_at=at)


@command("org.revoke_role")
def revoke_role(*, staff_id: UUID, role: str, at: datetime) -> None:
    """End a role of an account of the scope. Raises NotFound, OwnAccount, RoleNotHeld."""
    _locked(staff_id)
    if not RoleGrant.objects.filter(staff_id=staff_id, role=role, revoked_at=None).update(revoked_at=at):
        raise RoleNotHeld(role=role, field="role")


@command("org.set_grid_technician")
def set_grid_technician(*, grid_code: str, staff_id: UUID | None) -> None:
    """Name the technician who looks after a grid 包片, or nobody. Raises NotFound."""
    if staff_id and not in_scope().filter(pk=staff_id).exists():
        raise NotFound(staff=str(staff_id))
    if not OrgUnit.objects.filter(code=grid_code).update(owner_id=staff_id):
        raise NotFound(unit=grid_code, field="grid_code")
