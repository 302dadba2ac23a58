"""The one search box: customers, places and devices by whatever somebody knows of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from yuanxin.parties.models import CustomerAddress, Estate
from yuanxin.parties.queries.people import customers
from yuanxin.parties.queries.places import view_of
from yuanxin.parties.queries.tokens import Wanted, customers_of_all, homes_at, places_of, subjects_of
from yuanxin.parties.queries.views import CustomerView, Found, Hit
from yuanxin.parties.rules.asking import Probe, Term, read_search
from yuanxin.parties.rules.errors import SearchTooWide
from yuanxin.published.refs import ref

_Subject = tuple[str, UUID, str]  # kind, id, the token that matched
_PLACE_HITS = 8
_LONGEST_STATEMENT_MS = 2_000


def search(text: str, limit: int = 20) -> list[Hit]:
    """Who or what may be meant by this text? See `find`."""
    return list(find(text, limit).hits)


def find(text: str, limit: int = 20) -> Found:
    """Who or what may be meant by this text? The best reading first; at most `limit` lines, 4-10 short statements.

    Several words must all hold (``张三 8000``). Raises SearchTooWide when it takes too long.
    """
    terms = read_search(text)
    if not terms:
        return Found((), False)
    with _limited_time():
        subjects, is_cut = _one(terms[0], limit) if len(terms) == 1 else _several(terms, limit)
        return Found(tuple(_hits(subjects)), is_cut)


def _one(term: Term, limit: int) -> tuple[list[_Subject], bool]:
    found: dict[tuple[str, UUID], str] = {}
    for probe in sorted(term.probes, key=_rank):
        for subject_id, subject_kind, token in subjects_of(probe, limit + 1):
            found.setdefault((subject_kind, subject_id), token)
        if len(found) > limit:
            break
    if term.place and len(found) <= limit:
        places = places_of(term.place)
        if not term.door:
            found |= {("estate", place): "" for place in _best_named(places, term.place)}
        for customer, token in homes_at(places, term.door, limit + 1):
            found.setdefault(("customer", customer), token)
    subjects = [(kind, id_, token) for (kind, id_), token in found.items()]
    return subjects[:limit], len(subjects) > limit


def _best_named(places: list[UUID], text: str) -> list[UUID]:
    """Put places whose name begins with the text first, then those that contain it, then those found by the street."""
    names = dict(Estate.objects.filter(id__in=places).values_list("id", "plain_name"))
    known = [place for place in places if place in names]
    known.sort(key=lambda place: (not names[place].startswith(text), text not in names[place], len(names[place])))
    return known[:_PLACE_HITS]


def _rank(probe: Probe) -> int:
    return probe.rank


def _several(terms: tuple[Term, ...], limit: int) -> tuple[list[_Subject], bool]:
    wanted = [Wanted(term, tuple(places_of(term.place)) if term.place else ()) for term in terms]
    if any(not (one.places or one.term.probes) for one in wanted):
        return [], False
    driver = min(wanted, key=_rank_of)
    found, is_cut = customers_of_all(driver, [one for one in wanted if one is not driver], limit)
    return [("customer", customer, "") for customer in found], is_cut


def _rank_of(one: Wanted) -> int:
    """A door says more than a name, a place less than the end of a phone number."""
    if one.term.door:
        return 1
    return max((probe.rank for probe in one.term.probes), default=3)


def _hits(subjects: list[_Subject]) -> Iterator[Hit]:
    ids = [id_ for kind, id_, _ in subjects if kind == "customer"]
    people, homes = customers(ids), _main_homes(ids)
    estates = Estate.objects.in_bulk([id_ for kind, id_, _ in subjects if kind == "estate"])
    for kind, id_, token in subjects:
        if kind == "customer" and id_ in people:
            yield _hit_of_customer(people[id_], homes.get(id_, ""))
        elif kind == "estate" and id_ in estates:
            place = estates[id_]
            yield Hit(ref("estate", id_), place.name, f"{place.town}{place.street}", "estate")
        elif kind == "device":
            yield Hit(ref("device", id_), token.upper(), "", "device")


def _hit_of_customer(customer: CustomerView, home: str) -> Hit:
    detail = " · ".join(part for part in (customer.phone_masked, customer.number, home) if part)
    return Hit(ref("customer", customer.id), customer.name_masked, detail, "customer")


def _main_homes(ids: list[UUID]) -> dict[UUID, str]:
    links: Any = CustomerAddress.objects.filter(customer__in=ids, ended_at=None).select_related("address")
    return {link.customer_id: view_of(link.address).text_masked for link in links.order_by("is_main")}


@contextmanager
def _limited_time() -> Iterator[None]:
    """Give the statements of the block a time limit each; a search must never hold the database."""
    set_limit = "SELECT set_config('statement_timeout', %s, true)"
    try:
        with transaction.atomic():
            before = connection.connection.execute("SHOW statement_timeout").fetchone()[0]
            connection.connection.execute(set_limit, [str(_LONGEST_STATEMENT_MS)])
            yield
            connection.connection.execute(set_limit, [before])
    except QueryCanceled:
        raise SearchTooWide from None
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise SearchTooWide from None
        raise
