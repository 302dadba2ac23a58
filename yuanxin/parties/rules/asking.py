"""The one search box: what a typed text may mean, as probes into the token table."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from yuanxin.parties.rules.errors import PhoneNotValid
from yuanxin.parties.rules.names import comparable, is_chinese
from yuanxin.parties.rules.phone import PhoneKind, parse_phone
from yuanxin.parties.rules.tokens import TokenKind, door_groups, plain_serial

LONGEST_TEXT = 80
MOST_TERMS = 4
_DOOR = re.compile(r"(?:[0-9]+|[a-z])(?:号楼|栋|座|幢|单元|梯|层|楼|室|房|户|#|-|$)")
_DOOR_ONLY = re.compile(r"(?:[0-9a-z]+(?:号楼|栋|座|幢|单元|梯|层|楼|室|房|户|#|-)*)+")
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Probe:
    """One index look-up: token = low, or low <= token < high.

    rank: how few customers such a token usually has; the lowest of a search drives it.
    """

    kind: TokenKind
    low: str
    high: str = ""
    rank: int = 5


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the text and its readings: probes for customers, a place with a door behind it."""

    text: str
    probes: tuple[Probe, ...] = ()
    place: str = ""
    door: tuple[str, ...] = field(default=())

    @property
    def rank(self) -> int:
        """The rank of its least selective reading; a place stands between a last four and a name."""
        return max([probe.rank for probe in self.probes] + ([3] if self.place else []), default=9)


def read_search(text: str) -> tuple[Term, ...]:
    """Split a typed text into at most four terms which must all hold; words that say nothing are left out.

    A door (``3栋1201``) belongs to the place before it.
    """
    words = unicodedata.normalize("NFKC", text)[:LONGEST_TEXT].casefold().split()
    as_one = _as_phone("".join(words))
    if as_one is not None and len(words) > 1:
        return (as_one,)
    terms: list[Term] = []
    for word in words:
        previous = terms[-1] if terms else None
        if previous is not None and previous.place and _DOOR_ONLY.fullmatch(word) and _is_door(word):
            terms[-1] = Term(previous.text, (), previous.place, previous.door + door_groups(word))
            continue
        term = _read_word(word)
        if term.probes or term.place:
            terms.append(term)
    return tuple(terms[:MOST_TERMS])


def _is_door(word: str) -> bool:
    """Four bare digits are the end of a phone number, 3栋 or 120 are a door."""
    return not (word.isdigit() and len(word) >= 4)


def _read_word(word: str) -> Term:
    if is_chinese(word):
        return _read_chinese(word)
    plain = comparable(word)
    if plain.isdigit():
        return _read_digits(word, plain)
    probes: list[Probe] = []
    if plain.isalpha() and 2 <= len(plain) <= 16:
        probes.append(_prefix(TokenKind.INITIALS, plain, 4 if len(plain) > 2 else 6))
        probes.append(_prefix(TokenKind.NAME, plain, 4))
    serial = plain_serial(word)
    if len(serial) >= 5:
        probes.append(_prefix(TokenKind.SERIAL, serial, 0))
        probes.append(_prefix(TokenKind.NUMBER, plain, 0))
    return Term(word, tuple(probes))


def _read_digits(word: str, digits: str) -> Term:
    phone = _as_phone(word)
    probes = list(phone.probes) if phone else []
    if len(digits) == 4:
        probes.append(Probe(TokenKind.LAST_FOUR, digits, rank=2))
    elif len(digits) >= 5 and phone is None:
        probes.append(_prefix(TokenKind.PHONE, digits, 1 if len(digits) > 6 else 4))
    if len(digits) >= 5:
        probes.append(_prefix(TokenKind.SERIAL, digits, 0))
        probes.append(_prefix(TokenKind.NUMBER, digits, 0))
    return Term(word, tuple(probes))


def _as_phone(word: str) -> Term | None:
    try:
        phone = parse_phone(word)
    except PhoneNotValid:
        return None
    if phone.kind is PhoneKind.HOTLINE:
        return None
    return Term(word, (Probe(TokenKind.PHONE, phone.digits, rank=0),))


def _read_chinese(word: str) -> Term:
    place, door = _split_door(word)
    plain = comparable(place)
    if door:
        return Term(word, (), plain, door)
    probes = [_prefix(TokenKind.NAME, plain, 3 if len(plain) > 1 else 7)]
    if len(plain) == 2:
        probes.append(Probe(TokenKind.NAME_PART, plain, rank=4))
    return Term(word, tuple(probes), plain if len(plain) > 1 else "")


def _split_door(word: str) -> tuple[str, tuple[str, ...]]:
    for match in _DOOR.finditer(word):
        if match.start() >= 2 and _DOOR_ONLY.fullmatch(word, match.start()):
            return word[: match.start()], door_groups(word[match.start() :])
    return word, ()


def _prefix(kind: TokenKind, text: str, rank: int) -> Probe:
    return Probe(kind, text, text + _LAST, rank)


def has_door(token: str, asked: tuple[str, ...]) -> bool:
    """Tell whether the door of a home token (see `tokens.home_token`) has the asked groups in their order."""
    groups = iter(token.split("/")[1:])
    return all(any(group == wanted for group in groups) for wanted in asked)
