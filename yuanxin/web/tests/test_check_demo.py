"""The demonstration's own check walks the pages that the loop leaves behind, and stops at a page that fails."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from yuanxin.web.tests import city, loop

pytestmark = pytest.mark.django_db


def test_the_check_opens_every_page_of_the_loop() -> None:
    city.rules()
    loop.run(city.city())
    said = StringIO()
    call_command("check_demo", stdout=said)
    assert "no fault" in said.getvalue()
    assert "agent en:" in said.getvalue()


def test_an_empty_database_is_no_demonstration() -> None:
    with pytest.raises(CommandError, match="run the seed first"):
        call_command("check_demo", stdout=StringIO())
