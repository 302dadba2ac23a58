"""``./run manage dead_jobs``: which jobs used up their attempts, and queue one of them again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yuanxin.kernel import jobs
from yuanxin.kernel.errors import DomainError


class Command(BaseCommand):
    """List the dead jobs, or queue one again."""

    help = "List the jobs that used up their attempts, or queue one of them again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--revive", type=int, metavar="ID", help="queue this dead job again")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["revive"] is None:
            for job in jobs.dead_jobs():
                self.stdout.write(f"{job['id']} {job['task_name']} {job['attempts']} attempts {job['args']}")
            return
        try:
            jobs.revive(options["revive"])
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"job {options['revive']} is queued again")
