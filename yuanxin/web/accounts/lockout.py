"""Lock-out of one account-and-address pair; somebody else's failures never lock the account's owner out."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from yuanxin.web.accounts.models import SignInFailure


def is_locked(login: str, address: str, *, at: datetime) -> bool:
    """Tell whether this pair has used up its failures. Later callers wait until this transaction ends.

    at: wall time, aware.
    """
    account = _hash(login)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_lock_number(account, address)])
    since = at - timedelta(minutes=settings.YUANXIN_SIGN_IN_LOCK_MINUTES)
    failures = SignInFailure.objects.filter(account=account, address=address, failed_at__gt=since).count()
    return failures >= settings.YUANXIN_SIGN_IN_FAILURES


def remember_failure(login: str, address: str, *, at: datetime) -> None:
    """Count one failure of the pair."""
    SignInFailure.objects.create(account=_hash(login), address=address, failed_at=at)


def forget_failures(login: str, address: str) -> None:
    """Start anew after a success."""
    SignInFailure.objects.filter(account=_hash(login), address=address).delete()


def _hash(login: str) -> str:
    return salted_hmac("yuanxin.sign_in", login.strip().lower(), algorithm="sha256").hexdigest()


def _lock_number(account: str, address: str) -> int:
    digest = hashlib.sha256(f"{account} {address}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
