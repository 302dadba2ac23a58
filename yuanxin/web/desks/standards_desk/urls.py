"""Addresses of the standards desk."""

from django.urls import path

from yuanxin.web.desks.standards_desk import views

app_name = "standards_desk"
urlpatterns = [
    path("", views.rulebooks, name="rulebooks"),
    path("assumptions/", views.assumptions, name="assumptions"),
    path("<uuid:version_id>/", views.version, name="version"),
]
