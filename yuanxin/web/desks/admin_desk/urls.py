"""Addresses of the import of addresses; the configuration pages stand under ``/admin/``."""

from django.urls import path

from yuanxin.web.desks.admin_desk import views

app_name = "admin_desk"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("<uuid:batch_id>/", views.preview, name="preview"),
    path("<uuid:batch_id>/commit/", views.commit, name="commit"),
    path("<uuid:batch_id>/discard/", views.discard, name="discard"),
]
