"""Laws of double entry."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.kernel.ids import new_id
from yuanxin.ledger import rules
from yuanxin.ledger.chart import chart, entry_of

ACCOUNTS = st.uuids()
AMOUNTS = st.integers(min_value=-(10**12), max_value=10**12).filter(bool)


@st.composite
def balanced(draw: st.DrawFn) -> list[rules.Line]:
    """Some lines and the one that balances them."""
    lines = draw(st.lists(st.builds(rules.Line, ACCOUNTS, AMOUNTS), min_size=1, max_size=6))
    rest = -sum(line.amount_fen for line in lines)
    last = [rules.Line(draw(ACCOUNTS), rest)] if rest else draw(opposite())
    return lines + last


@st.composite
def opposite(draw: st.DrawFn) -> list[rules.Line]:
    """Two lines that cancel each other."""
    amount = draw(AMOUNTS)
    return [rules.Line(draw(ACCOUNTS), amount), rules.Line(draw(ACCOUNTS), -amount)]


@given(balanced())
def test_balanced_lines_pass_and_their_reversal_undoes_every_account(lines: list[rules.Line]) -> None:
    rules.require_balanced(lines)
    back = rules.reversed_lines(lines)
    rules.require_balanced(back)
    left: Counter[object] = Counter()
    for line in lines + back:
        left[line.account] += line.amount_fen
    assert not any(left.values())


@given(balanced(), AMOUNTS)
def test_one_fen_more_on_one_line_is_refused(lines: list[rules.Line], extra: int) -> None:
    wrong = [*lines[:-1], rules.Line(lines[-1].account, lines[-1].amount_fen + extra)]
    with pytest.raises((rules.NotBalanced, rules.EmptyLine)):
        rules.require_balanced(wrong)


def test_one_line_and_a_line_of_zero_are_no_transaction() -> None:
    account = new_id()
    with pytest.raises(rules.TooFewLines):
        rules.require_balanced([rules.debit(account, 1)])
    with pytest.raises(rules.EmptyLine):
        rules.require_balanced([rules.debit(account, 0), rules.credit(account, 0)])


@given(st.uuids(), st.integers(min_value=1, max_value=64))
def test_a_shard_exists_and_never_changes(transaction: UUID, shards: int) -> None:
    shard = rules.shard_of(transaction, shards)
    assert 0 <= shard < shards
    assert shard == rules.shard_of(transaction, shards)


def test_new_transactions_spread_over_the_shards() -> None:
    counts = Counter(rules.shard_of(new_id(), 16) for _ in range(3200))
    assert len(counts) == 16
    assert max(counts.values()) < 3 * min(counts.values())


@pytest.mark.parametrize("text", ["张三", "call Mr. Li 138", "", "a" * 80, "A.B"])
def test_free_text_is_no_code(text: str) -> None:
    with pytest.raises(rules.NotACode):
        rules.require_code(text)


@pytest.mark.parametrize("text", ["张三", "staff:", ":1", "staff:a b", "staff", "staff:1\n"])
def test_a_name_is_no_reference(text: str) -> None:
    with pytest.raises(rules.NotACode):
        rules.require_reference(text)


def test_the_chart_names_both_languages_and_splits_the_pool() -> None:
    assert all(entry.title_zh and entry.title_en for entry in chart().values())
    assert entry_of("incentive.pool").shards > 1
    with pytest.raises(rules.UnknownAccountCode):
        entry_of("nowhere")


def test_the_house_owns_nothing_in_somebodys_name() -> None:
    with pytest.raises(rules.OwnerMismatch):
        rules.require_owner(rules.AccountKey("incentive.pool", owner="staff:1"), entry_of("incentive.pool"))
    with pytest.raises(rules.OwnerMismatch):
        rules.require_owner(rules.AccountKey("pay.technician"), entry_of("pay.technician"))


def test_a_balance_grows_on_its_own_side() -> None:
    assert rules.on_normal_side(500, rules.Side.DEBIT) == 500
    assert rules.on_normal_side(-500, rules.Side.CREDIT) == 500
