"""Saved filters 常用筛选 of lists: private, for the team, or for all of the city; pinned ones show their count."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import Conflict, DomainError, NotFound
from yuanxin.kernel.models import SavedFilter


class FilterNameMissing(DomainError):
    """A saved filter needs a name."""

    code = "kernel.filter_name_missing"


class FilterNameTaken(Conflict):
    """A person's saved filters of one list have distinct names."""

    code = "kernel.filter_name_taken"


class SharingUnknown(DomainError):
    """A saved filter is private, shared with the team or shared with all."""

    code = "kernel.sharing_unknown"


@dataclass(frozen=True)
class SavedView:
    """A saved filter as it is shown. path and query: the page of the list and the parameters of its address."""

    id: UUID
    name: str
    query: str
    sharing: str
    is_mine: bool
    listing: str = ""
    path: str = ""
    is_pinned: bool = False


def saved_filters(listing: str = "", *, path: str = "") -> list[SavedView]:
    """Return the filters that the actor may use, by name; one statement.

    listing: only those of this list; path: only those of pages whose address begins so.
    """
    actor = acting.current()
    mine = Q(owner=actor.who) | Q(sharing="all") | Q(sharing="team", unit__in=actor.units)
    rows = SavedFilter.objects.filter(mine)
    if listing:
        rows = rows.filter(listing=listing)
    if path:
        rows = rows.filter(path__startswith=path)
    return [_view(row, actor.who) for row in rows.order_by("name", "pk")]


def _view(row: SavedFilter, who: str) -> SavedView:
    return SavedView(row.pk, row.name, row.query, row.sharing, row.owner == who, row.listing, row.path, row.is_pinned)


@command("kernel.save_filter")
def save_filter(
    *, listing: str, name: str, query: str, sharing: str = "private", path: str = "", is_pinned: bool = False
) -> UUID:
    """Save or replace a filter under a name. Raises FilterNameMissing, SharingUnknown."""
    actor = acting.current()
    kept, _ = SavedFilter.objects.update_or_create(
        listing=listing,
        owner=actor.who,
        name=_name(name),
        defaults={
            "query": query[:2000],
            "path": path[:200],
            "sharing": _sharing(sharing),
            "is_pinned": is_pinned,
            "unit": actor.units[0] if actor.units else "",
        },
    )
    kept_id: UUID = kept.id
    return kept_id


@command("kernel.change_filter")
def change_filter(*, filter_id: UUID, name: str, sharing: str, is_pinned: bool) -> None:
    """Rename, share or pin a filter of one's own.

    Raises NotFound, FilterNameMissing, FilterNameTaken, SharingUnknown.
    """
    name, sharing = _name(name), _sharing(sharing)
    mine = SavedFilter.objects.filter(pk=filter_id, owner=acting.current().who)
    try:
        with transaction.atomic():
            changed = mine.update(name=name, sharing=sharing, is_pinned=is_pinned)
    except IntegrityError:
        raise FilterNameTaken(field="name", name=name) from None
    if not changed:
        raise NotFound(filter=str(filter_id))


@command("kernel.delete_filter")
def delete_filter(*, filter_id: UUID) -> None:
    """Remove a filter of one's own. Raises NotFound."""
    removed, _ = SavedFilter.objects.filter(pk=filter_id, owner=acting.current().who).delete()
    if not removed:
        raise NotFound(filter=str(filter_id))


def _name(name: str) -> str:
    if not name.strip():
        raise FilterNameMissing(field="name")
    return name.strip()[:60]


def _sharing(sharing: str) -> str:
    if sharing not in SavedFilter.Sharing.values:
        raise SharingUnknown(field="sharing", sharing=sharing[:20])
    return sharing
