"""Addresses of the quality desk."""

from django.urls import path

from yuanxin.web.desks.quality_desk import views

app_name = "quality_desk"
urlpatterns = [
    path("", views.outcomes, name="outcomes"),
    path("<uuid:work_order_id>/", views.pay, name="pay"),
]
