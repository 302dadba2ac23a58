"""Addresses of the administration desk."""

from django.urls import path

from yuanxin.web.desks.admin_desk import views

app_name = "admin_desk"
urlpatterns = [
    path("", views.accounts, name="accounts"),
    path("new/", views.create, name="create"),
    path("<uuid:staff_id>/", views.account, name="account"),
    path("<uuid:staff_id>/grant/", views.grant, name="grant"),
    path("<uuid:staff_id>/revoke/", views.revoke, name="revoke"),
    path("<uuid:staff_id>/activity/", views.activity, name="activity"),
]
