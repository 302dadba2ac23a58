"""Money and identifiers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.kernel.errors import NotFound
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.money import Money, NotAnAmount

fens = st.integers(min_value=-(10**12), max_value=10**12)


@given(fens)
def test_an_amount_reads_back_from_its_text(fen: int) -> None:
    assert Money.yuan(str(Money(fen))) == Money(fen)


@given(fens, st.integers(1, 40))
def test_shares_never_differ_from_the_exact_part_by_more_than_half_a_fen(fen: int, parts: int) -> None:
    assert abs(Money(fen).share(1, parts).fen - Fraction(fen, parts)) <= Fraction(1, 2)


@given(fens)
def test_a_loss_is_rounded_like_a_gain(fen: int) -> None:
    assert -Money(fen).share(1, 3) == Money(-fen).share(1, 3)


@pytest.mark.parametrize("text", ["", "1.234", "1,00", "abc", "1.", " 1", "９", "1e3"])
def test_what_is_not_an_amount_is_named(text: str) -> None:
    with pytest.raises(NotAnAmount):
        Money.yuan(text)


def test_no_float_becomes_money() -> None:
    with pytest.raises(NotAnAmount):
        Money(35.5)  # type: ignore[arg-type]


def test_ids_grow_and_carry_version_7() -> None:
    ids = [new_id() for _ in range(5000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 5000
    assert {(i.version, i.variant) for i in ids} == {(7, "specified in RFC 4122")}


def test_an_error_names_what_happened() -> None:
    error = NotFound(field="customer", customer="x")
    assert (error.code, error.field, error.params) == ("kernel.not_found", "customer", {"customer": "x"})
