"""Addresses of the control room."""

from django.urls import path

from yuanxin.web.desks.control_room import day_views, views

app_name = "control_room"
urlpatterns = [
    path("", views.board, name="board"),
    path("top/", views.board_top, name="top"),
    path("ticker/", views.ticker, name="ticker"),
    path("day/", day_views.day, name="day"),
    path("day/name/", day_views.name, name="name"),
    path("day/sign/", day_views.sign, name="sign"),
    path("day/<uuid:sign_off_id>/", day_views.signed, name="signed"),
    path("parked/", views.parked, name="parked"),
    path("parked/<int:delivery_id>/replay/", views.replay, name="replay"),
    path("jobs/<int:job_id>/revive/", views.revive, name="revive"),
]
