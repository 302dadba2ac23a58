"""``./run manage set_clock``: move the domain clock of a demo."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from yuanxin.kernel import clock
from yuanxin.kernel.errors import SpeedRefused


class Command(BaseCommand):
    """Move the domain clock, and let it run faster in a demo."""

    help = "Move the domain clock (wall time of the city), and let it run faster in a demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("at", help="wall time in the city, such as 2026-11-24T09:10")
        parser.add_argument("--rate", type=int, default=1, help="domain seconds per wall second")

    def handle(self, *args: Any, **options: Any) -> None:
        zone = ZoneInfo(settings.YUANXIN_CITY_ZONE)
        try:
            at = datetime.fromisoformat(options["at"]).replace(tzinfo=zone)
        except ValueError:
            raise CommandError(f"not a time: {options['at']}") from None
        try:
            clock.set_clock(at=at, rate=options["rate"])
        except SpeedRefused:
            raise CommandError("a speed other than 1 is refused outside the demo") from None
        self.stdout.write(f"domain clock: {at.isoformat()} ×{options['rate']}")
