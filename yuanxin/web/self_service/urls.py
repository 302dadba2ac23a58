"""Addresses of the customer's link."""

from django.urls import path

from yuanxin.web.self_service import views

app_name = "self_service"
urlpatterns = [
    path("<str:token>/", views.order, name="order"),
    path("<str:token>/window/", views.window, name="window"),
    path("<str:token>/confirm/", views.confirm, name="confirm"),
    path("<str:token>/rate/", views.rate, name="rate"),
    path("<str:token>/message/", views.message, name="message"),
    path("<str:token>/language/", views.language, name="language"),
]
