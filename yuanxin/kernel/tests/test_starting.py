"""A process that starts warms up beside its work."""

from __future__ import annotations

import logging
import threading

import pytest

from yuanxin.kernel import starting


@pytest.fixture(autouse=True)
def nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "_works", [])


def test_what_was_registered_runs_once_and_keeps_nobody_waiting() -> None:
    told, done = threading.Event(), []

    @starting.at_start
    def slow() -> None:
        told.wait(5)
        done.append("slow")

    starting.at_start(slow)
    thread = starting.warm_up()
    assert done == []
    told.set()
    thread.join(5)
    assert done == ["slow"]


def test_a_failure_is_logged_and_the_rest_is_done(caplog: pytest.LogCaptureFixture) -> None:
    done = []

    @starting.at_start
    def broken() -> None:
        raise RuntimeError("no compiler")

    @starting.at_start
    def fine() -> None:
        done.append("fine")

    with caplog.at_level(logging.ERROR):
        starting.warm_up().join(5)
    assert done == ["fine"]
    assert "broken" in caplog.text
