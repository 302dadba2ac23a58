"""The door of ``academy``."""

from yuanxin.academy.actions import (
    AlreadyRecorded,
    CertificateCodeUnknown,
    CertificateUnknown,
    HeadquartersOnly,
    record_certificate,
    record_skill,
    revoke_certificate,
    save_certificate_kind,
    save_need,
)
from yuanxin.academy.queries import (
    CertificateView,
    certificates_of,
    expiring,
    may_do,
    missing_for,
    missing_for_many,
    skills_of,
    skills_of_many,
    staff_with,
)
from yuanxin.academy.rules import LevelUnknown, SpanReversed

__all__ = [
    "AlreadyRecorded",
    "CertificateCodeUnknown",
    "CertificateUnknown",
    "CertificateView",
    "HeadquartersOnly",
    "LevelUnknown",
    "SpanReversed",
    "certificates_of",
    "expiring",
    "may_do",
    "missing_for",
    "missing_for_many",
    "record_certificate",
    "record_skill",
    "revoke_certificate",
    "save_certificate_kind",
    "save_need",
    "skills_of",
    "skills_of_many",
    "staff_with",
]
