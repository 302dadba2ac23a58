"""``./run manage add_unit``: put a province, city, district, grid or crew into the organisation."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from yuanxin.kernel import acting
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.tenancy import ALL, scope
from yuanxin.org import actions, queries
from yuanxin.org.models import OrgUnit


class Command(BaseCommand):
    """Add one organisation unit."""

    help = "Add an organisation unit: ./run manage add_unit 440605 南海区 --level district --parent 4406"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="GB/T 2260 code, longer for grids and crews")
        parser.add_argument("name")
        parser.add_argument("--level", required=True, choices=OrgUnit.Level.values)
        parser.add_argument("--parent", help="code of the unit above")
        parser.add_argument("--owner", help="number 工号 of the technician who looks after the grid")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic(), scope(ALL), acting.acting_as(acting.system("add_unit", scope=ALL)):
                actions.create_unit(
                    code=options["code"],
                    name=options["name"],
                    level=options["level"],
                    parent_code=options["parent"],
                )
                if options["owner"]:
                    self._name_owner(options["code"], options["owner"])
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{options['code']} {options['name']} added")

    def _name_owner(self, grid_code: str, number: str) -> None:
        found = queries.sign_in_candidates(number)
        if len(found) != 1:
            raise CommandError(f"no staff member has the number {number}")
        actions.set_grid_technician(grid_code=grid_code, staff_id=found[0])
