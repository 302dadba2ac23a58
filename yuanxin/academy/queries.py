"""Reads of ``academy``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from yuanxin.academy import rules
from yuanxin.academy.models import Certificate
from yuanxin.kernel import prepared
from yuanxin.kernel.time import local_day
from yuanxin.standards import api as standards

_NEEDED = """
SELECT code FROM academy_certificatekind kind
 WHERE code = ANY(%(works)s)
    OR EXISTS (SELECT FROM academy_need need WHERE need.certificate_id = kind.id AND need.work = ANY(%(works)s))
"""
_CERTIFICATES = """
SELECT staff_id, code, valid_from, expires_on, revoked_on
  FROM academy_certificate WHERE staff_id = ANY(%(people)s) AND valid_from <= %(day)s
"""
_SKILLS = """
WITH newest AS (
  SELECT DISTINCT ON (staff_id, code) staff_id, code, level, expires_on
    FROM academy_skill WHERE valid_from <= %(day)s AND staff_id = ANY(%(people)s)
   ORDER BY staff_id, code, valid_from DESC
)
SELECT staff_id, code, level FROM newest WHERE expires_on IS NULL OR expires_on >= %(day)s
"""
_STAFF_WITH = """
WITH newest AS (
  SELECT DISTINCT ON (staff_id, code) staff_id, code, level, expires_on
    FROM academy_skill WHERE valid_from <= %(day)s AND code = ANY(%(codes)s)
   ORDER BY staff_id, code, valid_from DESC
)
SELECT staff_id FROM newest JOIN unnest(%(codes)s::text[], %(levels)s::int[]) AS needed(code, level) USING (code)
 WHERE newest.level >= needed.level AND (expires_on IS NULL OR expires_on >= %(day)s)
 GROUP BY staff_id HAVING count(*) = cardinality(%(codes)s::text[])
"""


@dataclass(frozen=True)
class CertificateView:
    """A certificate as screens show it."""

    id: UUID
    staff_id: UUID
    code: str
    number: str
    valid_from: date
    expires_on: date | None
    revoked_on: date | None
    counts: bool


def may_do(staff_id: UUID, code: str, at: datetime) -> bool:
    """Tell whether a member of staff may do a kind of work on the day of ``at``; two statements.

    code: an order kind or a condition of the work that headquarters listed as a need, or a certificate's own code.
    Work without needs is open to all.
    """
    return not missing_for(staff_id, [code], at)


def missing_for(staff_id: UUID, works: Collection[str], at: datetime) -> tuple[str, ...]:
    """Return the certificate codes that these kinds of work need and the person does not hold; two statements."""
    needed = needs_of(works)
    if not needed:
        return ()
    return rules.missing(needed, certificates_held([staff_id], local_day(at)).get(staff_id, set()))


def missing_for_many(staff_ids: Collection[UUID], works: Collection[str], at: datetime) -> dict[UUID, tuple[str, ...]]:
    """Return per person the missing certificate codes; two statements whatever the number of people."""
    needed = needs_of(works)
    held = certificates_held(staff_ids, local_day(at)) if needed else {}
    return {staff_id: rules.missing(needed, held.get(staff_id, set())) for staff_id in staff_ids}


def needs_of(works: Collection[str]) -> set[str]:
    """Return the certificate codes that these kinds of work need; a certificate's own code needs itself."""
    return {code for (code,) in prepared.run(_NEEDED, {"works": list(works)})}


def certificates_held(staff_ids: Collection[UUID], day: date) -> dict[UUID, set[str]]:
    """Return per person the codes of the certificates that count on ``day``; one prepared statement."""
    held: dict[UUID, set[str]] = {}
    for staff_id, code, *span in prepared.run(_CERTIFICATES, {"people": list(staff_ids), "day": day}):
        if rules.Validity(*span).covers(day):
            held.setdefault(staff_id, set()).add(code)
    return held


def skills_of(staff_id: UUID, at: datetime) -> dict[str, int]:
    """Return a person's skills and levels on the day of ``at``; one statement."""
    return skills_of_many([staff_id], at)[staff_id]


def skills_of_many(staff_ids: Collection[UUID], at: datetime) -> dict[UUID, dict[str, int]]:
    """Return skills and levels per person; the newest entry of a code counts; one prepared statement."""
    found: dict[UUID, dict[str, int]] = {staff_id: {} for staff_id in staff_ids}
    for staff_id, code, level in prepared.run(_SKILLS, {"people": list(found), "day": local_day(at)}):
        found[staff_id][code] = level
    return found


def staff_with(skills: Mapping[str, int], at: datetime) -> set[UUID]:
    """Return who of the scope has all of these skills at least at their levels; one prepared statement."""
    asked = {"codes": list(skills), "levels": list(skills.values()), "day": local_day(at)}
    return {staff_id for (staff_id,) in prepared.run(_STAFF_WITH, asked)}


def certificates_of(staff_id: UUID, at: datetime) -> list[CertificateView]:
    """Return a person's certificates, the newest first; one statement."""
    return _views(Certificate.objects.filter(staff_id=staff_id).order_by("-valid_from"), local_day(at))


def expiring(before: date, *, at: datetime) -> list[CertificateView]:
    """Return certificates of the scope that end from today on and before a day, the next first; one statement."""
    day = local_day(at)
    rows = Certificate.objects.filter(revoked_on=None, expires_on__gte=day, expires_on__lt=before)
    return _views(rows.order_by("expires_on", "pk"), day)


def to_be_warned(day: date, threshold_days: int) -> list[Certificate]:
    """Return certificates that end within so many days and were not warned of at this threshold; one statement."""
    ending = Certificate.objects.filter(
        revoked_on=None, expires_on__gte=day, expires_on__lte=day + timedelta(days=threshold_days)
    )
    return list(ending.exclude(warnings__threshold_days=threshold_days).order_by("city_code", "expires_on", "pk"))


def _views(rows: Iterable[Certificate], day: date) -> list[CertificateView]:
    return [
        CertificateView(
            id=row.id,
            staff_id=row.staff_id,
            code=row.code,
            number=row.number,
            valid_from=row.valid_from,
            expires_on=row.expires_on,
            revoked_on=row.revoked_on,
            counts=row.validity.covers(day),
        )
        for row in rows
    ]


def warning_days(at: datetime) -> tuple[int, ...]:
    """Return how many days before its end a certificate is warned of, from the rulebook."""
    fields = ("first_days", "second_days", "last_days")
    return tuple(int(standards.parameter("academy.expiry", field, at=at)) for field in fields)
