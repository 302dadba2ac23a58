"""Addresses of the quality desk."""

from django.urls import path

from yuanxin.web.desks.quality_desk import inspection_views, pay_views, views

app_name = "quality_desk"
urlpatterns = [
    path("", views.outcomes, name="outcomes"),
    path("lines/", views.lines, name="lines"),
    path("inspections/", inspection_views.inspections, name="inspections"),
    path("inspections/<uuid:work_order_id>/", inspection_views.inspection, name="inspection"),
    path("inspections/<uuid:work_order_id>/<uuid:object_id>/", inspection_views.picture, name="picture"),
    path("statements/", views.statements, name="statements"),
    path("<uuid:work_order_id>/", pay_views.pay, name="pay"),
    path("<uuid:work_order_id>/confirm/", pay_views.confirm, name="confirm"),
    path("<uuid:work_order_id>/pay-out/", pay_views.pay_out, name="pay_out"),
    path("<uuid:work_order_id>/correct/", pay_views.correct, name="correct"),
]
