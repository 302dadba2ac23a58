"""Staff at the door: found by number or phone, before any scope is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.utils.translation import get_language

from yuanxin.org import api as org

SHOWN_PER_ROLE = 30


@dataclass(frozen=True)
class SimulatedPerson:
    """One button of the 企业微信 simulator."""

    number: str
    name: str
    role_words: str


class StaffBackend(ModelBackend):
    """Number 工号 or phone with the password. An unknown login costs as much time as a wrong password."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        login: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Return the one active member of staff whose password this is, or None."""
        wanted = (login or username or "").strip()
        if not wanted or not password:
            return None
        user = active_staff(wanted)
        if user is None:
            get_user_model()().set_password(password)
            return None
        return user if user.check_password(password) else None


def active_staff(login: str) -> Any:
    """Return the only active member of staff with this number or phone, or None."""
    found = [] if "\x00" in login else org.sign_in_candidates(login)
    if len(found) != 1:
        return None
    return get_user_model().objects.filter(pk=found[0], is_active=True).first()


def simulated_staff() -> list[SimulatedPerson]:
    """Return the invented staff role by role, for the simulator's page and the sign-in page of a demo."""
    english = get_language() == "en"
    return [
        SimulatedPerson(person.number, person.name, rule.name_en if english else rule.name_zh)
        for role, rule in org.known_roles().items()
        for person in _with_role(role)
    ]


def _with_role(role: str) -> Any:
    people = get_user_model().objects.filter(is_active=True, grants__role=role, grants__revoked_at=None)
    return people.order_by("number")[:SHOWN_PER_ROLE]
