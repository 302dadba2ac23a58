"""The signed link of a customer's order 客户自助链接: no login, one order, an end.

A token names the city, the subject and the minute of its making, and nothing about the person.
"""

from __future__ import annotations

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from yuanxin.kernel.errors import NotFound
from yuanxin.published.refs import ref
from yuanxin.standards import api as standards

SALT = "yuanxin.customer_link"
HIDDEN = "…"
"""What stands in place of a link wherever somebody else than its customer reads the message."""

_SHAPE = struct.Struct(">BHI16s")
_KINDS = ("ticket", "work_order")


class LinkUnknown(NotFound):
    """The address is no link of ours: mistyped, cut off or invented."""

    code = "messaging.link_unknown"


class LinkExpired(NotFound):
    """The link was ours, and its time is over."""

    code = "messaging.link_expired"


@dataclass(frozen=True)
class Link:
    """What a token says. city: scope in which the subject lies; issued_at: domain time, to the minute."""

    city: str
    kind: str
    id: UUID
    issued_at: datetime

    @property
    def subject(self) -> str:
        """The ticket or work order, as a reference."""
        return ref(self.kind, self.id)


def token_of(subject: str, *, city: str, at: datetime) -> str:
    """Return the token of a ticket's or work order's link."""
    kind, _, id_ = subject.partition(":")
    packed = _SHAPE.pack(_KINDS.index(kind), int(city), int(at.timestamp()) // 60, UUID(id_).bytes)
    return signing.Signer(salt=SALT, sep=".").sign(urlsafe_b64encode(packed).rstrip(b"=").decode())


def read_token(token: str) -> Link:
    """Return what a token says; no statement. Raises LinkUnknown."""
    try:
        text = signing.Signer(salt=SALT, sep=".").unsign(token)
        kind, city, minutes, id_ = _SHAPE.unpack(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (signing.BadSignature, NotBase64, ValueError, struct.error):
        raise LinkUnknown from None
    return Link(f"{city:04d}", _KINDS[kind], UUID(bytes=id_), datetime.fromtimestamp(minutes * 60, UTC))


def require_open(link: Link, *, closed_at: datetime | None, at: datetime) -> None:
    """Raise LinkExpired when the link is too old, or its order closed too long ago. Rulebook ``customer.link``."""
    names = ("valid_days", "after_close_days")
    lasts, rests = (timedelta(days=standards.parameter("customer.link", name, at=at)) for name in names)
    if at > link.issued_at + lasts or (closed_at is not None and at > closed_at + rests):
        raise LinkExpired


def address_of(subject: str, *, city: str, at: datetime) -> str:
    """Return the whole address of the link, as a message carries it."""
    return f"{settings.YUANXIN_PUBLIC_URL}/c/{token_of(subject, city=city, at=at)}/"
