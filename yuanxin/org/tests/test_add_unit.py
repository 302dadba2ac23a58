from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from yuanxin.org import api as org
from yuanxin.org.tests import make


def add(*arguments: str, **options: Any) -> str:
    said = StringIO()
    call_command("add_unit", *arguments, stdout=said, **options)
    return said.getvalue()


def test_a_new_grid_with_its_technician(foshan: str) -> None:
    make.city()
    technician = make.technician()
    said = add("4406049001", "祖庙东", level="grid", parent="4406", owner=org.staff(technician).number)
    assert said == "4406049001 祖庙东 added\n"
    assert org.grid_technician("4406049001") == technician


def test_a_province_and_its_city(foshan: str) -> None:
    add("45", "广西", level="province")
    add("4501", "南宁", level="city", parent="45")


def test_a_code_twice_is_refused(foshan: str) -> None:
    make.city()
    with pytest.raises(CommandError, match=r"org\.unit_code_taken"):
        add("4406", "佛山", level="city")


def test_an_unknown_parent_is_refused(foshan: str) -> None:
    with pytest.raises(CommandError, match=r"kernel\.not_found"):
        add("440605", "南海", level="district", parent="4499")


def test_an_unknown_technician_is_refused_and_nothing_is_added(foshan: str) -> None:
    make.city()
    with pytest.raises(CommandError, match="E99999"):
        add("4406049002", "祖庙西", level="grid", parent="4406", owner="E99999")
    assert "4406049002" not in {unit.code for unit in org.units()}
