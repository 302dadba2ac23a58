"""``./run manage verify``: ask every invariant of the house."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yuanxin.kernel import verify


class Command(BaseCommand):
    """Check the invariants of all tables; the exit code is 1 when one does not hold."""

    help = "Check the invariants of all tables."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", help="only these invariants")

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = sorted(set(options["names"]) - set(verify.registry))
        if unknown:
            raise CommandError(f"unknown invariants: {', '.join(unknown)}")
        broken = 0
        for finding in verify.verify(options["names"]):
            self.stdout.write(f"{'ok  ' if not finding.violations else 'FAIL'} {finding.name}")
            for line in finding.violations[:20]:
                self.stdout.write(f"     {line}")
            broken += bool(finding.violations)
        if broken:
            raise CommandError(f"{broken} invariants do not hold")
        self.stdout.write("verify: all invariants hold")
