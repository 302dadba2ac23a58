"""``./run manage run_worker``: outbox, sweeps and jobs in one process; for the demo and small cities."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from procrastinate.contrib.django import app

from yuanxin.kernel import runner, ticks
from yuanxin.kernel.management.commands._until_told import stop_flag
from yuanxin.kernel.serving import check_serving_role

Loop = Callable[[Callable[[], bool]], None]


class Command(BaseCommand):
    """Run deliveries, sweeps and jobs until told to stop."""

    help = "Run deliveries, sweeps and jobs until told to stop."

    def handle(self, *args: Any, **options: Any) -> None:
        check_serving_role()
        told = stop_flag()
        threads = [
            threading.Thread(target=self._keep, args=(loop, told), daemon=True)
            for loop in (runner.run_forever, ticks.run_forever)
        ]
        for thread in threads:
            thread.start()
        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
            worker.run_worker(install_signal_handlers=True, shutdown_graceful_timeout=25, listen_notify=True)
        told.set()
        for thread in threads:
            thread.join(timeout=25)

    def _keep(self, loop: Loop, told: threading.Event) -> None:
        """Start the loop again after the database was away."""
        while not told.is_set():
            try:
                loop(told.is_set)
            except OperationalError as error:
                self.stderr.write(f"database away, trying again: {error}")
                close_old_connections()
                told.wait(1)
