"""Listing 列表: a context declares a list once; pages, filters, sorting, saved filters and Excel come from it."""

from yuanxin.kernel.listing.columns import Column, Filter, Kind
from yuanxin.kernel.listing.declare import COUNTED, PAGING, SIZES, Listing, Page, registry
from yuanxin.kernel.listing.saved import SavedView, change_filter, delete_filter, save_filter, saved_filters

__all__ = [
    "COUNTED",
    "PAGING",
    "SIZES",
    "Column",
    "Filter",
    "Kind",
    "Listing",
    "Page",
    "SavedView",
    "change_filter",
    "delete_filter",
    "registry",
    "save_filter",
    "saved_filters",
]
