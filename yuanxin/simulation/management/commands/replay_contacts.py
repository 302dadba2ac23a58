"""``manage replay_contacts``: run one real day of contacts through the whole loop, in a database of its own."""

import json
import os
import sys
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from yuanxin.engines.routing.warming import warm
from yuanxin.kernel import clock
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.tenancy import scope
from yuanxin.simulation.replay.districts import CITY, DISTRICTS
from yuanxin.simulation.replay.plan import DayPlan, plan_day
from yuanxin.simulation.replay.reading import read_communities, read_contacts
from yuanxin.simulation.replay.report import Report
from yuanxin.simulation.replay.run import prepare_rules, replay
from yuanxin.simulation.replay.scratch import run_in, scratch_database
from yuanxin.standards import api as standards

WORDS = {
    "simulation.file_unreadable": "{file} is not the expected table ({reason}: {columns})",
    "simulation.nothing_on_day": "no good contact on {day}; the busiest days are {busiest}",
    "simulation.no_community": "the addresses hold no good row to place a contact at",
    "simulation.no_working_day": "the calendar knows no working day after {after}",
    "simulation.replay_running": "another replay is running in this server",
    "simulation.server_unreachable": "the database server cannot be used: {reason}",
    "simulation.step_failed": "the step {step} ended with status {status}; its own lines above say why",
    "simulation.city_not_empty": "city {city} has places already; leave --here out to use a database of its own",
}
LARGEST_FILE_BYTES = 50_000_000
MOST_TECHNICIANS = 500


class Command(BaseCommand):
    """Reads and checks the files first; only then makes the database, lives the day, counts and verifies."""

    help = "Replay one day of contacts at real addresses through the whole loop, in a database of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--addresses", required=True, type=_file, metavar="FILE", help="communities, CSV")
        parser.add_argument("--contacts", required=True, type=_file, metavar="FILE", help="contacts, CSV")
        parser.add_argument("--day", required=True, type=_day, metavar="YYYY-MM-DD", help="a day of the contacts file")
        parser.add_argument("--technicians", type=_technicians, default=20, metavar="N", help="1 to 500, default 20")
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="of everything simulated, default 1")
        parser.add_argument("--json", type=_writable, metavar="FILE", help="write the report here too")
        parser.add_argument(
            "--here", action="store_true", help="use the database of the settings, which must be empty of places"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        warm()  # else the first plan would compile inside a transaction
        try:
            tables = _tables(options)
            if options["here"]:
                self._finish(self._run(options, tables), options["json"])
                return
            with scratch_database() as name:
                self.stdout.write(f"replaying in database {name}")
                run_in(name, ["migrate", "--verbosity", "0"], role="owner")
                run_in(name, ["replay_contacts", *_arguments(options), "--here"], role="app")
        except DomainError as error:
            words = WORDS.get(error.code)
            raise CommandError(words.format(**error.params) if words else str(error)) from error

    def _run(self, options: dict[str, Any], tables: tuple[Any, Any]) -> Report:
        with transaction.atomic():
            prepare_rules(clock.now().date())
        plan = _plan(options, tables)
        self.stdout.write(f"{plan.original_day} becomes {plan.day}; {len(plan.contacts)} contacts")
        show = self._progress if sys.stderr.isatty() else lambda step: None
        return replay(plan, technicians=options["technicians"], seed=options["seed"], say=show)

    def _progress(self, step: str) -> None:
        self.stderr.write(f"\r{step:<20}", ending="")

    def _finish(self, report: Report, path: Path | None) -> None:
        for line in report.lines():
            self.stdout.write(line)
        if path is not None:
            unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
            unfinished.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")
            unfinished.replace(path)
        if not report.is_clean:
            raise CommandError("the identity does not hold or verify found violations, see above")


def _tables(options: dict[str, Any]) -> tuple[Any, Any]:
    """Read both files and refuse a day without contacts before anything is made. Raises DomainError."""
    communities = read_communities(
        options["addresses"].read_bytes(), districts=DISTRICTS, file=options["addresses"].name
    )
    contacts = read_contacts(options["contacts"].read_bytes(), file=options["contacts"].name)
    plan_day(
        communities,
        contacts,
        original_day=options["day"],
        effective_from=options["day"],
        is_working_day=lambda day: True,
    )
    return communities, contacts


def _plan(options: dict[str, Any], tables: tuple[Any, Any]) -> DayPlan:
    with transaction.atomic(), scope(CITY):
        effective_from = standards.newest_effective_from()
        calendar = standards.calendar()
    return plan_day(
        *tables,
        original_day=options["day"],
        effective_from=effective_from,
        is_working_day=calendar.is_working_day,
    )


def _arguments(options: dict[str, Any]) -> list[str]:
    arguments = ["--addresses", str(options["addresses"]), "--contacts", str(options["contacts"])]
    arguments += ["--day", options["day"].isoformat(), "--technicians", str(options["technicians"])]
    arguments += ["--seed", str(options["seed"])]
    return [*arguments, "--json", str(options["json"])] if options["json"] else arguments


def _file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise ArgumentTypeError(f"there is no file {text}")
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise ArgumentTypeError(f"{text} is larger than {LARGEST_FILE_BYTES} bytes")
    return path.resolve()


def _writable(text: str) -> Path:
    path = Path(text).resolve()
    if not path.parent.is_dir() or path.is_dir():
        raise ArgumentTypeError(f"cannot write {text}: no such folder")
    return path


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day, write 2015-06-24") from None


def _technicians(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_TECHNICIANS:
        raise ArgumentTypeError(f"technicians: 1 to {MOST_TECHNICIANS}")
    return int(text)
