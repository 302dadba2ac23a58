"""Reads of the organisation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from yuanxin.kernel import prepared
from yuanxin.kernel.acting import Acting
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.tenancy import ALL, current_scope
from yuanxin.org.models import OrgUnit, RoleGrant, Staff
from yuanxin.org.rules import known_roles

_ACCOUNT_COLUMNS = ("id", "number", "unit_id", "scope", "language", "is_active")
_ACCOUNT = """
SELECT id, number, unit_id, scope, language, is_active,
       ARRAY(SELECT role FROM org_rolegrant held WHERE held.staff_id = staff.id AND revoked_at IS NULL)
  FROM org_staff staff WHERE id = %s AND is_active
"""
_STAFF_COLUMNS = ("id", "number", "name", "phone", "unit", "scope", "vendor", "language", "home_lng", "home_lat")
_NEAR = """
WITH owner AS (
  SELECT owner_id AS id, min(array_position(%(grids)s::text[], code::text)) AS turn
    FROM org_orgunit WHERE code = ANY(%(grids)s) AND owner_id IS NOT NULL GROUP BY owner_id
)
SELECT person.id, number, name, coalesce(left(phone, 3) || '****' || right(phone, 4), ''), unit_id, scope, vendor,
       language, home_lng::float8, home_lat::float8
  FROM org_staff person LEFT JOIN owner ON owner.id = person.id
 WHERE scope = %(city)s AND is_active AND (person.id = ANY(%(able)s) OR owner.turn = 1)
   AND EXISTS (SELECT FROM org_rolegrant held
                WHERE held.staff_id = person.id AND role = 'technician' AND revoked_at IS NULL)
 ORDER BY (owner.turn = 1) IS TRUE DESC, (owner.turn IS NOT NULL OR person.id = ANY(%(first)s)) DESC,
          ((home_lng - %(lng)s::float8) * %(narrow)s::float8) ^ 2 + (home_lat - %(lat)s::float8) ^ 2 NULLS LAST, number
 LIMIT %(count)s
"""
_OWNER = "SELECT owner_id FROM org_orgunit WHERE code = %s"
_GRIDS = "SELECT owner_id, code FROM org_orgunit WHERE owner_id = ANY(%s) AND level = 'grid'"


@dataclass(frozen=True)
class StaffView:
    """What other contexts may know of a member of staff."""

    id: UUID
    number: str
    name: str
    phone_masked: str
    unit_id: UUID
    scope: str
    vendor: str
    language: str
    home_lng: float | None
    home_lat: float | None


@dataclass(frozen=True)
class UnitView:
    """An organisation unit; owner_id is the technician who looks after a grid."""

    id: UUID
    code: str
    name: str
    level: str
    parent_id: UUID | None
    owner_id: UUID | None


def in_scope() -> QuerySet[Staff]:
    """Return the accounts that the scope in force may administer: its own and those below it."""
    code = current_scope()
    rows = Staff.objects.all()
    return rows if code == ALL else rows.filter(scope__startswith=code)


def staff_by_number(number: str) -> UUID:
    """Return whose number 工号 this is in the scope in force. Raises NotFound."""
    found = in_scope().filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(number=number, field="number")
    return found


def staff(staff_id: UUID) -> StaffView:
    """Return one member of staff. Raises NotFound."""
    found = Staff.objects.filter(pk=staff_id).first()
    if found is None:
        raise NotFound(staff=str(staff_id))
    return _staff_view(found)


def staff_many(staff_ids: Iterable[UUID]) -> dict[UUID, StaffView]:
    """Return members of staff by id; one statement."""
    return {found.pk: _staff_view(found) for found in Staff.objects.filter(pk__in=set(staff_ids))}


def technicians(scope: str) -> list[StaffView]:
    """Return the active technicians of a city, by number; one statement."""
    return with_role("technician", scope)


def technicians_near(
    scope: str,
    point: tuple[float, float] | None,
    *,
    grids: Sequence[str],
    first: Collection[UUID],
    able: Collection[UUID],
    count: int,
) -> list[StaffView]:
    """Which active technicians of ``able`` are near a point (lng, lat, WGS-84)? One prepared statement.

    The owner of ``grids[0]`` first, able or not, then those of the other grids and the people of ``first``, then by
    home; at most ``count``. Without a point homes do not count.
    """
    lng, lat = point or (None, None)
    narrow = cos(radians(lat)) if lat is not None else 1.0
    asked = {"city": scope, "grids": list(grids), "first": list(first), "able": list(able), "count": count}
    return [StaffView(*row) for row in prepared.run(_NEAR, asked | {"lng": lng, "lat": lat, "narrow": narrow})]


def grids_by_owner(staff_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Return the codes of the grids that each of these people looks after; one prepared statement."""
    found: dict[UUID, set[str]] = {}
    for owner, code in prepared.run(_GRIDS, [list(staff_ids)]):
        found.setdefault(owner, set()).add(code)
    return found


def with_role(role: str, scope: str) -> list[StaffView]:
    """Return the active staff of a scope who hold a role, by number; one statement."""
    held = RoleGrant.objects.filter(role=role, revoked_at=None).values("staff_id")
    rows = Staff.objects.filter(pk__in=held, scope=scope, is_active=True).order_by("number")
    return [_staff_view(row) for row in rows.only(*_STAFF_COLUMNS)]


def unit(code: str) -> UnitView:
    """Return one unit by its code. Raises NotFound."""
    found = OrgUnit.objects.filter(code=code).first()
    if found is None:
        raise NotFound(unit=code)
    return _unit_view(found)


def units(level: str = "") -> list[UnitView]:
    """Return the units of the scope, by code."""
    rows = OrgUnit.objects.filter(level=level) if level else OrgUnit.objects.all()
    return [_unit_view(row) for row in rows]


def unit_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of units by code; one statement."""
    return dict(OrgUnit.objects.filter(code__in=set(codes)).values_list("code", "name"))


def grid_technician(grid_code: str) -> UUID | None:
    """Return the technician who looks after a grid 包片, if one is named; one prepared statement."""
    found = prepared.run(_OWNER, [grid_code]).fetchone()
    return found[0] if found else None


def grids_of(technician_id: UUID) -> list[str]:
    """Return the codes of the grids that a technician looks after; one statement."""
    return list(OrgUnit.objects.filter(owner=technician_id).order_by("code").values_list("code", flat=True))


def unit_name_of(code: str) -> Subquery:
    """Return an expression for lists: the name of the unit whose code stands in the column ``code``."""
    return Subquery(OrgUnit.objects.filter(code=OuterRef(code)).values("name")[:1])


def owner_name_of(code: str) -> Subquery:
    """Return an expression for lists: the name of the technician who looks after the grid of the column ``code``."""
    return Subquery(OrgUnit.objects.filter(code=OuterRef(code)).values("owner__name")[:1])


def acting_for(staff_id: UUID, *, source: str = "", request_id: str = "") -> Acting:
    """Return the member of staff as the one who acts, with what the roles allow. Raises NotFound."""
    found = Staff.objects.filter(pk=staff_id, is_active=True).first()
    if found is None:
        raise NotFound(staff=str(staff_id))
    return Acting(
        who=f"staff:{found.pk}",
        scope=found.scope,
        permissions=found.permissions,
        source=source,
        request_id=request_id,
    )


def account(staff_id: UUID) -> Staff | None:
    """Return the active account, with its permissions read, or None; one prepared statement, asked per request.

    Names, passwords and the like are left out and read when somebody asks for them.
    """
    found = prepared.run(_ACCOUNT, [staff_id]).fetchone()
    if found is None:
        return None
    *values, roles = found
    staff: Staff = Staff.from_db("default", _ACCOUNT_COLUMNS, values)
    staff.hold(roles)
    return staff


def sign_in_candidates(login: str) -> list[UUID]:
    """Return who may be meant by a number 工号 or phone; at most two rows."""
    return list(Staff.objects.filter(Q(number=login) | Q(phone=login), is_active=True).values_list("pk", flat=True)[:2])


def phone_of(staff_id: UUID) -> str:
    """Return a member's telephone in clear, "" when there is none: for the call relay, never for a screen."""
    return str(Staff.objects.filter(pk=staff_id).values_list("phone", flat=True).first() or "")


def roles_of(staff_id: UUID) -> list[str]:
    """Return the role codes that an account holds."""
    held = RoleGrant.objects.filter(staff_id=staff_id, revoked_at=None).order_by("role")
    return list(held.values_list("role", flat=True))


def needs_second_factor(staff_id: UUID) -> bool:
    """Tell whether a role of the account demands a second factor at sign-in."""
    return any(known_roles()[role].needs_second_factor for role in roles_of(staff_id) if role in known_roles())


def _staff_view(row: Staff) -> StaffView:
    return StaffView(
        id=row.pk,
        number=row.number,
        name=row.name,
        phone_masked=f"{row.phone[:3]}****{row.phone[-4:]}" if row.phone else "",
        unit_id=row.unit_id,
        scope=row.scope,
        vendor=row.vendor,
        language=row.language,
        home_lng=float(row.home_lng) if row.home_lng is not None else None,
        home_lat=float(row.home_lat) if row.home_lat is not None else None,
    )


def _unit_view(row: OrgUnit) -> UnitView:
    return UnitView(row.pk, row.code, row.name, row.level, row.parent_id, row.owner_id)
