"""Addresses of the technician pages."""

from django.urls import path

from yuanxin.web.technician import call_views, claim_views, roster_views, shell, sync_views, views
from yuanxin.web.technician.steps import STEPS

app_name = "technician"
urlpatterns = [
    path("", views.today, name="today"),
    path("queue/", shell.queue, name="queue"),
    path("worker.js", shell.worker, name="worker"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("today.json", sync_views.today, name="today_data"),
    path("sync/", sync_views.sync, name="sync"),
    path("evidence/", sync_views.evidence, name="evidence"),
    path("message/", sync_views.message, name="message"),
    path("earned/", views.earned, name="earned"),
    path("roster/", roster_views.roster, name="roster"),
    path("roster/leave/", roster_views.ask_leave, name="roster_leave"),
    path("roster/withdraw/", roster_views.withdraw, name="roster_withdraw"),
    path("claim/", claim_views.claims, name="claims"),
    path("claim/<uuid:work_order_id>/", claim_views.take, name="take"),
    path("<uuid:work_order_id>/", views.visit, name="visit"),
    *(path(f"<uuid:work_order_id>/{name}/", views.step, {"step": name}, name=name) for name in STEPS),
    path("<uuid:work_order_id>/calls/", call_views.calls, name="calls"),
    path("<uuid:work_order_id>/call/", call_views.call, name="call"),
    path("<uuid:work_order_id>/call/direct/", call_views.call_directly, name="call_directly"),
]
