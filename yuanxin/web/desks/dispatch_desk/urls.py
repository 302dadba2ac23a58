"""Addresses of the dispatch desk."""

from django.urls import path

from yuanxin.web.desks.dispatch_desk import points_views, views

app_name = "dispatch_desk"
urlpatterns = [
    path("", views.pool, name="pool"),
    path("rows/", views.rows, name="rows"),
    path("auto/", views.auto_dispatch, name="auto_dispatch"),
    path("points/", points_views.points, name="points"),
    path("points/<uuid:proposal_id>/", points_views.point, name="point"),
    path("points/<uuid:proposal_id>/accept/", points_views.accept, name="accept_point"),
    path("points/<uuid:proposal_id>/refuse/", points_views.refuse, name="refuse_point"),
    path("<uuid:work_order_id>/", views.order, name="order"),
    path("<uuid:work_order_id>/book/", views.book, name="book"),
    path("<uuid:work_order_id>/assign/", views.assign, name="assign"),
    path("<uuid:work_order_id>/hold/", views.hold, name="hold"),
    path("<uuid:work_order_id>/hold/approve/", views.approve_hold, name="approve_hold"),
    path("<uuid:work_order_id>/hold/refuse/", views.refuse_hold, name="refuse_hold"),
    path("<uuid:work_order_id>/resume/", views.resume, name="resume"),
    path("<uuid:work_order_id>/return/", views.give_back, name="return"),
]
