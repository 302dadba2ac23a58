"""A city where the seed rules are in force and messages reach simulated telephones; at the end its books are right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import story
from yuanxin.kernel import runner
from yuanxin.kernel.verify import verify
from yuanxin.standards.tests import make as standards


@pytest.fixture
def city(foshan: str, settings: Any, tmp_path: Path) -> Iterator[str]:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.YUANXIN_MESSAGE_CHANNELS = {"sms": "yuanxin.messaging.simulator.SimulatorChannel"}
    standards.rulebooks()
    standards.calendar()
    yield foshan
    story.tell_everybody()
    assert runner.parked() == []
    assert [line for finding in verify() for line in finding.violations] == []
