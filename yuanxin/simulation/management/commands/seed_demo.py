"""``./run manage seed_demo``: fill an empty database with the demo's invented city."""

from __future__ import annotations

import random
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yuanxin.engines.routing.warming import warm
from yuanxin.simulation.progress import Progress
from yuanxin.simulation.seeding.city import CityNotEmpty, Size, seed_city


class Command(BaseCommand):
    """Seed Chancheng: invented customers, technicians, and a week of work."""

    help = "Fill an empty database with the demo's invented city."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, default=60_000)
        parser.add_argument("--technicians", type=int, default=20)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--without-work", action="store_true", help="only people, homes and services")

    def handle(self, *args: Any, **options: Any) -> None:
        warm()  # else the first plan would compile inside a transaction
        if not 1 <= options["technicians"] <= 500 or not 100 <= options["customers"] <= 2_000_000:
            raise CommandError("--technicians takes 1 to 500, --customers 100 to 2,000,000")
        size = Size(options["customers"], options["technicians"], has_work=not options["without_work"])
        try:
            seed_city(size, random.Random(options["seed"]), progress=Progress(sys.stderr))
        except CityNotEmpty:
            raise CommandError("this database holds an organisation already; seed an empty one") from None
