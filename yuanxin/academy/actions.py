"""Writes of ``academy``."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from yuanxin.academy import queries, rules
from yuanxin.academy.models import Certificate, CertificateKind, ExpiryWarning, Need, Skill
from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import Conflict, DomainError, NotFound, Refused
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.tenancy import ALL, current_scope, scope, scope_of
from yuanxin.kernel.time import local_day
from yuanxin.org import api as org
from yuanxin.published.academy import CertificateExpiring
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards


class HeadquartersOnly(Refused):
    """Kinds of certificates and needs are kept by headquarters."""

    code = "academy.headquarters_only"


class CertificateCodeUnknown(DomainError):
    """Headquarters lists no certificate of this code."""

    code = "academy.certificate_code_unknown"


class CertificateUnknown(NotFound):
    """There is no such certificate."""

    code = "academy.certificate_unknown"


class AlreadyRecorded(Conflict):
    """The person has an entry of this code from this day on."""

    code = "academy.already_recorded"


@command("academy.save_certificate_kind")
def save_certificate_kind(*, certificate_code: str, name_zh: str, name_en: str) -> UUID:
    """Create or rename a kind of certificate. Raises HeadquartersOnly."""
    _require_headquarters()
    row, _ = CertificateKind.objects.update_or_create(
        code=certificate_code, defaults={"name_zh": name_zh, "name_en": name_en}
    )
    return row.pk


@command("academy.save_need")
def save_need(*, work: str, certificate_code: str) -> UUID:
    """Let a kind of work need a certificate. Raises HeadquartersOnly, CertificateCodeUnknown."""
    _require_headquarters()
    row, _ = Need.objects.get_or_create(work=work, certificate=_kind(certificate_code))
    return row.pk


@command("academy.record_certificate")
def record_certificate(
    *,
    staff_id: UUID,
    code: str,
    valid_from: date,
    expires_on: date | None = None,
    number: str = "",
) -> UUID:
    """Record a certificate of a member of staff.

    Raises StaffUnknown, CertificateCodeUnknown, SpanReversed, AlreadyRecorded.
    """
    rules.Validity(valid_from, expires_on)
    _kind(code)
    org.staff(staff_id)
    _refuse_second(Certificate.objects.filter(staff_id=staff_id, code=code, valid_from=valid_from).exists(), code)
    row = Certificate.objects.create(
        staff_id=staff_id, code=code, number=number, valid_from=valid_from, expires_on=expires_on
    )
    return row.pk


@command("academy.revoke_certificate")
def revoke_certificate(*, certificate_id: UUID, on: date) -> None:
    """Let a certificate no longer count from a day on. Raises CertificateUnknown."""
    changed = Certificate.objects.filter(pk=certificate_id).update(revoked_on=on)
    if not changed:
        raise CertificateUnknown(certificate=str(certificate_id))


@command("academy.record_skill")
def record_skill(
    *, staff_id: UUID, code: str, level: int, valid_from: date, at: datetime, expires_on: date | None = None
) -> UUID:
    """Record a skill's level from a day on; a later entry of the same code replaces it.

    Raises StaffUnknown, LevelUnknown, SpanReversed, AlreadyRecorded.
    """
    rules.Validity(valid_from, expires_on)
    rules.check_level(level, int(standards.parameter("academy.skill", "highest_level", at=at)))
    org.staff(staff_id)
    _refuse_second(Skill.objects.filter(staff_id=staff_id, code=code, valid_from=valid_from).exists(), code)
    row = Skill.objects.create(staff_id=staff_id, code=code, level=level, valid_from=valid_from, expires_on=expires_on)
    return row.pk


@command("academy.warn_of_expiry")
def warn_of_expiry(*, at: datetime) -> int:
    """Tell once per certificate and threshold that it ends soon; two statements per threshold and one for the facts.

    Runs in the scope of headquarters. A certificate that crosses several thresholds at once is told once.
    """
    today = local_day(at)
    crossed: dict[UUID, Certificate] = {}
    for threshold in queries.warning_days(at):
        found = queries.to_be_warned(today, threshold)
        ExpiryWarning.objects.bulk_create(_warning(row, threshold, at) for row in found)
        crossed |= {row.pk: row for row in found}
    for row in crossed.values():
        _tell_expiry(row, at)
    return len(crossed)


def _warning(row: Certificate, threshold_days: int, at: datetime) -> ExpiryWarning:
    return ExpiryWarning(
        province_code=row.province_code,
        city_code=row.city_code,
        certificate=row,
        threshold_days=threshold_days,
        warned_at=at,
    )


def _tell_expiry(row: Certificate, at: datetime) -> None:
    if row.expires_on is None:
        return
    with scope(scope_of(row.province_code, row.city_code)):
        tell(
            CertificateExpiring(
                subject=ref("staff", row.staff_id),
                at=at,
                staff_id=row.staff_id,
                certificate_code=row.code,
                expires_on=row.expires_on,
            )
        )


def _require_headquarters() -> None:
    if current_scope() != ALL or settings.YUANXIN_DEPLOYMENT != "HQ":
        raise HeadquartersOnly(scope=current_scope())


def _kind(code: str) -> CertificateKind:
    found = CertificateKind.everything.filter(code=code).first()
    if found is None:
        raise CertificateCodeUnknown(field="code", certificate=code[:40])
    return found


def _refuse_second(exists: bool, code: str) -> None:
    if exists:
        raise AlreadyRecorded(field="valid_from", certificate=code)
