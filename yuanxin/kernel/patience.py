"""Processes that outlive the database's absence: they close what is dead, wait a little longer each time, go on."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections

log = logging.getLogger(__name__)

AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
"""What Django and psycopg raise when the database does not answer, or forgot the session."""

Stop = Callable[[], bool]


def keep_running(loop: Callable[[Stop], None], told: threading.Event) -> None:
    """Run a loop until told to stop; start it again when the database was away. Other errors end it."""
    waits = 0
    while not told.is_set():
        began = time.monotonic()
        try:
            loop(told.is_set)
        except AWAY as error:
            waits = 0 if time.monotonic() - began > settings.YUANXIN_AWAY_WAIT_S else waits + 1
            log.warning("the database is away, trying again: %s", error)
            close_old_connections()
            told.wait(_pause(waits))


def once_there(work: Callable[[], None]) -> None:
    """Do something at a start, when the database may still be coming up. Raises the last error after a minute."""
    deadline = time.monotonic() + settings.YUANXIN_AWAY_START_S
    waits = 0
    while True:
        try:
            return work()
        except AWAY as error:
            if time.monotonic() > deadline:
                raise
            log.warning("the database is away, trying again: %s", error)
        close_old_connections()
        time.sleep(_pause(waits))
        waits += 1


def _pause(waits: int) -> float:
    """Return seconds: a tenth at first, twice as long each time, at most as set."""
    return float(min(settings.YUANXIN_AWAY_WAIT_S, 0.1 * 2 ** min(waits, 20)))
