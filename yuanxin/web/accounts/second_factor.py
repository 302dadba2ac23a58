"""Secrets of the second factor rest encrypted: who reads the table cannot make codes."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class SecondFactorAdapter(DefaultMFAAdapter):
    """Encrypts with a key derived from the installation's secret key."""

    def encrypt(self, text: str) -> str:
        """Return what is stored."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret again."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    key = salted_hmac("yuanxin.second_factor", "key", secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return Fernet(urlsafe_b64encode(key))
