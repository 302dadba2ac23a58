"""Saved filters: private to their owner, shared with a team, or shared with all of the city."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from yuanxin.kernel.acting import Acting, acting_as
from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.listing import change_filter, delete_filter, save_filter, saved_filters
from yuanxin.kernel.listing.saved import FilterNameMissing, FilterNameTaken, SharingUnknown
from yuanxin.kernel.models import SavedFilter
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests import make

pytestmark = pytest.mark.usefixtures("foshan")


def person(who: str, *units: str) -> Acting:
    return replace(make.acting("4406", who=f"staff:{who}"), units=units)


CHEN, LI, WANG = person("chen", "440604", "4406040001"), person("li", "440604"), person("wang", "440605")


def save(actor: Acting, name: str, *, sharing: str = "private", query: str = "state=open") -> UUID:
    with acting_as(actor):
        return save_filter(listing="tickets", name=name, query=query, sharing=sharing)


def seen_by(actor: Acting) -> list[str]:
    with acting_as(actor):
        return [view.name for view in saved_filters("tickets")]


def test_each_sharing_reaches_its_people() -> None:
    save(CHEN, "mine")
    save(CHEN, "ours", sharing="team")
    save(CHEN, "everybody's", sharing="all")
    assert seen_by(CHEN) == ["everybody's", "mine", "ours"]
    assert seen_by(LI) == ["everybody's", "ours"]
    assert seen_by(WANG) == ["everybody's"]
    with scope("4401"):
        assert seen_by(WANG) == []


def test_somebody_without_a_team_shares_with_nobody_but_himself() -> None:
    loner, other = person("loner"), person("other")
    save(loner, "ours", sharing="team")
    assert seen_by(loner) == ["ours"]
    assert seen_by(other) == []


def test_the_same_name_replaces_ones_own_and_leaves_that_of_others() -> None:
    save(CHEN, "late", query="a=1", sharing="all")
    save(CHEN, " late ", query="a=2", sharing="all")
    save(LI, "late", query="a=3", sharing="all")
    with acting_as(CHEN):
        assert [(view.query, view.is_mine) for view in saved_filters("tickets")] == [("a=2", True), ("a=3", False)]


def test_only_the_owner_removes_a_filter() -> None:
    kept = save(CHEN, "late", sharing="all")
    with acting_as(LI), pytest.raises(NotFound):
        delete_filter(filter_id=kept)
    with acting_as(CHEN):
        delete_filter(filter_id=kept)
    assert not SavedFilter.objects.exists()


def test_a_filter_needs_a_name_and_a_known_sharing() -> None:
    with pytest.raises(FilterNameMissing):
        save(CHEN, "  ")
    with pytest.raises(SharingUnknown) as caught:
        save(CHEN, "late", sharing="world")
    assert caught.value.field == "sharing"
    assert not SavedFilter.objects.exists()


def test_the_owner_renames_shares_and_pins_and_nobody_else_does() -> None:
    late = save(CHEN, "late", sharing="team")
    with acting_as(LI), pytest.raises(NotFound):
        change_filter(filter_id=late, name="mine now", sharing="all", is_pinned=True)
    with acting_as(CHEN):
        change_filter(filter_id=late, name=" later ", sharing="all", is_pinned=True)
    with acting_as(WANG):
        (shown,) = saved_filters("tickets")
    assert (shown.name, shown.sharing, shown.is_pinned, shown.is_mine) == ("later", "all", True, False)


def test_two_filters_of_one_list_keep_distinct_names() -> None:
    save(CHEN, "late")
    early = save(CHEN, "early")
    with acting_as(CHEN), pytest.raises(FilterNameTaken) as caught:
        change_filter(filter_id=early, name="late", sharing="private", is_pinned=False)
    assert caught.value.field == "name"
    assert seen_by(CHEN) == ["early", "late"]


def test_filters_are_found_by_the_pages_they_belong_to() -> None:
    with acting_as(CHEN):
        save_filter(listing="pool", name="red", query="x=1", path="/dispatch/", is_pinned=True)
        save_filter(listing="tickets", name="late", query="x=1", path="/service/tickets/")
        assert [view.name for view in saved_filters(path="/dispatch/")] == ["red"]
