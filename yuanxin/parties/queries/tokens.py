"""Reading the token table: short statements that stop early, in the shape that keeps the index under the policy.

Every statement names its kind and a token or a range of tokens, adds the scope's filter, and has a limit.
The driving probe gives at most CANDIDATES customers; the other terms are looked up by primary key for each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from yuanxin.kernel.tenancy import ALL, current_scope
from yuanxin.parties.rules.asking import Probe, Term, has_door
from yuanxin.parties.rules.tokens import TokenKind, bigrams

CANDIDATES = 2_000
PLACES = 20
_POSTINGS = 2_000
# The few tokens of one subject, by the primary key. OFFSET 0 keeps the conditions outside: the planner would walk
# through all tokens of a common range instead, once per candidate.
_OF_SUBJECT = "(SELECT s.kind, s.token FROM parties_searchtoken s WHERE s.subject_id = {subject} OFFSET 0) o"


@dataclass
class _Statement:
    """A statement under construction; the texts are ours, every value is a parameter."""

    text: str = ""
    values: list[Any] = field(default_factory=list)

    def add(self, text: str, *values: object) -> None:
        self.text += text
        self.values.extend(values)

    def rows(self) -> list[tuple[Any, ...]]:
        return connection.connection.execute(self.text, self.values).fetchall()


def _of_scope(alias: str) -> tuple[str, list[str]]:
    code = current_scope()
    if code == ALL:
        return "", []
    return f" AND {alias}.{'city_code' if len(code) == 4 else 'province_code'} = %s", [code]


def _match(alias: str, probe: Probe) -> tuple[str, list[str]]:
    if probe.high:
        return (
            f"{alias}.kind = %s AND {alias}.token >= %s AND {alias}.token < %s",
            [probe.kind.value, probe.low, probe.high],
        )
    return f"{alias}.kind = %s AND {alias}.token = %s", [probe.kind.value, probe.low]


def _read(statement: _Statement, probe: Probe, limit: int, subject_kind: str = "") -> None:
    """Append one index range, in the order of the index, so that the limit ends it early."""
    text, values = _match("t", probe)
    scope, codes = _of_scope("t")
    statement.add(
        f"(SELECT t.subject_id, t.subject_kind, t.token FROM parties_searchtoken t WHERE {text}{scope}",  # noqa: S608
        *values,
        *codes,
    )
    if subject_kind:
        statement.add(" AND t.subject_kind = %s", subject_kind)
    statement.add(" ORDER BY t.token LIMIT %s)", limit)


def subjects_of(probe: Probe, limit: int) -> list[tuple[UUID, str, str]]:
    """Return up to `limit` (subject id, subject kind, token) of one probe. One statement."""
    statement = _Statement()
    _read(statement, probe, limit)
    return statement.rows()


def places_of(text: str) -> list[UUID]:
    """Which places have all pairs of characters of this text? At most PLACES; two statements.

    The rarest pair drives; how rare is counted up to a bound only.
    """
    pairs = sorted(set(bigrams(text)))
    counted = _Statement()
    scope, codes = _of_scope("t")
    counted.add(
        "SELECT p.pair, (SELECT count(*) FROM (SELECT 1 FROM parties_searchtoken t"  # noqa: S608
        f" WHERE t.kind = %s AND t.token = p.pair{scope} LIMIT %s) s) FROM unnest(%s::text[]) AS p(pair)",
        TokenKind.PLACE.value,
        *codes,
        _POSTINGS,
        pairs,
    )
    counts = dict(counted.rows())
    rarest = min(pairs, key=lambda pair: counts[pair])
    if not counts[rarest]:
        return []
    statement = _Statement("SELECT d.subject_id FROM ")
    _read(statement, Probe(TokenKind.PLACE, rarest), _POSTINGS)
    statement.add(
        f" d CROSS JOIN LATERAL (SELECT count(*) AS n FROM {_OF_SUBJECT.format(subject='d.subject_id')}"  # noqa: S608
        " WHERE o.kind = %s AND o.token = ANY(%s)) q WHERE q.n = %s LIMIT %s",
        TokenKind.PLACE.value,
        pairs,
        len(pairs),
        PLACES,
    )
    return [row[0] for row in statement.rows()]


def homes_at(places: Sequence[UUID], door: tuple[str, ...], limit: int) -> list[tuple[UUID, str]]:
    """Return up to `limit` (customer id, home token) at these places behind this door. One to three statements.

    People leave groups of a door out (``3栋1201`` for ``3栋2单元1201``), so the reading gets wider until it finds.
    """
    tried: set[tuple[str, ...]] = set()
    for start in (door, door[:1], ()):
        if start not in tried:
            tried.add(start)
            found = _homes(places, start, limit if start == door else CANDIDATES)
            matching = [(customer, token) for customer, token in found if has_door(token, door)]
            if matching:
                return matching[:limit]
    return []


def _homes(places: Sequence[UUID], first: tuple[str, ...], limit: int) -> list[tuple[UUID, str]]:
    statement = _Statement()
    for index, place in enumerate(places):
        statement.add(" UNION ALL " if index else "SELECT * FROM (")
        _read(statement, _home_probe(place, first), limit)
    statement.add(") h LIMIT %s", limit)
    return [(row[0], row[2]) for row in statement.rows()] if places else []


def _home_probe(place: UUID, first: tuple[str, ...]) -> Probe:
    start = "/".join((place.hex, *first))
    return Probe(TokenKind.HOME, start + "/", start + "0")  # "0" is the character after "/"


@dataclass(frozen=True)
class Wanted:
    """A term with its places looked up."""

    term: Term
    places: tuple[UUID, ...] = ()


def customers_of_all(driver: Wanted, others: Sequence[Wanted], limit: int) -> tuple[list[UUID], bool]:
    """Which customers satisfy the driver and every other term? Also whether candidates were left unlooked at."""
    candidates = _candidates(driver)
    is_cut = len(candidates) >= CANDIDATES
    if not candidates:
        return [], False
    statement = _Statement("SELECT d.id FROM unnest(%s::uuid[]) WITH ORDINALITY AS d(id, nth)", [candidates])
    statement.add(" CROSS JOIN LATERAL (SELECT TRUE")
    for other in others:
        statement.add(" AND bool_or(FALSE")
        _matches_term(statement, other)
        statement.add(")")
    statement.add(f" AS fits FROM {_OF_SUBJECT.format(subject='d.id')}) q WHERE q.fits")
    statement.add(" ORDER BY d.nth LIMIT %s", limit + 1)
    found = [row[0] for row in statement.rows()]
    return found[:limit], is_cut or len(found) > limit


def _matches_term(statement: _Statement, wanted: Wanted) -> None:
    for probe in wanted.term.probes:
        text, values = _match("o", probe)
        statement.add(f" OR ({text})", *values)
    if wanted.places:
        places = [place.hex for place in wanted.places]
        statement.add(" OR (o.kind = %s AND left(o.token, 32) = ANY(%s))", TokenKind.HOME.value, places)


def _candidates(driver: Wanted) -> list[UUID]:
    statement = _Statement()
    for index, probe in enumerate(driver.term.probes):
        statement.add(" UNION ALL " if index else "")
        _read(statement, probe, CANDIDATES, "customer")
    rows = statement.rows() if statement.text else []
    found = [row[0] for row in rows]
    if driver.places:
        found += [customer for customer, _ in homes_at(driver.places, driver.term.door, CANDIDATES)]
    return list(dict.fromkeys(found))[:CANDIDATES]
