"""``./run manage import_addresses FILE --city 4406 [--commit]``: read a file of addresses, show it, store it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from yuanxin.kernel import clock
from yuanxin.kernel.acting import acting_as, system
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.tenancy import scope
from yuanxin.parties import api as parties

_SHOWN = 50


class Command(BaseCommand):
    """Without --commit nothing is stored and every bad row is listed with line, column and reason."""

    help = "Read a CSV file of addresses, list its bad rows, and with --commit store the good ones."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """File, city, and what to do with it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--city", default="4406", help="city code, four digits")
        parser.add_argument("--commit", action="store_true", help="store the file; refused while it has bad rows")
        parser.add_argument("--leave-out-bad-rows", action="store_true", help="store the good rows all the same")

    def handle(self, *args: Any, **options: Any) -> None:
        """Preview, report, and store or take back."""
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        city = options["city"]
        try:
            with acting_as(system("import_addresses", scope=city)), transaction.atomic(), scope(city):
                self._import(content, options)
        except DomainError as error:
            raise CommandError(f"{options['file'].name}: {error}") from None

    def _import(self, content: bytes, options: dict[str, Any]) -> None:
        at = clock.now()
        batch = parties.preview_import(content=content, file_name=options["file"].name, at=at)
        view = parties.import_batch(batch)
        for row in parties.import_rows(batch, only_bad=True, limit=_SHOWN):
            self.stdout.write(f"line {row.line}: {row.column or 'row'}: {row.fault}: {row.value}")
        if view.bad_rows > _SHOWN:
            self.stdout.write(f"... and {view.bad_rows - _SHOWN} more bad rows")
        self.stdout.write(f"{view.good_rows} good rows, {view.bad_rows} bad rows, encoding {view.encoding}")
        if options["commit"]:
            stored = parties.commit_import(batch_id=batch, at=at, leave_out_bad_rows=options["leave_out_bad_rows"])
            self.stdout.write(f"{stored} addresses stored")
        else:
            parties.discard_import(batch_id=batch, at=at)
            self.stdout.write("nothing stored; --commit stores the file")
