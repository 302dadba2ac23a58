"""``./run manage run_worker``: outbox, sweeps and jobs in one process; for the demo and small cities."""

from __future__ import annotations

import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from yuanxin.kernel import runner, ticks
from yuanxin.kernel.management.commands._until_told import stop_flag
from yuanxin.kernel.patience import keep_running, once_there
from yuanxin.kernel.serving import check_serving_role
from yuanxin.kernel.starting import warm_up

GRACE_S = 25


class Command(BaseCommand):
    """Run deliveries, sweeps and jobs until told to stop."""

    help = "Run deliveries, sweeps and jobs until told to stop."

    def handle(self, *args: Any, **options: Any) -> None:
        told = stop_flag()
        once_there(check_serving_role)
        warm_up()
        threads = [
            threading.Thread(target=keep_running, args=(loop, told), daemon=True)
            for loop in (runner.run_forever, ticks.run_forever)
        ]
        for thread in threads:
            thread.start()
        keep_running(lambda should_stop: _run_jobs(told), told)
        for thread in threads:
            thread.join(timeout=GRACE_S)


def _run_jobs(told: threading.Event) -> None:
    """Run jobs until a signal; its handlers replace ours while it runs. Raises what ``patience.AWAY`` names."""
    try:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
            worker.run_worker(install_signal_handlers=True, shutdown_graceful_timeout=GRACE_S, listen_notify=True)
    except ConnectorException as error:
        raise OperationalError(str(error)) from error
    told.set()
