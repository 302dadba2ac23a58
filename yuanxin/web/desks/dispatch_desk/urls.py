"""Addresses of the dispatch desk."""

from django.urls import path

from yuanxin.web.desks.dispatch_desk import (
    board_deeds,
    board_views,
    order_views,
    points_views,
    review_views,
    share_views,
    views,
)
from yuanxin.web.desks.dispatch_desk.roster_urls import ROSTER

app_name = "dispatch_desk"
urlpatterns = [
    path("", views.pool, name="pool"),
    path("board/", board_views.board, name="board"),
    path("board/data/", board_views.data, name="board_data"),
    path("board/grids/", board_views.grids, name="board_grids"),
    path("board/try/", board_deeds.tried, name="board_try"),
    path("board/place/", board_deeds.place, name="board_place"),
    path("board/unassign/", board_deeds.unassign, name="board_unassign"),
    path("board/pin/", board_deeds.pin, name="board_pin"),
    path("board/unpin/", board_deeds.unpin, name="board_unpin"),
    path("board/undo/", board_deeds.undo, name="board_undo"),
    path("board/<uuid:work_order_id>/", board_views.panel, name="board_panel"),
    path("tabs/", views.tabs, name="tabs"),
    path("auto/", views.auto_dispatch, name="auto_dispatch"),
    path("points/", points_views.points, name="points"),
    path("points/<uuid:proposal_id>/", points_views.point, name="point"),
    path("points/<uuid:proposal_id>/accept/", points_views.accept, name="accept_point"),
    path("points/<uuid:proposal_id>/refuse/", points_views.refuse, name="refuse_point"),
    path("share/", share_views.share, name="share"),
    path("share/accept/", share_views.accept, name="share_accept"),
    path("reviews/", review_views.reviews, name="reviews"),
    path("holds/", review_views.holds, name="holds"),
    *ROSTER,
    path("<uuid:work_order_id>/review/", review_views.review, name="review"),
    path("<uuid:work_order_id>/review/approve/", review_views.approve, name="review_approve"),
    path("<uuid:work_order_id>/review/send-back/", review_views.send_back, name="review_send_back"),
    path("<uuid:work_order_id>/", order_views.order, name="order"),
    path("<uuid:work_order_id>/pictures/<uuid:evidence_id>/", order_views.picture, name="picture"),
    path("<uuid:work_order_id>/book/", order_views.book, name="book"),
    path("<uuid:work_order_id>/assign/", order_views.assign, name="assign"),
    path("<uuid:work_order_id>/hold/", order_views.hold, name="hold"),
    path("<uuid:work_order_id>/hold/approve/", order_views.approve_hold, name="approve_hold"),
    path("<uuid:work_order_id>/hold/refuse/", order_views.refuse_hold, name="refuse_hold"),
    path("<uuid:work_order_id>/resume/", order_views.resume, name="resume"),
    path("<uuid:work_order_id>/hand-over/", order_views.hand_over, name="hand_over"),
    path("<uuid:work_order_id>/hand-back/", order_views.hand_back, name="hand_back"),
    path("<uuid:work_order_id>/amend/", order_views.amend, name="amend"),
    path("<uuid:work_order_id>/return/", order_views.give_back, name="return"),
    path("<uuid:work_order_id>/merge/", order_views.merge, name="merge"),
    path("<uuid:work_order_id>/cancel/", order_views.cancel, name="cancel"),
]
