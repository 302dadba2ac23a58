"""Versions of rulebooks: what stands above and below one, what the standards desk shows, the export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yuanxin.kernel.tenancy import once
from yuanxin.kernel.time import local_day
from yuanxin.standards.models import Publication, RulebookVersion, RuleEntry
from yuanxin.standards.queries.in_force import in_force
from yuanxin.standards.queries.promises import RuleWords, words_of
from yuanxin.standards.rules.entries import Entry, Layer, Rulebook, SourceKind
from yuanxin.standards.rules.errors import RuleUnknown
from yuanxin.standards.rules.plain_yaml import write
from yuanxin.standards.rules.reading import entry_of
from yuanxin.standards.rules.resolution import in_scope


@dataclass(frozen=True)
class VersionView:
    """A version 版本 as listed. effective_from counts once checked_by is filled."""

    id: UUID
    name: str
    layer: str
    org: str
    title_zh: str
    title_en: str
    effective_from: date
    made_by: str
    made_at: datetime
    checked_by: str
    is_in_force: bool


@dataclass(frozen=True)
class EntryView:
    """An entry as listed: its words and what it measures, as the file says it."""

    words: RuleWords
    status: str
    services: tuple[str, ...]
    areas: tuple[str, ...]
    measure: dict[str, object]
    version_id: UUID
    effective_from: date


def versions(*, at: datetime) -> list[VersionView]:
    """Return all versions, by name and newest first. Two queries."""
    newest = _newest(local_day(at))
    rows = RulebookVersion.everything.select_related("publication").defer("body").order_by("layer", "name", "-id")
    return [
        VersionView(
            id=row.id,
            name=row.name,
            layer=row.layer,
            org=row.org,
            title_zh=row.title_zh,
            title_en=row.title_en,
            effective_from=row.effective_from,
            made_by=row.made_by,
            made_at=row.made_at,
            checked_by=row.publication.checked_by if hasattr(row, "publication") else "",
            is_in_force=newest.get(row.name) == row.id,
        )
        for row in rows
    ]


def _newest(day: date) -> dict[str, UUID]:
    rows = Publication.everything.filter(effective_from__lte=day).order_by("effective_from", "published_at")
    return dict(rows.values_list("name", "version_id"))


@dataclass(frozen=True)
class VersionWords:
    """What a screen says of a version: its titles and the day from which it counts."""

    title_zh: str
    title_en: str
    effective_from: date


def version_words(version_id: UUID) -> VersionWords:
    """Return the words of one version; one statement, once per transaction. Raises RuleUnknown."""

    def read() -> VersionWords | None:
        row = RulebookVersion.everything.filter(pk=version_id).defer("body").first()
        return VersionWords(row.title_zh, row.title_en, row.effective_from) if row else None

    found = once(("standards.version_words", version_id), read)
    if found is None:
        raise RuleUnknown(entry=str(version_id))
    return found


def entries_of(version_id: UUID) -> list[EntryView]:
    """Return the entries of one version in the order of the file. One query. Raises RuleUnknown."""
    rows = list(RuleEntry.everything.filter(version_id=version_id).select_related("version").order_by("id"))
    if not rows:
        raise RuleUnknown(entry=str(version_id))
    return [_view(_built(row), row.version_id) for row in rows]


def entries_in_force(*, at: datetime) -> list[EntryView]:
    """Return every entry that speaks in the scope in force: active rules and drafts. One query when remembered."""
    found = in_force(at)
    return [_view(stored.entry, stored.version_id) for stored in found.by_code.values()]


def assumptions(*, at: datetime) -> list[EntryView]:
    """Return the rules that nobody should take for law: numbers assumed until the operator confirms them."""
    return [found for found in entries_in_force(at=at) if found.words.kind == SourceKind.ASSUMPTION]


def drafts(*, at: datetime) -> list[EntryView]:
    """Return the rules whose official text nobody has read yet 尚待核实."""
    return [found for found in entries_in_force(at=at) if found.status == "draft"]


def export(version_id: UUID) -> str:
    """Return a version as YAML; loading it gives the same content hash. Raises RuleUnknown."""
    body = RulebookVersion.everything.filter(pk=version_id).values_list("body", flat=True).first()
    if body is None:
        raise RuleUnknown(entry=str(version_id))
    return write(body)


def above(book: Rulebook, *, day: date) -> list[Entry]:
    """Return all entries of other rulebooks in upper layers and its own that bind its place on a day (drafts too)."""
    return [
        _built(row)
        for row in _rows(day)
        if Layer(row.version.layer) <= book.layer
        and row.version.name != book.name
        and in_scope(row.version.org, book.org)
    ]


def below(book: Rulebook, *, day: date) -> list[Rulebook]:
    """Return the rulebooks of lower layers in the book's place on a day."""
    found: dict[UUID, list[RuleEntry]] = {}
    for row in _rows(day):
        if Layer(row.version.layer) > book.layer and in_scope(book.org, row.version.org):
            found.setdefault(row.version_id, []).append(row)
    return [
        Rulebook(
            name=rows[0].version.name,
            layer=Layer(rows[0].version.layer),
            org=rows[0].version.org,
            title_zh=rows[0].version.title_zh,
            title_en=rows[0].version.title_en,
            effective_from=rows[0].version.effective_from,
            entries=tuple(_built(row) for row in rows),
            body={},
        )
        for rows in found.values()
    ]


def _rows(day: date) -> list[RuleEntry]:
    newest = _newest(day).values()
    return list(RuleEntry.everything.filter(version_id__in=newest).select_related("version").order_by("id"))


def _built(row: RuleEntry) -> Entry:
    version = row.version
    return entry_of(row.body, layer=version.layer, org=version.org, effective_from=version.effective_from)


def _view(entry: Entry, version_id: UUID) -> EntryView:
    return EntryView(
        words=words_of(entry),
        status=entry.status,
        services=tuple(sorted(entry.services)),
        areas=tuple(sorted(entry.areas)),
        measure=dict(entry.body["measure"]),
        version_id=version_id,
        effective_from=entry.effective_from,
    )
