"""``manage export_rulebook NAME``: write the version in force as YAML."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from yuanxin.kernel import acting, clock
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.standards import api as standards


class Command(BaseCommand):
    """The export format is the seed format; loading what is written gives the same content hash."""

    help = "Write the rulebook in force as YAML, such as national/promises."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the rulebook, such as national/promises")

    def handle(self, *args: Any, **options: Any) -> None:
        with acting.acting_as(acting.system("export", scope=ALL)), transaction.atomic(), scope(ALL):
            found = [v for v in standards.versions(at=clock.now()) if v.name == options["name"] and v.is_in_force]
            if not found:
                raise CommandError(f"no rulebook {options['name']} is in force")
            self.stdout.write(standards.export(found[0].id), ending="")
