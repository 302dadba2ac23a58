"""The demonstration's own check walks the pages that the loop leaves behind, and stops at a page that fails."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from yuanxin.kernel import runner
from yuanxin.kernel.clock import now
from yuanxin.messaging.tests import make as messages
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db


def test_the_check_opens_every_page_of_the_loop(settings: Settings) -> None:
    settings.YUANXIN_SIMULATORS = True
    settings.YUANXIN_MESSAGE_CHANNELS = {"sms": "yuanxin.messaging.simulator.SimulatorChannel"}
    city.rules()
    here = city.city()
    loop.run(here)
    dispatcher = make.client("dispatcher")
    loop.another_fault(make.client("agent"), here)
    work_order_id = loop.pool_order(dispatcher)
    loop.assign(dispatcher, work_order_id)
    loop.begin(make.client_of(here.technician_id), work_order_id)
    runner.drain()
    with city.inside("4406"):
        until = now()
    messages.deliver(at=until)
    said = StringIO()
    call_command("check_demo", stdout=said)
    assert "no fault" in said.getvalue()
    assert "agent en:" in said.getvalue()


def test_an_empty_database_is_no_demonstration() -> None:
    with pytest.raises(CommandError, match="run the seed first"):
        call_command("check_demo", stdout=StringIO())
