"""Addresses of the technician pages."""

from django.urls import path

from yuanxin.web.technician import call_views, shell, sync_views, views

app_name = "technician"
urlpatterns = [
    path("", views.today, name="today"),
    path("queue/", shell.queue, name="queue"),
    path("worker.js", shell.worker, name="worker"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("today.json", sync_views.today, name="today_data"),
    path("sync/", sync_views.sync, name="sync"),
    path("earned/", views.earned, name="earned"),
    path("<uuid:work_order_id>/", views.visit, name="visit"),
    path("<uuid:work_order_id>/accept/", views.accept, name="accept"),
    path("<uuid:work_order_id>/depart/", views.depart, name="depart"),
    path("<uuid:work_order_id>/arrive/", views.arrive, name="arrive"),
    path("<uuid:work_order_id>/start/", views.start, name="start"),
    path("<uuid:work_order_id>/finish/", views.finish, name="finish"),
    path("<uuid:work_order_id>/return/", views.give_back, name="return"),
    path("<uuid:work_order_id>/calls/", call_views.calls, name="calls"),
    path("<uuid:work_order_id>/call/", call_views.call, name="call"),
    path("<uuid:work_order_id>/call/direct/", call_views.call_directly, name="call_directly"),
]
