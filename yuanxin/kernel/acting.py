"""Who acts right now, for whom, from where. Web, workers and the simulation set it; commands read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from yuanxin.kernel.errors import NoActor, Refused


@dataclass(frozen=True)
class Acting:
    """The one who acts.

    who: text form of an actor of ``published.actors``, such as ``"staff:<uuid>"``.
    scope: ``"*"``, a province code (2 digits) or a city code (4 digits).
    permissions: codes ``"<context>.<action>"``; ``"<context>.*"`` and ``"*"`` stand for many.
    units: organisation units (codes) that bound what the actor sees below the city.
    """

    who: str
    scope: str
    permissions: frozenset[str] = frozenset()
    units: tuple[str, ...] = ()
    source: str = ""
    request_id: str = ""
    on_behalf_of: str = ""

    def may(self, permission: str) -> bool:
        """Tell whether one of the permissions covers this code."""
        return _covers(self.permissions, permission)

    def require(self, permission: str) -> None:
        """Raise Refused unless the actor has the permission."""
        if not self.may(permission):
            raise Refused(permission=permission)


@lru_cache(maxsize=4096)
def _covers(permissions: frozenset[str], wanted: str) -> bool:
    return "*" in permissions or wanted in permissions or wanted.split(".", 1)[0] + ".*" in permissions


_current: ContextVar[Acting] = ContextVar("acting")


def current() -> Acting:
    """Return who acts. Raises NoActor when nobody does."""
    try:
        return _current.get()
    except LookupError:
        raise NoActor from None


@contextmanager
def acting_as(acting: Acting) -> Iterator[Acting]:
    """Act as this one until the block ends."""
    before = _current.set(acting)
    try:
        yield acting
    finally:
        _current.reset(before)


def system(name: str, *, scope: str) -> Acting:
    """Return the platform itself as the one who acts, with every permission."""
    return Acting(who=f"system:{name}", scope=scope, permissions=frozenset({"*"}), source=name)
