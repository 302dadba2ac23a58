"""One subscriber at a time: states, moves, products."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yuanxin.inventory.actions.spans import end_span, replace_span
from yuanxin.inventory.models import ProductSpan, Subscriber, SubscriberSpan
from yuanxin.inventory.models.spans import SubscriberState
from yuanxin.inventory.queries.subscribers import held_at
from yuanxin.inventory.rules.errors import AccountNotFound, ProductHeldAlready, ProductNotHeld, SubscriberNotFound
from yuanxin.kernel.commands import command
from yuanxin.kernel.ids import IdempotencyKey
from yuanxin.kernel.numbers import next_number
from yuanxin.kernel.outbox import tell
from yuanxin.parties import api as parties
from yuanxin.published.codes import Service
from yuanxin.published.inventory import ProductSpanClosed, ProductSpanOpened
from yuanxin.published.refs import ref


@command("inventory.open_subscriber")
def open_subscriber(
    *, customer_id: UUID, account_id: UUID, address_id: UUID | None, service: Service, at: datetime,
    state: str = SubscriberState.PREPARED.value, key: IdempotencyKey | None = None,
) -> UUID:  # fmt: skip
    """Open a subscriber of a customer; return its id.

    Raises CustomerNotFound, CustomerClosed, AccountNotFound, AddressNotFound.
    """
    parties.require_active(customer_id)
    if account_id not in {account.id for account in parties.accounts_of(customer_id)}:
        raise AccountNotFound(field="account_id", account=str(account_id))
    if address_id is not None:
        parties.address(address_id)
    row = Subscriber.objects.create(
        number=next_number("S", at), customer_id=customer_id, service=service.value, opened_at=at
    )
    SubscriberSpan.objects.create(
        subscriber=row, state=SubscriberState(state), account_id=account_id, address_id=address_id, valid_from=at
    )
    return row.id


def _locked(subscriber_id: UUID) -> Subscriber:
    row = Subscriber.objects.select_for_update().filter(id=subscriber_id).first()
    if row is None:
        raise SubscriberNotFound(subscriber=str(subscriber_id))
    return row


def _state_of(subscriber: Subscriber) -> SubscriberSpan:
    row = SubscriberSpan.objects.filter(subscriber=subscriber, superseded_at=None, valid_to=None).first()
    if row is None:
        raise SubscriberNotFound(subscriber=str(subscriber.id))
    return row


@command("inventory.change_state")
def change_state(*, subscriber_id: UUID, state: str, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Let a subscriber be in another state from `at` on. Raises SubscriberNotFound, OutOfOrder."""
    span = _state_of(_locked(subscriber_id))
    if span.state != state:
        replace_span(span, at, state=SubscriberState(state).value)


@command("inventory.move_subscriber")
def move_subscriber(*, subscriber_id: UUID, address_id: UUID, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Serve a subscriber at another address from `at` on (移机).

    Raises SubscriberNotFound, AddressNotFound, OutOfOrder.
    """
    parties.address(address_id)
    replace_span(_state_of(_locked(subscriber_id)), at, address_id=address_id)


@command("inventory.open_span")
def open_span(*, subscriber_id: UUID, offering_code: str, at: datetime, key: IdempotencyKey | None = None) -> UUID:
    """Let a subscriber have a product from `at` on; return the span's id.

    Raises SubscriberNotFound, ProductHeldAlready.
    """
    subscriber = _locked(subscriber_id)
    mine = ProductSpan.objects.filter(subscriber=subscriber, offering_code=offering_code, superseded_at=None)
    if mine.filter(held_at(at)).exists() or mine.filter(valid_from__gte=at).exists():
        raise ProductHeldAlready(field="offering_code", offering=offering_code)
    row = ProductSpan.objects.create(subscriber=subscriber, offering_code=offering_code, valid_from=at)
    tell(
        ProductSpanOpened(
            subject=ref("subscriber", subscriber.id), at=at, subscriber_id=subscriber.id,
            service=Service(subscriber.service), offering_code=offering_code, valid_from=at,
        )
    )  # fmt: skip
    return row.id


@command("inventory.close_span")
def close_span(*, subscriber_id: UUID, offering_code: str, at: datetime, key: IdempotencyKey | None = None) -> None:
    """Let a subscriber's product end at `at`. Raises SubscriberNotFound, ProductNotHeld."""
    subscriber = _locked(subscriber_id)
    open_one = ProductSpan.objects.filter(
        subscriber=subscriber, offering_code=offering_code, superseded_at=None, valid_to=None, valid_from__lte=at
    ).first()
    if open_one is None:
        raise ProductNotHeld(field="offering_code", offering=offering_code)
    end_span(open_one, at)
    tell(
        ProductSpanClosed(
            subject=ref("subscriber", subscriber.id), at=at, subscriber_id=subscriber.id,
            service=Service(subscriber.service), offering_code=offering_code, valid_to=at,
        )
    )  # fmt: skip
