"""``manage show_promise TOPIC``: what the service desk would show before saving."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from yuanxin.kernel import acting, clock
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.time import SHANGHAI, local
from yuanxin.published.codes import AreaClass, CustomerClass, Service
from yuanxin.standards import api as standards


class Command(BaseCommand):
    """Prints both lines with their source; a missing law is said as such."""

    help = "Show the promise for a topic, such as fault.repair, in one city."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("topic")
        parser.add_argument("--service", choices=list(Service), default=Service.BROADBAND)
        parser.add_argument("--area", choices=list(AreaClass), default=AreaClass.URBAN)
        parser.add_argument("--customer", choices=list(CustomerClass), default=CustomerClass.RESIDENT)
        parser.add_argument("--city", default="4406", help="city code, default 4406")
        parser.add_argument("--at", help="wall time of the start, such as 2026-03-10T09:10; default now")

    def handle(self, *args: Any, **options: Any) -> None:
        city = options["city"]
        with acting.acting_as(acting.system("show_promise", scope=city)), transaction.atomic(), scope(city):
            try:
                found = standards.promise(
                    topic=options["topic"],
                    service=Service(options["service"]),
                    area_class=AreaClass(options["area"]),
                    customer_class=CustomerClass(options["customer"]),
                    at=_instant(options["at"]),
                )
            except DomainError as error:
                raise CommandError(f"{error.code} {error.params}") from None
        for line in found.lines:
            due = local(line.due_at).strftime("%Y-%m-%d %H:%M") if line.due_at else "-"
            source = f"{line.document} {line.article} ({line.kind} {line.grade} {line.layer})" if line.rule_id else ""
            self.stdout.write(f"{line.clock:<10} {due:<16} {line.rule_id} {line.title_zh} {source}".rstrip())


def _instant(text: str | None) -> datetime:
    if text is None:
        return clock.now()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"not an instant: {text}") from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
