"""Facts that ``academy`` tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from yuanxin.kernel.fact import Fact


@dataclass(frozen=True, kw_only=True)
class CertificateExpiring(Fact):
    """A certificate of a member of staff ends soon."""

    staff_id: UUID
    certificate_code: str
    expires_on: date
