"""``manage load_rulebooks``: publish the seed rulebooks that the database does not know yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from yuanxin.kernel import acting, clock
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.standards import api as standards


class Command(BaseCommand):
    """Reads, checks and proves rulebooks/*.yaml. Loading never overwrites: the database is the truth."""

    help = "Publish the seed rulebooks that the database does not know yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="read and prove the files, load nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._run(is_check=options["check"])
        except DomainError as error:
            happened = str(error.__doc__ or "").split(" Params:", maxsplit=1)[0]
            details = ", ".join(f"{name}={value}" for name, value in error.params.items())
            raise CommandError(f"{error.code}: {happened} {details}") from None

    def _run(self, *, is_check: bool) -> None:
        with acting.acting_as(acting.system("seed", scope=ALL)), transaction.atomic(), scope(ALL):
            if is_check:
                books = standards.read_seeds()
                pairs = standards.prove_all(books, standards.calendar())
                entries = sum(len(book.entries) for book in books)
                self.stdout.write(f"{len(books)} rulebooks, {entries} entries, {pairs} pairs proved stricter")
                return
            result = standards.load_rulebooks(at=clock.now())
        for word, names in (
            ("published", result.published),
            ("unchanged", result.unchanged),
            ("differs from the database, left alone", result.differing),
        ):
            for name in names:
                self.stdout.write(f"{name}: {word}")
