"""Saved filters: keep the one on the screen, and a page on which one's own are renamed, shared, pinned and removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yuanxin.kernel.errors import BadFilter, DomainError
from yuanxin.kernel.listing import SavedView, change_filter, delete_filter, registry, save_filter, saved_filters
from yuanxin.web.components.saved_views import count_of, sharing_choices
from yuanxin.web.components.words import error_words
from yuanxin.web.http.doors import page
from yuanxin.web.http.forms import DenseForm


class FilterForm(DenseForm):
    """The name of a saved filter, who may use it, and whether its desk shows it with its count."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, required=False)
    sharing = forms.ChoiceField(label=gettext_lazy("Who may use it"), required=False)
    is_pinned = forms.BooleanField(label=gettext_lazy("Pinned with its count"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sharing"].choices = sharing_choices()  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Shown:
    """A saved filter on its page; form: only for one's own."""

    view: SavedView
    title: str
    count: str
    form: FilterForm | None


@require_safe
@page("page.home")
def saved(request: HttpRequest) -> HttpResponse:
    """Show the filters that the person may use, one's own with what can be changed."""
    views = [_shown(view) for view in saved_filters()]
    mine, others = [one for one in views if one.form], [one for one in views if not one.form]
    return render(request, "components/saved_filters.html", {"mine": mine, "others": others})


@require_POST
@page("kernel.save_filter")
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters, order and columns of the list that was on the screen."""
    told = request.POST
    path = _page_of(told.get("path", ""))
    listing = told.get("listing", "")
    if listing not in registry:
        raise BadFilter(field="listing", listing=listing[:60])
    query = told.get("query", "").lstrip("?")
    try:
        save_filter(
            listing=listing,
            name=told.get("name", ""),
            query=query,
            sharing=told.get("sharing", "private"),
            path=path,
            is_pinned=bool(told.get("is_pinned")),
        )
        messages.success(request, _("The filter is saved."))
    except DomainError as error:
        messages.error(request, error_words(error))
    return redirect(f"{path}?{query}")


@require_POST
@page("kernel.change_filter")
def change(request: HttpRequest, filter_id: UUID) -> HttpResponse:
    """Rename, share or pin a filter."""
    form = FilterForm(request.POST, prefix=str(filter_id))
    if form.is_valid():
        told = form.cleaned_data
        try:
            change_filter(
                filter_id=filter_id,
                name=told["name"],
                sharing=told["sharing"] or "private",
                is_pinned=told["is_pinned"],
            )
            messages.success(request, _("The filter is saved."))
        except DomainError as error:
            messages.error(request, error_words(error))
    else:
        messages.error(request, _("Choose who may use the saved filter."))
    return redirect("web:saved_filters")


@require_POST
@page("kernel.delete_filter")
def delete(request: HttpRequest, filter_id: UUID) -> HttpResponse:
    """Remove a filter of one's own."""
    delete_filter(filter_id=filter_id)
    messages.success(request, _("The filter is removed."))
    return redirect("web:saved_filters")


def _shown(view: SavedView) -> Shown:
    initial = {"name": view.name, "sharing": view.sharing, "is_pinned": view.is_pinned}
    title = _(registry[view.listing].title) if view.listing in registry else view.listing
    return Shown(
        view, title, count_of(view), FilterForm(initial=initial, prefix=str(view.id)) if view.is_mine else None
    )


def _page_of(path: str) -> str:
    """Return the path when it is a page of ours. Raises BadFilter."""
    try:
        if path.startswith("//"):
            raise Resolver404
        resolve(path)
    except Resolver404:
        raise BadFilter(field="path", value=path[:60]) from None
    return path
