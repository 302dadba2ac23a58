"""Search tokens: what is written into the narrow token table for a person, a place or a device.

The table is read by equality and by ranges only, since only those keep their index under row-level security
(``LIKE`` and similarity do not). So the words are cut here, once, when they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from yuanxin.parties.rules.names import comparable, initials_of
from yuanxin.parties.rules.phone import Phone

LONGEST_TOKEN = 72
_DOOR_GROUP = re.compile(r"[0-9a-z]+")
_SERIAL_TAIL = 6


class TokenKind(StrEnum):
    """What a token is made of; one letter, because the table has millions of rows."""

    PHONE = "p"
    LAST_FOUR = "4"
    NAME = "n"
    NAME_PART = "b"
    INITIALS = "i"
    NUMBER = "u"
    SERIAL = "s"
    PLACE = "a"
    HOME = "h"


PERSON_KINDS = (
    TokenKind.PHONE, TokenKind.LAST_FOUR, TokenKind.NAME, TokenKind.NAME_PART, TokenKind.INITIALS, TokenKind.NUMBER,
    TokenKind.HOME,
)  # fmt: skip


class Token(NamedTuple):
    """One row of the table, without its subject."""

    kind: str
    text: str


def tokens_of_person(name: str, phones: Iterable[Phone], numbers: Iterable[str], homes: Iterable[str]) -> set[Token]:
    """Cut a customer: full name, inner bigrams, initials, phones, last fours, numbers, homes (see `home_token`)."""
    plain = comparable(name)
    cut = {Token(TokenKind.HOME.value, home) for home in homes}
    if plain:
        cut.add(Token(TokenKind.NAME.value, plain[:LONGEST_TOKEN]))
        cut.add(Token(TokenKind.INITIALS.value, initials_of(name)))
        # The first bigram is the beginning of the full name, which a range finds.
        cut.update(Token(TokenKind.NAME_PART.value, pair) for pair in bigrams(plain)[1:])
    for phone in phones:
        cut.add(Token(TokenKind.PHONE.value, phone.digits))
        cut.add(Token(TokenKind.LAST_FOUR.value, phone.last_four))
        if phone.local:
            cut.add(Token(TokenKind.PHONE.value, phone.local))
    cut.update(Token(TokenKind.NUMBER.value, comparable(number)) for number in numbers)
    return cut


def tokens_of_place(*texts: str) -> set[Token]:
    """Cut an estate, village or landmark: the bigrams of its name, street and town."""
    return {Token(TokenKind.PLACE.value, pair) for text in texts for pair in bigrams(comparable(text))}


def tokens_of_serial(serial: str) -> set[Token]:
    """Cut a serial number or MAC address: the whole, and the last six that people read aloud."""
    plain = plain_serial(serial)
    tails = {plain, plain[-_SERIAL_TAIL:]}
    return {Token(TokenKind.SERIAL.value, tail[:LONGEST_TOKEN]) for tail in tails if tail}


def plain_serial(serial: str) -> str:
    """AA:BB:CC-01 -> aabbcc01."""
    return comparable(serial).replace(":", "")


def home_token(place: str, door: str) -> str:
    """Return the token of a door: the id of its place (hex), then the door's groups: ``<place>/3/2/1201/``."""
    return "/".join((place, *door_groups(door), ""))[:LONGEST_TOKEN]


def door_groups(door: str) -> tuple[str, ...]:
    """3栋2单元1201室 -> ("3", "2", "1201")."""
    return tuple(_DOOR_GROUP.findall(comparable(door.replace("-", " ").replace(" ", "/"))))


def bigrams(text: str) -> list[str]:
    """Return the overlapping pairs of characters; a text of one character gives itself."""
    if len(text) < 2:
        return [text] if text else []
    return [text[i : i + 2] for i in range(len(text) - 1)]
