"""Addresses of the service desk."""

from django.urls import path

from yuanxin.web.desks.service_desk import callback_views, contact_views, machine_views, report_views, views

app_name = "service_desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("tickets/", views.tickets, name="tickets"),
    path("tickets/<uuid:ticket_id>/", views.ticket, name="ticket"),
    path("tickets/<uuid:ticket_id>/chase/", views.chase, name="chase"),
    path("customers/<uuid:customer_id>/", views.customer, name="customer"),
    path("customers/<uuid:customer_id>/report/", report_views.report, name="report"),
    path("customers/<uuid:customer_id>/promise/", report_views.promise, name="promise"),
    path("customers/<uuid:customer_id>/contact/", contact_views.contact, name="contact"),
    path("tickets/<uuid:ticket_id>/solved/", contact_views.solve_on_phone, name="solve_on_phone"),
    path("complaints/", contact_views.complaints, name="complaints"),
    path("callbacks/", callback_views.callbacks, name="callbacks"),
    path("callbacks/<uuid:ticket_id>/", callback_views.callback, name="callback"),
    path("api/fault-reports", machine_views.fault_reports, name="fault_reports"),
]
