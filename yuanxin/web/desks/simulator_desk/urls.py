"""Addresses of the simulators' pages."""

from django.urls import path

from yuanxin.web.desks.simulator_desk import call_views, views

app_name = "simulator_desk"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<uuid:message_id>/resend/", views.resend, name="resend"),
    path("calls/", call_views.calls, name="calls"),
    path("calls/<uuid:call_id>/give-up/", call_views.give_up, name="give_up"),
]
