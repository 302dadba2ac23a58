"""Every story of field service plays in Foshan, under the seed rulebooks, with its own file store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from yuanxin.fieldwork.tests import make


@pytest.fixture
def field(foshan: str, tmp_path: Path) -> Iterator[str]:
    """Foshan with rulebooks; pictures go to a folder of the test."""
    make.rulebooks()
    with override_settings(MEDIA_ROOT=str(tmp_path)):
        yield foshan
