"""The seed rulebooks are in force, and the simulated channel stands behind SMS, unless a story says otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from yuanxin.messaging.tests.channels import Taking, Watching
from yuanxin.standards.tests import make as standards_make


@pytest.fixture
def rulebooks(foshan: str) -> None:
    standards_make.rulebooks()


@pytest.fixture(autouse=True)
def channels(settings: Any) -> Any:
    settings.YUANXIN_MESSAGE_CHANNELS = {"sms": "yuanxin.messaging.simulator.SimulatorChannel"}
    Taking.parcels.clear()
    Watching.seen.clear()
    return settings
