"""Addresses of the service desk."""

from django.urls import path

from yuanxin.web.desks.service_desk import (
    call_views,
    callback_views,
    contact_views,
    customer_views,
    exchange_views,
    machine_views,
    report_views,
    triage_views,
    views,
)

app_name = "service_desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("tickets/", views.tickets, name="tickets"),
    path("tickets/<uuid:ticket_id>/", views.ticket, name="ticket"),
    path("tickets/<uuid:ticket_id>/chase/", views.chase, name="chase"),
    path("customers/<uuid:customer_id>/", customer_views.customer, name="customer"),
    path("customers/<uuid:customer_id>/reveal/", customer_views.reveal, name="reveal"),
    path("contacts/quick/", customer_views.quick_contact, name="quick"),
    path("contacts/<uuid:contact_id>/take-back/", customer_views.take_back, name="take_back"),
    path("calls/", call_views.calls, name="calls"),
    path("calls/bar/", call_views.bar, name="bar"),
    path("calls/state/", call_views.set_state, name="agent_state"),
    path("calls/<uuid:call_id>/", call_views.call, name="call"),
    path("calls/<uuid:call_id>/answer/", call_views.answer, name="answer"),
    path("calls/<uuid:call_id>/hang-up/", call_views.hang_up, name="hang_up"),
    path("calls/<uuid:call_id>/transfer/", call_views.transfer, name="transfer"),
    path("calls/<uuid:call_id>/wrap-up/", call_views.wrap_up, name="wrap_up"),
    path("calls/<uuid:call_id>/customer/<uuid:customer_id>/", call_views.identify, name="identify"),
    path("customers/<uuid:customer_id>/report/", report_views.report, name="report"),
    path("customers/<uuid:customer_id>/triage/", triage_views.triage, name="triage"),
    path("customers/<uuid:customer_id>/triage/finish/", triage_views.finish, name="triage_finish"),
    path("triage/", triage_views.runs, name="triage_runs"),
    path("triage/questions/", triage_views.tree, name="triage_tree"),
    path("customers/<uuid:customer_id>/promise/", report_views.promise, name="promise"),
    path("customers/<uuid:customer_id>/contact/", contact_views.contact, name="contact"),
    path("tickets/<uuid:ticket_id>/solved/", contact_views.solve_on_phone, name="solve_on_phone"),
    path("complaints/", contact_views.complaints, name="complaints"),
    path("callbacks/", callback_views.callbacks, name="callbacks"),
    path("callbacks/<uuid:ticket_id>/", callback_views.callback, name="callback"),
    path("api/exchange-events", exchange_views.exchange_events, name="exchange_events"),
    path("api/fault-reports", machine_views.fault_reports, name="fault_reports"),
]
