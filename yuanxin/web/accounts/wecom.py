"""企业微信: a port in its shape (authorise address, code, exchange for a staff number) and a simulator."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "yuanxin.wecom"
CODE_SECONDS = 60


class WorkWeChat(Protocol):
    """What sign-in needs of 企业微信."""

    def authorise_address(self, *, redirect_to: str, state: str) -> str:
        """Return where the browser goes to prove who it is."""

    def number_of(self, code: str) -> str | None:
        """Exchange the one-time code for a staff number; None when it is worth nothing."""


class Simulator:
    """Invented demo staff stand for 企业微信: a page lists them, one click gives the code."""

    def authorise_address(self, *, redirect_to: str, state: str) -> str:
        """Return our own page of demo staff."""
        query = urlencode({"redirect_uri": redirect_to, "state": state})
        return f"{reverse('accounts:wecom_simulator')}?{query}"

    def code_for(self, number: str) -> str:
        """Issue the code of one member of staff."""
        return signing.dumps(number, salt=SALT)

    def number_of(self, code: str) -> str | None:
        """Open a code of at most a minute's age."""
        try:
            return str(signing.loads(code, salt=SALT, max_age=CODE_SECONDS))
        except signing.BadSignature:
            return None


def port() -> WorkWeChat | None:
    """Return the configured port; None when 企业微信 is not used."""
    return Simulator() if settings.YUANXIN_SIMULATORS else None
