"""Addresses of the control room."""

from django.urls import path

from yuanxin.web.desks.control_room import views

app_name = "control_room"
urlpatterns = [
    path("", views.board, name="board"),
    path("parked/", views.parked, name="parked"),
    path("parked/<int:delivery_id>/replay/", views.replay, name="replay"),
]
