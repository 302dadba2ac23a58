"""Saved filters 常用筛选 of lists: private, for the team, or for all of the city."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from yuanxin.kernel import acting
from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import DomainError, NotFound
from yuanxin.kernel.models import SavedFilter


class FilterNameMissing(DomainError):
    """A saved filter needs a name."""

    code = "kernel.filter_name_missing"


class SharingUnknown(DomainError):
    """A saved filter is private, shared with the team or shared with all."""

    code = "kernel.sharing_unknown"


@dataclass(frozen=True)
class SavedView:
    """A saved filter as it is shown. query: the URL's parameters."""

    id: UUID
    name: str
    query: str
    sharing: str
    is_mine: bool


def saved_filters(listing: str) -> list[SavedView]:
    """Return the filters of a list that the actor may use, by name; one statement."""
    actor = acting.current()
    mine = Q(owner=actor.who) | Q(sharing="all") | Q(sharing="team", unit__in=actor.units)
    rows = SavedFilter.objects.filter(mine, listing=listing).order_by("name")
    return [SavedView(row.pk, row.name, row.query, row.sharing, row.owner == actor.who) for row in rows]


@command("kernel.save_filter")
def save_filter(*, listing: str, name: str, query: str, sharing: str = "private") -> UUID:
    """Save or replace a filter under a name. Raises FilterNameMissing, SharingUnknown."""
    actor = acting.current()
    if not name.strip():
        raise FilterNameMissing(field="name")
    if sharing not in SavedFilter.Sharing.values:
        raise SharingUnknown(field="sharing", sharing=sharing[:20])
    kept, _ = SavedFilter.objects.update_or_create(
        listing=listing,
        owner=actor.who,
        name=name.strip()[:60],
        defaults={"query": query[:2000], "sharing": sharing, "unit": actor.units[0] if actor.units else ""},
    )
    kept_id: UUID = kept.id
    return kept_id


@command("kernel.delete_filter")
def delete_filter(*, filter_id: UUID) -> None:
    """Remove a filter of one's own. Raises NotFound."""
    removed, _ = SavedFilter.objects.filter(pk=filter_id, owner=acting.current().who).delete()
    if not removed:
        raise NotFound(filter=str(filter_id))
