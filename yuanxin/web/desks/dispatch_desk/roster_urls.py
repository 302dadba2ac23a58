"""Addresses of the roster and leave desk, below /dispatch/roster/."""

from django.urls import path

from yuanxin.web.desks.dispatch_desk import roster_requests, roster_views

ROSTER = [
    path("roster/", roster_views.roster, name="roster"),
    path("roster/fill/", roster_views.fill, name="roster_fill"),
    path("roster/copy/", roster_views.copy_week, name="roster_copy"),
    path("roster/cell/", roster_views.cell, name="roster_cell"),
    path("roster/file/", roster_views.file, name="roster_file"),
    path("roster/save/", roster_views.save, name="roster_save"),
    path("roster/requests/", roster_requests.requests, name="roster_requests"),
    path("roster/requests/decide/", roster_requests.decide, name="roster_decide"),
    path("roster/requests/leave/", roster_requests.record_leave, name="roster_leave"),
    path("roster/requests/lend/", roster_requests.lend, name="roster_lend"),
    path("roster/requests/exemption/", roster_requests.ask_exemption, name="roster_exemption"),
]
