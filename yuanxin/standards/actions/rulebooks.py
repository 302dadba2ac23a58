"""Rulebook versions: drafted by one person, published by another; the database is the truth, YAML seed and export."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.outbox import tell
from yuanxin.kernel.tenancy import ALL, HQ, codes_of, read_again
from yuanxin.kernel.time import Calendar, local_day
from yuanxin.published.refs import ref
from yuanxin.published.standards import RulebookPublished
from yuanxin.standards.models import Publication, RulebookVersion, RuleEntry
from yuanxin.standards.queries.in_force import calendar
from yuanxin.standards.queries.seeds import prove_all, read_seeds, schema
from yuanxin.standards.queries.versions import above, below
from yuanxin.standards.rules.entries import Entry, Rulebook
from yuanxin.standards.rules.errors import (
    AlreadyPublished,
    EffectiveInPast,
    MakerIsChecker,
    RuleUnknown,
)
from yuanxin.standards.rules.reading import build_rulebook, content_hash, read_rulebook
from yuanxin.standards.rules.strictness import prove

SEED = "system:seed"


@dataclass(frozen=True)
class LoadResult:
    """What a load did, by rulebook name: published now, the same as before, or other than the database (left alone)."""

    published: tuple[str, ...]
    unchanged: tuple[str, ...]
    differing: tuple[str, ...]


@command("standards.load_rulebooks")
def load_rulebooks(*, at: datetime) -> LoadResult:
    """Publish the seed files whose rulebook the database does not know yet; never overwrite one that it knows.

    A seed comes with the product, so nobody checks it a second time; it is proved like any other version.
    Run it in the scope of headquarters. Raises the errors of reading and of the proof, and then nothing is loaded.
    """
    books = read_seeds()
    prove_all(books, calendar())
    return publish_seeds(books, at=at)


def publish_seeds(books: Iterable[Rulebook], *, at: datetime) -> LoadResult:
    """Store and publish those books whose name the database does not know. For books that were proved before."""
    books = tuple(books)
    known: dict[str, str] = {}
    for name, digest in RulebookVersion.everything.order_by("made_at", "id").values_list("name", "content_hash"):
        known.setdefault(name, "")
        known[name] += digest + " "
    fresh = [book for book in books if book.name not in known]
    for book in fresh:
        version = _store(book, made_by=SEED, at=at)
        _publish(version, checked_by=SEED, at=at)
    same = [b.name for b in books if b.name in known and content_hash(b.body) in known[b.name]]
    return LoadResult(
        published=tuple(book.name for book in fresh),
        unchanged=tuple(same),
        differing=tuple(b.name for b in books if b.name in known and b.name not in same),
    )


@command("standards.draft_version")
def draft_version(*, text: str, file: str, at: datetime) -> UUID:
    """Store a version that binds nobody yet, after reading and proving it. Returns its id.

    Raises the errors of `read_rulebook` and `prove`, and AlreadyPublished for the content of an older version.
    """
    return _draft(read_rulebook(text, file=file, schema=schema()), at)


@command("standards.draft_data")
def draft_data(*, data: dict[str, Any], at: datetime) -> UUID:
    """The same from plain data, as the editor sends it."""
    return _draft(build_rulebook(data, file=str(data.get("rulebook", {}).get("name", ""))[:80], schema=schema()), at)


def _draft(book: Rulebook, at: datetime) -> UUID:
    prove(book, above(book, day=max(book.effective_from, local_day(at))), calendar())
    return _store(book, made_by=acting.current().who, at=at).id


@dataclass(frozen=True)
class Published:
    """A version that binds from `effective_from` on. looser_below: entries of lower layers that it overtook; the
    stricter rule binds anyway, so they only have lost their meaning."""

    version_id: UUID
    effective_from: date
    looser_below: tuple[str, ...]


@command("standards.publish_version")
def publish_version(*, version_id: UUID, at: datetime) -> Published:
    """Publish a draft: a second person, no day in the past, proved again against what is in force now.

    Raises RuleUnknown, MakerIsChecker, AlreadyPublished, EffectiveInPast, and the errors of the proof.
    """
    version = RulebookVersion.everything.filter(pk=version_id).first()
    if version is None:
        raise RuleUnknown(entry=str(version_id))
    if version.made_by == acting.current().who:
        raise MakerIsChecker(version=str(version_id))
    if Publication.everything.filter(version=version).exists():
        raise AlreadyPublished(version=str(version_id))
    if version.effective_from < local_day(at):
        raise EffectiveInPast(effective_from=version.effective_from.isoformat(), today=local_day(at).isoformat())
    days = calendar()
    book = build_rulebook(version.body, file=version.name, schema=schema())
    prove(book, above(book, day=version.effective_from), days)
    _publish(version, checked_by=acting.current().who, at=at)
    return Published(
        version_id=version.id,
        effective_from=version.effective_from,
        looser_below=tuple(_overtaken(book, days)),
    )


def _overtaken(book: Rulebook, days: Calendar) -> Iterable[str]:
    for lower in below(book, day=book.effective_from):
        for entry in lower.entries:
            try:
                prove(_only(lower, entry), book.entries, days)
            except DomainError:
                yield entry.id


def _only(book: Rulebook, entry: Entry) -> Rulebook:
    return Rulebook(
        name=book.name,
        layer=book.layer,
        org=book.org,
        title_zh=book.title_zh,
        title_en=book.title_en,
        effective_from=book.effective_from,
        entries=(entry,),
        body=book.body,
    )


def _store(book: Rulebook, *, made_by: str, at: datetime) -> RulebookVersion:
    province_code, city_code = codes_of(ALL if book.org == HQ else book.org)
    version = RulebookVersion(
        province_code=province_code,
        city_code=city_code,
        name=book.name,
        layer=book.layer,
        org=book.org,
        title_zh=book.title_zh,
        title_en=book.title_en,
        effective_from=book.effective_from,
        content_hash=content_hash(book.body),
        body=book.body,
        made_by=made_by,
        made_at=at,
    )
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError:
        raise AlreadyPublished(version=book.name) from None
    RuleEntry.objects.bulk_create([_row(entry, version) for entry in book.entries])
    return version


def _row(entry: Entry, version: RulebookVersion) -> RuleEntry:
    return RuleEntry(
        province_code=version.province_code,
        city_code=version.city_code,
        version=version,
        code=entry.id,
        topic=entry.topic,
        title_zh=entry.title_zh,
        title_en=entry.title_en,
        status=entry.status,
        source_kind=entry.source.kind,
        grade=entry.source.grade,
        effective_from=entry.effective_from,
        body=entry.body,
    )


def _publish(version: RulebookVersion, *, checked_by: str, at: datetime) -> None:
    Publication.objects.create(
        province_code=version.province_code,
        city_code=version.city_code,
        version=version,
        name=version.name,
        org=version.org,
        effective_from=version.effective_from,
        checked_by=checked_by,
        published_at=at,
    )
    read_again()
    tell(
        RulebookPublished(
            subject=ref("rulebook_version", version.id),
            at=at,
            version_id=version.id,
            layer=version.layer,
            effective_from=version.effective_from,
        )
    )
