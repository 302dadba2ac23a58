"""Addresses of the simulators' pages."""

from django.urls import path

from yuanxin.web.desks.simulator_desk import views

app_name = "simulator_desk"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<uuid:message_id>/resend/", views.resend, name="resend"),
]
