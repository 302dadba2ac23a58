"""Listing 列表: a context declares a list once; pages, filters, sorting, saved filters and Excel come from it."""

from yuanxin.kernel.listing.declare import Column, Filter, Kind, Listing, Page
from yuanxin.kernel.listing.saved import SavedView, delete_filter, save_filter, saved_filters

__all__ = [
    "Column",
    "Filter",
    "Kind",
    "Listing",
    "Page",
    "SavedView",
    "delete_filter",
    "save_filter",
    "saved_filters",
]
