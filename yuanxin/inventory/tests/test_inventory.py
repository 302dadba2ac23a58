"""Stories of what customers have, and when we came to know it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from yuanxin.inventory import api as inventory
from yuanxin.inventory.models import ProductSpan, Subscriber, SubscriberSpan
from yuanxin.inventory.tests import make
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tests.make import at
from yuanxin.kernel.verify import verify
from yuanxin.parties import api as parties
from yuanxin.parties.tests import make as parties_make
from yuanxin.published.codes import Service

MAY, JUNE, JULY = at("2026-05-01 00:00"), at("2026-06-01 00:00"), at("2026-07-01 00:00")
pytestmark = pytest.mark.usefixtures("foshan")


@pytest.fixture(autouse=True)
def _clean_books(foshan: str) -> Iterator[None]:
    """Whatever the story, the invariants hold at its end."""
    yield
    names = ["inventory.spans_do_not_overlap", "inventory.subscribers_have_a_state", "inventory.trails_follow_parents"]
    assert [line for finding in verify(names) for line in finding.violations] == []


def codes_at(customer: UUID, day: datetime, *, known_at: datetime | None = None) -> list[tuple[str, ...]]:
    views = inventory.subscribers_of(customer, day, known_at=known_at)
    return [tuple(product.offering_code for product in view.products) for view in views]


def test_a_customer_has_services_at_an_instant_and_not_before() -> None:
    customer = parties_make.customer()
    subscriber = make.subscriber(customer, at=MAY)
    assert inventory.subscribers_of(customer, MAY - timedelta(seconds=1)) == []
    (view,) = inventory.subscribers_of(customer, MAY)
    assert (view.id, view.service, view.state) == (subscriber, Service.TV, "normal")
    assert view.address_id == parties.customer(customer).address_ids[0]
    assert inventory.services_of(customer, MAY) == {Service.TV}
    assert inventory.customer_of(subscriber) == customer


def test_a_product_is_held_from_opening_to_closing_and_both_are_told() -> None:
    customer = parties_make.customer()
    subscriber = make.subscriber(customer, at=MAY)
    inventory.open_span(subscriber_id=subscriber, offering_code="tv.sport", at=JUNE)
    inventory.close_span(subscriber_id=subscriber, offering_code="tv.sport", at=JULY)
    assert codes_at(customer, MAY) == codes_at(customer, JULY) == [("tv.basic",)]
    assert codes_at(customer, JUNE) == codes_at(customer, JULY - timedelta(seconds=1)) == [("tv.basic", "tv.sport")]
    told = FactRecord.objects.filter(subject=f"subscriber:{subscriber}").order_by("at")
    assert [fact.name for fact in told] == ["ProductSpanOpened", "ProductSpanClosed"]


def test_what_was_believed_earlier_can_still_be_asked() -> None:
    customer = parties_make.customer()
    subscriber = make.subscriber(customer, at=MAY)
    inventory.open_span(subscriber_id=subscriber, offering_code="tv.sport", at=JUNE)
    inventory.close_span(subscriber_id=subscriber, offering_code="tv.sport", at=JULY)
    for model in (SubscriberSpan, ProductSpan):  # as if all but the closing had been recorded long ago
        model.objects.exclude(valid_to__isnull=False).update(recorded_at=MAY)
    closed_on = ProductSpan.objects.get(superseded_at__isnull=False).superseded_at
    assert closed_on is not None
    later = JULY + timedelta(days=1)
    assert codes_at(customer, later) == [("tv.basic",)]
    assert codes_at(customer, later, known_at=closed_on - timedelta(seconds=1)) == [("tv.basic", "tv.sport")]


def test_a_product_is_not_had_twice_nor_ended_when_it_is_not_had() -> None:
    subscriber = make.subscriber(at=MAY)
    with pytest.raises(inventory.ProductHeldAlready):
        inventory.open_span(subscriber_id=subscriber, offering_code="tv.basic", at=JUNE)
    with pytest.raises(inventory.ProductHeldAlready):
        inventory.open_span(subscriber_id=subscriber, offering_code="tv.basic", at=MAY - timedelta(days=1))
    with pytest.raises(inventory.ProductNotHeld):
        inventory.close_span(subscriber_id=subscriber, offering_code="tv.sport", at=JUNE)
    with pytest.raises(inventory.SubscriberNotFound):
        inventory.open_span(subscriber_id=new_id(), offering_code="tv.basic", at=JUNE)


def test_a_product_closed_at_its_first_instant_never_was() -> None:
    customer = parties_make.customer()
    subscriber = make.subscriber(customer, at=MAY)
    inventory.open_span(subscriber_id=subscriber, offering_code="tv.sport", at=JUNE)
    inventory.close_span(subscriber_id=subscriber, offering_code="tv.sport", at=JUNE)
    assert codes_at(customer, JUNE) == [("tv.basic",)]


def test_states_and_addresses_follow_each_other_without_a_gap() -> None:
    customer = parties_make.customer()
    subscriber = make.subscriber(customer, at=MAY)
    elsewhere = parties_make.address("9栋901")
    inventory.change_state(subscriber_id=subscriber, state="suspended", at=JUNE)
    inventory.change_state(subscriber_id=subscriber, state="suspended", at=JUNE)
    inventory.move_subscriber(subscriber_id=subscriber, address_id=elsewhere, at=JULY)
    assert inventory.subscriber(subscriber, MAY).state == "normal"
    assert inventory.subscriber(subscriber, JUNE).state == "suspended"
    assert inventory.subscriber(subscriber, JULY).address_id == elsewhere
    with pytest.raises(inventory.OutOfOrder):
        inventory.change_state(subscriber_id=subscriber, state="normal", at=MAY)


def test_a_single_subscriber_begins_prepared() -> None:
    customer = parties_make.customer()
    (account,) = parties.accounts_of(customer)
    subscriber = inventory.open_subscriber(
        customer_id=customer, account_id=account.id, address_id=None, service=Service.BROADBAND, at=MAY
    )
    assert inventory.subscriber(subscriber, MAY).state == "prepared"


def test_a_device_leads_from_its_serial_to_whoever_has_it() -> None:
    customer = parties_make.customer()
    subscriber = make.subscriber(customer, at=MAY)
    box = make.device("8230-AA01BC99")
    assert [hit.subject for hit in parties.search("8230aa01bc99")] == [f"device:{box}"]
    inventory.install_device(device_id=box, subscriber_id=subscriber, at=JUNE)
    assert [hit.subject for hit in parties.search("01BC99")] == [f"customer:{customer}"]
    (view,) = inventory.devices_of(customer, JUNE)
    assert (view.id, view.serial, view.kind) == (box, "8230-AA01BC99", "set_top_box")
    with pytest.raises(inventory.DeviceInUse):
        inventory.install_device(device_id=box, subscriber_id=subscriber, at=JUNE)
    inventory.return_device(device_id=box, at=JULY)
    assert inventory.devices_of(customer, JULY) == []
    assert [hit.subject for hit in parties.search("8230-AA01BC99")] == [f"device:{box}"]


def test_a_serial_is_there_once_and_never_empty() -> None:
    make.device("A1")
    with pytest.raises(inventory.SerialTaken):
        make.device("A1")
    with pytest.raises(inventory.SerialMissing):
        inventory.register_device(serial=" ", kind="set_top_box", at=MAY)


def test_a_customer_renamed_keeps_the_serials_of_the_devices() -> None:
    customer = parties_make.customer("张三")
    box = make.device("8230AA01BC99")
    inventory.install_device(device_id=box, subscriber_id=make.subscriber(customer, at=MAY), at=JUNE)
    parties.change_customer(customer_id=customer, name="李四", at=JULY)
    assert [hit.subject for hit in parties.search("8230AA01BC99")] == [f"customer:{customer}"]


def test_a_batch_with_an_unknown_owner_stores_nothing() -> None:
    customer = parties_make.customer()
    (account,) = parties.accounts_of(customer)
    rows = [
        inventory.SubscriberRow(
            id=new_id(), customer_id=owner, account_id=account.id, address_id=None, service=Service.TV
        )
        for owner in (customer, new_id())
    ]
    with pytest.raises(inventory.BatchRefused):
        inventory.load_subscribers(rows=rows, at=MAY)
    stray = inventory.DeviceRow(id=new_id(), serial="B1", kind="onu", subscriber_id=new_id(), customer_id=customer)
    with pytest.raises(inventory.BatchRefused):
        inventory.load_devices(rows=[stray], at=MAY)
    with pytest.raises(inventory.AccountNotFound):
        inventory.open_subscriber(
            customer_id=customer, account_id=new_id(), address_id=None, service=Service.TV, at=MAY
        )
    assert not Subscriber.objects.exists()


def test_the_path_of_a_door_is_its_own_or_its_estates_as_far_as_known() -> None:
    make.nodes()
    estate = parties_make.estate("汇信华府")
    one, two = (parties_make.address(door, estate_id=estate) for door in ("1栋101", "2栋202"))
    assert inventory.path_of(one) is None
    inventory.set_estate_paths(nodes={estate: "GJD01"})
    inventory.set_path(address_id=two, node_code="FD01")
    vague, exact = inventory.path_of(one), inventory.path_of(two)
    assert vague is not None
    assert exact is not None
    assert ([step.code for step in vague.steps], vague.is_known_to_the_home) == (["JF01", "GZ01", "GJD01"], False)
    assert (exact.last.code, exact.is_known_to_the_home) == ("FD01", True)
    common = inventory.common_node([one, two, parties_make.address()])
    assert common is not None
    assert common.code == "GJD01"
    with pytest.raises(inventory.NodeNotFound):
        inventory.set_path(address_id=one, node_code="GJD99")
    with pytest.raises(inventory.BatchRefused):
        inventory.set_estate_paths(nodes={new_id(): "GJD01"})


def test_a_fault_of_a_node_reaches_whoever_hangs_below() -> None:
    make.nodes()
    estate, other = parties_make.estate(), parties_make.estate()
    near, far = (parties_make.customer(address_id=parties_make.address(estate_id=home)) for home in (estate, other))
    make.subscriber(near)
    make.subscriber(far)
    inventory.set_estate_paths(nodes={estate: "FD01", other: "GJD02"})
    assert set(inventory.customers_below("GZ01")) == {near, far}
    assert inventory.customers_below("GJD01") == [near]
    with pytest.raises(inventory.NodeNotFound):
        inventory.customers_below("GJD0")


def test_nodes_hang_in_order_and_once() -> None:
    make.nodes()
    kind = inventory.NodeKind
    for row, error in (
        (inventory.NodeRow(code="X", kind=kind.OLT, parent_code="GJD01"), inventory.PathNotPossible),
        (inventory.NodeRow(code="X", kind=kind.TAP, parent_code="GJD99"), inventory.NodeNotFound),
        (inventory.NodeRow(code="FD01", kind=kind.AMPLIFIER, parent_code="GJD01"), inventory.CodeTaken),
    ):
        with pytest.raises(error):
            inventory.load_nodes(rows=[row])
