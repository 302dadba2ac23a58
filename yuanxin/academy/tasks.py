"""The sweep of certificates that end soon."""

from __future__ import annotations

from datetime import datetime

from yuanxin.academy.actions import warn_of_expiry
from yuanxin.kernel.ticks import every


@every(seconds=60)
def warn_of_expiring_certificates(at: datetime) -> None:
    """Warn once per certificate and threshold."""
    warn_of_expiry(at=at)
