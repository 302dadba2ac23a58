"""``manage rulebook_table``: write the table of docs/reference/rulebooks.md from rulebooks/*.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from yuanxin.standards import api as standards


class Command(BaseCommand):
    """Needs no database."""

    help = "Write the table of all rules into docs/reference/rulebooks.md."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own declaration

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the table is old")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.YUANXIN_RULEBOOKS).parent / "docs" / "reference" / "rulebooks.md"
        page = path.read_text(encoding="utf-8")
        fresh = standards.put_table(page, standards.reference_table(standards.read_seeds()))
        if options["check"]:
            if fresh != page:
                raise CommandError("docs/reference/rulebooks.md is old: run ./run manage rulebook_table")
            self.stdout.write("docs/reference/rulebooks.md is up to date")
            return
        path.write_text(fresh, encoding="utf-8")
        self.stdout.write("docs/reference/rulebooks.md written")
