import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import OperationalError

from yuanxin.kernel.patience import keep_running, once_there


@pytest.fixture(autouse=True)
def _hurried(settings: Any) -> None:
    settings.YUANXIN_AWAY_WAIT_S = 0.01
    settings.YUANXIN_AWAY_START_S = 0.05


@pytest.mark.django_db
def test_a_loop_goes_on_when_the_database_is_back() -> None:
    told, tries = threading.Event(), []

    def loop(should_stop: Callable[[], bool]) -> None:
        tries.append(should_stop())
        if len(tries) == 1:
            raise OperationalError("gone")
        if len(tries) == 2:
            raise psycopg.OperationalError("still gone")
        told.set()

    keep_running(loop, told)
    assert tries == [False, False, False]


@pytest.mark.django_db
def test_a_fault_of_our_own_ends_the_loop() -> None:
    def loop(should_stop: Callable[[], bool]) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keep_running(loop, threading.Event())


@pytest.mark.django_db
def test_a_start_waits_for_the_database_but_not_for_ever() -> None:
    tries = []

    def work() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("starting up")

    once_there(work)
    assert len(tries) == 3

    def never() -> None:
        raise OperationalError("no such host")

    with pytest.raises(OperationalError):
        once_there(never)
