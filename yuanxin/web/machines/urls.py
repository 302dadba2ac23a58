"""Addresses of the machines' doors."""

from django.urls import path

from yuanxin.web.machines import views

app_name = "machines"
urlpatterns = [
    path("positions", views.positions, name="positions"),
    path("heartbeats", views.heartbeats, name="heartbeats"),
    path("calls/<uuid:attempt_id>/end", views.call_end, name="call_end"),
]
