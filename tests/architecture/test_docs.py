"""The generated pages of docs/ say what the code says, and every shell block of the README and tutorials is known."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import yuanxin
from yuanxin.kernel.fact import Fact
from yuanxin.kernel.reference import ROOT, pages, published_facts

HINT = "run ./run manage docs"
PERSONAL = re.compile(r"name|phone|address_text|identity|note|text|password")


@pytest.mark.parametrize("path", sorted(pages()), ids=str)
def test_a_generated_page_is_up_to_date(path: Path) -> None:
    assert (ROOT / path).exists(), HINT
    assert (ROOT / path).read_text(encoding="utf-8") == pages()[path], HINT


def test_every_fact_of_the_code_is_published() -> None:
    for info in pkgutil.walk_packages(yuanxin.__path__, "yuanxin."):
        if (
            not info.name.startswith("yuanxin.config")
            and ".tests" not in info.name
            and ".management" not in info.name
            and ".migrations" not in info.name
        ):
            module = importlib.import_module(info.name)
            for value in vars(module).values():
                if isinstance(value, type) and issubclass(value, Fact) and value is not Fact:
                    assert value in published_facts(), f"{value} is told but not published"


def test_no_fact_carries_personal_values() -> None:
    for fact in published_facts():
        for name in fact.__dataclass_fields__:
            assert not PERSONAL.search(name), f"{fact.__name__}.{name}"


def test_the_search_for_personal_values_finds_one() -> None:
    assert PERSONAL.search("customer_name")
    assert not PERSONAL.search("window_from")
