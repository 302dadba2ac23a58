"""Many rows by one statement, and many numbers at once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import transaction
from psycopg.errors import InsufficientPrivilege, StringDataRightTruncation

from yuanxin.kernel.bulk import input_hash, insert_many
from yuanxin.kernel.errors import TextNotStorable
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import SavedFilter
from yuanxin.kernel.numbers import next_number, numbers_block
from yuanxin.kernel.tests import make

NOON = make.at("2026-11-24 12:00")
pytestmark = pytest.mark.usefixtures("foshan")


def test_blocks_and_single_numbers_never_meet() -> None:
    taken = [
        next_number("Z", NOON),
        *numbers_block("Z", 500, NOON),
        next_number("Z", NOON),
        *numbers_block("Z", 3, NOON),
    ]
    assert len(set(taken)) == len(taken)
    assert {number[:7] for number in taken} == {"Z440626"}


def _store(*texts: str, city_code: str = "4406") -> int:
    columns: dict[str, Sequence[object]] = {"id": [new_id() for _ in texts], "query": texts}
    rest: dict[str, object] = {"listing": "tickets", "owner": "staff:x", "unit": "", "sharing": "all", "name": "mine"}
    rest |= {"path": "", "is_pinned": False}
    return insert_many(SavedFilter, columns, rest | {"province_code": city_code[:2], "city_code": city_code})


@pytest.mark.parametrize("text", ["", "圆心", "a'b\\\"{},NULL", "%s", "\n\t"])
def test_every_text_comes_back_as_it_went(text: str) -> None:
    assert _store(text) == 1
    assert SavedFilter.objects.get().query == text


@pytest.mark.parametrize("text", ["a\x1fb", "\x1e", "\x00"])
def test_a_control_character_is_refused_by_name(text: str) -> None:
    with pytest.raises(TextNotStorable):
        _store("good", text)
    assert not SavedFilter.objects.exists()


def test_a_row_of_another_city_is_refused_by_the_policy() -> None:
    with pytest.raises(InsufficientPrivilege), transaction.atomic():
        _store("mine", city_code="4401")


def test_nothing_is_cut_to_fit() -> None:
    with pytest.raises(StringDataRightTruncation), transaction.atomic():
        _store("x" * 2001)


def test_a_hash_depends_on_rows_and_their_order() -> None:
    assert input_hash(["a", "b"]) != input_hash(["b", "a"])
