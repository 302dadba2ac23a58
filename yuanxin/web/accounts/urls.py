"""Addresses of sign-in by 企业微信; those of allauth stand in the root urls under its own names."""

from django.urls import path

from yuanxin.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("wecom/", views.wecom, name="wecom"),
    path("wecom/back/", views.wecom_back, name="wecom_back"),
    path("wecom/simulator/", views.wecom_simulator, name="wecom_simulator"),
]
