"""Stories of the books, told to the database as the serving role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.commands import command
from yuanxin.kernel.errors import KeyReused, Refused
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.money import Money
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests import make as kernel_make
from yuanxin.kernel.verify import verify
from yuanxin.ledger import api as ledger
from yuanxin.ledger.models import LedgerAccount, LedgerTransaction, Posting
from yuanxin.ledger.tests import make

POOL = ledger.AccountKey("incentive.pool")
PERSON = ledger.AccountKey("pay.technician", owner=make.SOMEBODY)
INVARIANTS = (
    "ledger.sums_to_zero",
    "ledger.transactions_balance",
    "ledger.balances_match",
    "ledger.reversals_mirror",
)


def violations() -> list[str]:
    """Return what the ledger's invariants find."""
    return [line for finding in verify(INVARIANTS) for line in finding.violations]


def test_a_payment_moves_both_balances_and_the_statement_shows_it(foshan: str) -> None:
    of = make.cause()
    id_ = make.payment(fen=2050, of=of)
    make.payment(fen=50, at=make.NOON + timedelta(hours=1))
    assert ledger.balance(PERSON) == Money(2100)
    assert ledger.balance(POOL) == Money(-2100)
    newest, oldest = ledger.statement(PERSON)
    assert (newest.amount_fen, oldest.amount_fen) == (50, 2050)
    assert (oldest.transaction_id, oldest.cause, oldest.memo_code) == (id_, of, "finished")
    assert [line.amount_fen for line in ledger.statement(PERSON, until=make.NOON + timedelta(minutes=1))] == [2050]
    assert ledger.transactions_of(of) == [id_]
    assert violations() == []


def test_a_house_account_is_split_and_its_balance_is_the_sum(foshan: str) -> None:
    for _ in range(40):
        make.payment(fen=100)
    shards = LedgerAccount.objects.filter(code="incentive.pool")
    assert shards.count() > 5
    assert ledger.balance(POOL) == Money(-4000)
    assert ledger.balance(ledger.account("incentive.pool")) == Money(-4000)
    assert LedgerAccount.objects.filter(code="pay.technician").count() == 1
    assert violations() == []


def test_a_reversal_undoes_every_account_and_happens_once(foshan: str) -> None:
    id_ = make.payment(fen=2050)
    back = ledger.reverse(transaction_id=id_, at=make.NOON, reason_code="wrong_order")
    assert (ledger.balance(PERSON), ledger.balance(POOL)) == (Money(0), Money(0))
    assert ledger.statement(PERSON)[0].reverses == id_
    with pytest.raises(ledger.AlreadyReversed):
        ledger.reverse(transaction_id=id_, at=make.NOON, reason_code="wrong_order")
    with pytest.raises(ledger.ReversalNotReversible):
        ledger.reverse(transaction_id=back, at=make.NOON, reason_code="wrong_order")
    with pytest.raises(ledger.UnknownTransaction):
        ledger.reverse(transaction_id=new_id(), at=make.NOON, reason_code="wrong_order")
    assert violations() == []


def test_lines_out_of_balance_are_refused_before_anything_is_written(foshan: str) -> None:
    lines = [ledger.debit(POOL, 100), ledger.credit(PERSON, 99)]
    with pytest.raises(ledger.NotBalanced):
        ledger.post(kind="pay.provisional", lines=lines, cause=make.cause(), at=make.NOON, memo_code="finished")
    assert not LedgerTransaction.objects.exists()


@pytest.mark.parametrize(("cause", "memo_code"), [("张三的工单", "finished"), ("work_order:1", "paid to Mr. Li")])
def test_no_name_and_no_free_text_enters_the_books(foshan: str, cause: str, memo_code: str) -> None:
    lines = [ledger.debit(POOL, 100), ledger.credit(PERSON, 100)]
    with pytest.raises(ledger.NotACode):
        ledger.post(kind="pay.provisional", lines=lines, cause=cause, at=make.NOON, memo_code=memo_code)


def test_two_cities_never_stand_in_one_transaction(foshan: str) -> None:
    lines = [ledger.debit(POOL, 100), ledger.credit(ledger.AccountKey("pay.technician", make.SOMEBODY, "4401"), 100)]
    with pytest.raises(ledger.LinesCrossCities):
        ledger.post(kind="pay.provisional", lines=lines, cause=make.cause(), at=make.NOON, memo_code="finished")


def test_accounts_that_nobody_knows_are_named(foshan: str) -> None:
    for line, error in [
        (ledger.credit(new_id(), 100), ledger.UnknownAccount),
        (ledger.credit(ledger.AccountKey("gold.reserve"), 100), ledger.UnknownAccountCode),
        (ledger.credit(ledger.AccountKey("pay.technician"), 100), ledger.OwnerMismatch),
    ]:
        with pytest.raises(error):
            ledger.post(
                kind="pay.provisional",
                lines=[ledger.debit(POOL, 100), line],
                cause=make.cause(),
                at=make.NOON,
                memo_code="finished",
            )
    with pytest.raises(ledger.UnknownAccount):
        ledger.balance(new_id())


def test_the_same_key_posts_once(foshan: str) -> None:
    key = kernel_make.key()
    body: dict[str, Any] = {
        "kind": "pay.provisional",
        "lines": [ledger.debit(POOL, 100), ledger.credit(PERSON, 100)],
        "cause": make.cause(),
        "at": make.NOON,
        "memo_code": "finished",
    }
    assert ledger.post(key=key, **body) == ledger.post(key=key, **body)
    assert ledger.balance(PERSON) == Money(100)
    with pytest.raises(KeyReused):
        ledger.post(key=key, **(body | {"memo_code": "other"}))


def test_nobody_posts_without_the_permission(foshan: str) -> None:
    with acting_as(kernel_make.acting("4406", "care.*")), pytest.raises(Refused):
        make.payment()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_posting SET amount_fen = amount_fen + 1",
        "DELETE FROM ledger_posting",
        "TRUNCATE ledger_posting",
        "UPDATE ledger_ledgertransaction SET memo_code = 'other'",
        "DELETE FROM ledger_ledgertransaction",
        "INSERT INTO ledger_posting_default SELECT * FROM ledger_posting",
    ],
)
def test_the_serving_role_cannot_change_the_books(foshan: str, statement: str) -> None:
    make.payment()
    with pytest.raises(InsufficientPrivilege), transaction.atomic():
        connection.connection.execute(statement)


def test_another_city_sees_nothing(foshan: str) -> None:
    make.payment()
    with scope("4401"):
        assert ledger.balance(PERSON) == Money(0)
        assert ledger.statement(PERSON) == []
        assert connection.connection.execute("SELECT count(*) FROM ledger_posting").fetchone() == (0,)


def test_a_transaction_out_of_balance_does_not_commit(in_foshan: str) -> None:
    with transaction.atomic(), scope("4406"):
        make.payment()
        account = LedgerAccount.objects.filter(code="pay.technician").get()
        books = LedgerTransaction.objects.get()
    with pytest.raises(IntegrityError, match="out of balance by 5 fen"), transaction.atomic(), scope("4406"):
        Posting.objects.create(transaction=books, account=account, amount_fen=5, occurred_at=make.NOON)
    with transaction.atomic(), scope("4406"):
        assert ledger.balance(PERSON) == Money(2000)
    assert violations() == []


def test_a_posting_and_its_cause_commit_together_or_not_at_all(in_foshan: str) -> None:
    @command("ledger.story")
    def story() -> None:
        make.payment()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        story()
    with transaction.atomic(), scope("4406"):
        assert not LedgerTransaction.objects.exists()
        assert ledger.balance(POOL) == Money(0)
