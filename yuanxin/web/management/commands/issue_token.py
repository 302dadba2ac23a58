"""``manage issue_token NUMBER``: print a token with which a machine acts as a member of staff."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yuanxin.web.accounts.people import active_staff
from yuanxin.web.http.machine import token_of


class Command(BaseCommand):
    """Print a signed token for the JSON doors; closing the account ends it."""

    help = "Print a token for the JSON doors; it acts as the member of staff with this number."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="staff number of an active account that is no administrator's")

    def handle(self, *args: Any, **options: Any) -> None:
        user = active_staff(options["number"])
        if user is None:
            raise CommandError(f"no active staff with number {options['number']}")
        self.stdout.write(token_of(user.pk))
