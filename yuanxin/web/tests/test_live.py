"""``/live/``: one short answer per second, 304 while nothing happens, and no reason to keep a session alive."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from yuanxin.kernel import horizon
from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.web.http import live
from yuanxin.web.http.sessions import BEAT_SECONDS, SEEN
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(settings: Settings) -> Iterator[None]:
    settings.YUANXIN_LIVE_VERSION_S = 0.0
    for kept in (live._scopes, live._versions, live._parts):
        kept._values.clear()
    yield
    live._scopes._values.clear()


def test_the_version_moves_when_somebody_does_something() -> None:
    city.rules()
    here = city.city()
    watcher, agent = make.client("dispatcher"), make.client("agent")
    first = watcher.get("/live/")
    assert (first.status_code, first.content) == (204, b"")
    tag = {"If-None-Match": first["ETag"]}
    assert watcher.get("/live/", headers=tag).status_code == 304
    loop.report(agent, here)
    moved = watcher.get("/live/", headers=tag)
    assert moved.status_code == 204
    assert moved["ETag"] != first["ETag"]
    assert "unsafe" not in moved["Content-Security-Policy"]


def test_a_known_session_costs_the_version_alone() -> None:
    watcher = make.client("dispatcher")
    watcher.get("/live/")
    with CaptureQueriesContext(connection) as asked:
        assert watcher.get("/live/").status_code == 204
    assert [query["sql"] for query in asked if "session" in query["sql"] or "org_staff" in query["sql"]] == []


def test_nobody_without_a_session_learns_anything() -> None:
    answer = Client().get("/live/")
    assert (answer.status_code, answer.has_header("ETag")) == (401, False)
    watcher = make.client("dispatcher")
    part = Client().get("/control/", headers={live.HEADER: "1"})
    assert part.status_code == 401
    assert watcher.post("/live/").status_code == 405


def test_watching_does_not_keep_a_session_alive() -> None:
    watcher = make.client("dispatch_leader")
    watcher.get("/control/")
    session = watcher.session
    session[SEEN] = old = int(time.time()) - 2 * BEAT_SECONDS
    session.save()
    watcher.get("/live/")
    watcher.get("/control/", headers={live.HEADER: "1"})
    assert watcher.session[SEEN] == old
    watcher.get("/control/")
    assert watcher.session[SEEN] > old


def test_a_shared_part_is_drawn_once_for_all_who_see_the_same(foshan: str, rf: RequestFactory) -> None:
    drawn: list[str] = []

    def draw() -> HttpResponse:
        drawn.append("once")
        return HttpResponse("<p>1</p>")

    asked = rf.get("/control/")
    first = live.shared(asked, draw)
    assert (first.status_code, first.content) == (200, b"<p>1</p>")
    assert live.shared(rf.get("/control/", headers={"If-None-Match": first["ETag"]}), draw).status_code == 304
    with acting_as(kernel_make.acting("4406", "page.control_room")):
        live.shared(asked, draw)
    assert drawn == ["once", "once"], "another role draws its own"


def test_a_page_that_heard_of_a_newer_version_gets_no_older_part(
    foshan: str, rf: RequestFactory, settings: Settings
) -> None:
    settings.YUANXIN_LIVE_VERSION_S = settings.YUANXIN_LIVE_PART_S = 60.0
    bodies = iter((b"old", b"new"))

    def draw() -> HttpResponse:
        return HttpResponse(next(bodies))

    assert live.shared(rf.get("/control/"), draw).content == b"old"
    FactRecord.objects.create(
        name="BellRung", subject="bell:1", at=kernel_make.at("2026-11-24 09:00"), actor="t", body={}
    )
    assert live.shared(rf.get("/control/"), draw).content == b"old", "kept for the moment"
    heard = horizon.version()
    assert live.shared(rf.get("/control/", headers={live.HEADER: f'"{heard}"'}), draw).content == b"new"
