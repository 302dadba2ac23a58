"""``./run manage live_city --speed 60``: let the city of a running demo live."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from threading import Event
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yuanxin.engines.routing.warming import warm
from yuanxin.kernel.errors import DomainError, SpeedRefused
from yuanxin.simulation.living.demo import CityLives, Wish, live
from yuanxin.simulation.living.town import NotADemo

FASTEST = 600
MOST_HOURS = 24 * 31


class Command(BaseCommand):
    """Customers call, the network fails, desks and technicians work, until the hours are over or Ctrl-C."""

    help = "Let the city of a running demo live: calls, faults, desks, technicians, through the doors of the pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--speed", type=int, default=60, help=f"domain seconds per second, 1 to {FASTEST}")
        parser.add_argument("--hours", type=float, default=24.0, help="domain hours to live, default 24")
        parser.add_argument("--seed", type=int, default=1, help="of everything drawn, default 1")
        parser.add_argument(
            "--leave", default="", metavar="NUMBERS", help="accounts that people play, such as A0002,T0001"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        warm()  # else the first plan would compile inside a transaction
        if not 1 <= options["speed"] <= FASTEST or not 0 < options["hours"] <= MOST_HOURS:
            raise CommandError(f"--speed takes 1 to {FASTEST}, --hours more than 0 and at most {MOST_HOURS}")
        spared = frozenset(number.strip() for number in options["leave"].split(",") if number.strip())
        told = Event()

        def stop(number: int, frame: FrameType | None) -> None:
            told.set()

        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, stop)
        wish = Wish(options["speed"], options["hours"], options["seed"], spared)
        try:
            tally = live(wish, told=told, say=self.stdout.write)
        except CityLives:
            raise CommandError("one city lives in this database already; it goes on") from None
        except SpeedRefused:
            raise CommandError("a speed other than 1 is for the demo only: start ./run demo first") from None
        except NotADemo as refused:
            raise CommandError(f"this is no running demo ({refused}); start ./run demo first") from None
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        for line in tally.lines():
            self.stdout.write(line)
        if tally.faults:
            raise CommandError(f"{tally.faults} steps broke by a fault of ours, see above")
