"""People of the web stories: committed staff with a password, and clients signed in as them."""

from __future__ import annotations

from itertools import count
from uuid import UUID

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client

from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.org.tests import make as org_make

PASSWORD = "zhong-tai-2026"
_phones = count(13800000001)


def staff(*roles: str, city: str = "4406", password: str | None = PASSWORD) -> UUID:
    """Make a member of staff of a city with these roles."""
    with transaction.atomic(), scope(city), acting_as(kernel_make.acting(city)):
        return org_make.staff(*roles, phone=str(next(_phones)), password=password)


def number_of(staff_id: UUID) -> str:
    """Return the staff number of a member of staff."""
    return str(get_user_model().objects.get(pk=staff_id).number)


def client(*roles: str, city: str = "4406", language: str = "zh-hans") -> Client:
    """Return a browser in which a fresh member of staff with these roles is signed in."""
    return client_of(staff(*roles, city=city, password=None), language=language)


def client_of(staff_id: UUID, *, language: str = "zh-hans") -> Client:
    """Return a browser in which this member of staff is signed in, an administrator with a second factor."""
    browser, user = Client(), get_user_model().objects.get(pk=staff_id)
    if user.has_perm("page.admin") and not is_mfa_enabled(user):
        TOTP.activate(user, generate_totp_secret())
    browser.force_login(user)
    browser.cookies["django_language"] = language
    return browser
