"""The seed rulebooks are in force."""

from __future__ import annotations

import pytest

from yuanxin.standards.tests import make as standards_make


@pytest.fixture
def rulebooks(foshan: str) -> None:
    standards_make.rulebooks()
