"""``./run manage run_ticker``: the sweeps of due-at columns."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from yuanxin.kernel import ticks
from yuanxin.kernel.management.commands._until_told import stop_flag
from yuanxin.kernel.patience import keep_running, once_there
from yuanxin.kernel.serving import check_serving_role


class Command(BaseCommand):
    """Run every sweep in its turn until told to stop."""

    help = "Run the sweeps (clocks, seals, reminders) until told to stop."

    def handle(self, *args: Any, **options: Any) -> None:
        told = stop_flag()
        once_there(check_serving_role)
        keep_running(ticks.run_forever, told)
