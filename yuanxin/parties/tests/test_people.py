"""Stories of customers and of their values."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.errors import KeyReused, Refused
from yuanxin.kernel.tests.make import acting, at, key
from yuanxin.kernel.verify import verify
from yuanxin.parties import api as parties
from yuanxin.parties.models import BillingAccount, PersonalChange, RevealRecord, SearchToken
from yuanxin.parties.tests import make

NOON = at("2026-11-24 12:00")
pytestmark = pytest.mark.usefixtures("foshan")


def subjects(text: str) -> list[str]:
    return [hit.subject for hit in parties.search(text)]


def test_a_registered_customer_is_shown_masked_and_pays_through_an_account() -> None:
    address = make.address("3栋1201")
    customer = parties.register_customer(name="张三丰", phone="138 0013 8000", address_id=address, at=NOON, key=key())
    view = parties.customer(customer.id)
    assert (view.name_masked, view.phone_masked, view.status) == ("张**", "138****8000", "active")
    assert (view.address_ids, view.class_) == ((address,), "resident")
    (account,) = parties.accounts_of(customer.id)
    assert account.title_masked == "张**"
    assert BillingAccount.objects.get().customer_id == customer.id
    assert parties.phone_of(customer.id) == "13800138000"
    parties.require_active(customer.id)


def test_the_same_key_registers_once() -> None:
    once = key()
    first = parties.register_customer(name="张三", phone="13800138000", at=NOON, key=once)
    assert parties.register_customer(name="张三", phone="13800138000", at=NOON, key=once) == first


@pytest.mark.parametrize(
    ("name", "phone", "error"),
    [
        ("  ", "13800138000", parties.NameMissing),
        ("张三", "12345", parties.PhoneNotValid),
    ],
)
def test_a_bad_field_is_refused_at_the_field_and_nothing_is_written(
    name: str, phone: str, error: type[parties.NameMissing]
) -> None:
    with pytest.raises(error) as refused:
        parties.register_customer(name=name, phone=phone, at=NOON)
    assert refused.value.field in {"name", "phone"}
    assert not BillingAccount.objects.exists()


def test_a_changed_name_is_found_and_the_old_one_goes_to_the_side_table() -> None:
    customer = make.customer("张三")
    parties.change_customer(customer_id=customer, name="李四", phone="0757-83331234", at=NOON)
    assert subjects("张三") == []
    assert subjects("李四") == subjects("ls") == subjects("83331234") == [f"customer:{customer}"]
    assert {(row.field, row.before) for row in PersonalChange.objects.all()} >= {("name", "张三")}


def test_the_sealed_history_holds_no_name_and_no_number() -> None:
    customer = make.customer("张三丰", "13800138000")
    parties.add_contact(customer_id=customer, relation="child", phone="13900139000", name="张无忌")
    parties.change_customer(customer_id=customer, name="李四光", at=NOON)
    parties.erase_customer(customer_id=customer, at=NOON)
    with connection.cursor() as cursor:
        for table in ("customer", "contact", "billingaccount", "customeraddress", "standardaddress"):
            cursor.execute(f"SELECT string_agg(e::text, '') FROM parties_{table}event e")
            text = cursor.fetchone()[0] or ""
            assert not any(word in text for word in ("张", "李四", "13800138000", "13900139000"))


def test_a_relative_is_found_by_the_own_number_until_the_contact_ends() -> None:
    customer = make.customer("张三丰")
    contact = parties.add_contact(customer_id=customer, relation="child", phone="13900139000", name="张无忌")
    (view,) = parties.contacts_of(customer)
    assert (view.name_masked, view.relation, view.phone_masked) == ("张**", "child", "139****9000")
    assert subjects("13900139000") == [f"customer:{customer}"]
    parties.end_contact(customer_id=customer, contact_id=contact, at=NOON)
    assert subjects("13900139000") == []


def test_a_value_in_clear_costs_a_permission_a_reason_and_a_line_in_the_log() -> None:
    customer = make.customer("张三丰", "13800138000")
    with pytest.raises(parties.ReasonMissing):
        parties.reveal(customer_id=customer, field="phone", reason=" ", at=NOON)
    with pytest.raises(parties.FieldNotPersonal):
        parties.reveal(customer_id=customer, field="password", reason="回访", at=NOON)
    with acting_as(acting("4406", "care.open_ticket")), pytest.raises(Refused):
        parties.reveal(customer_id=customer, field="phone", reason="回访", at=NOON)
    assert not RevealRecord.objects.exists()
    assert parties.reveal(customer_id=customer, field="phone", reason="回访", at=NOON) == "13800138000"
    row = RevealRecord.objects.get()
    assert (row.field, row.reason, row.customer_id) == ("phone", "回访", customer)
    for field in parties.PERSONAL_FIELDS:
        assert isinstance(parties.reveal(customer_id=customer, field=field, reason="核对", at=NOON), str)


def test_the_newest_proof_of_identity_counts() -> None:
    customer = make.customer("张三丰")
    assert parties.real_name_of(customer) is None
    with pytest.raises(parties.DocumentNotValid):
        parties.record_real_name(
            customer_id=customer, document_kind="identity_card", document_number="440604199001011234",
            holder_name="张三丰", method="on_site", at=NOON,
        )  # fmt: skip
    for number in ("11010519491231002X", "E12345678"):
        parties.record_real_name(
            customer_id=customer, document_kind="passport" if number[0] == "E" else "identity_card",
            document_number=number, holder_name="张三丰", method="on_site", at=NOON, evidence=b"scan",
        )  # fmt: skip
    proof = parties.real_name_of(customer)
    assert proof is not None
    assert (proof.document_number_masked, proof.holder_name_masked) == ("E*******8", "张**")


def test_consent_is_given_per_purpose_and_gone_at_once() -> None:
    customer = make.customer()
    parties.give_consent(customer_id=customer, purpose="marketing", version="2026-01", channel="app", at=NOON)
    assert parties.has_consent(customer, "marketing")
    assert not parties.has_consent(customer, "survey")
    assert parties.withdraw_consent(customer_id=customer, purpose="marketing", at=NOON)
    assert not parties.withdraw_consent(customer_id=customer, purpose="marketing", at=NOON)
    assert not parties.has_consent(customer, "marketing")


def test_an_erased_customer_leaves_numbers_and_no_words() -> None:
    customer = make.customer("张三丰", "13800138000")
    parties.erase_customer(customer_id=customer, at=NOON)
    view = parties.customer(customer)
    assert (view.name_masked, view.phone_masked, view.status, view.address_ids) == ("", "", "closed", ())
    assert not SearchToken.objects.filter(subject_id=customer).exists()
    with pytest.raises(parties.CustomerClosed):
        parties.require_active(customer)


def test_customers_of_another_city_do_not_exist_here() -> None:
    stranger = make.customer()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM parties_customer")
        assert cursor.fetchone()[0] == 1
        cursor.execute("SELECT set_config('app.scope', '4401', true)")
        cursor.execute("SELECT count(*) FROM parties_customer WHERE id = %s", [stranger])
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT set_config('app.scope', '4406', true)")


def test_the_invariants_hold_after_all_this() -> None:
    make.customers(["张三", "李四", "王五"])
    customer = make.customer()
    parties.erase_customer(customer_id=customer, at=NOON)
    findings = list(
        verify(["parties.customers_have_accounts", "parties.customers_are_found", "parties.points_are_in_china"])
    )
    assert [line for finding in findings for line in finding.violations] == []


def test_work_may_begin_only_where_an_active_customer_is_served() -> None:
    home = make.address(grid_code="440604001")
    mine, gone = make.customer(address_id=home), make.closed_customer(address_id=home)
    assert parties.served_at(mine, home).grid_code == "440604001"
    with pytest.raises(parties.CustomerClosed):
        parties.served_at(gone, home)
    with pytest.raises(parties.AddressNotOfCustomer):
        parties.served_at(mine, make.address())
    with pytest.raises(parties.AddressNotFound):
        parties.served_at(mine, uuid4())
    with pytest.raises(parties.CustomerNotFound):
        parties.served_at(uuid4(), home)


def test_the_same_key_changes_once_and_another_body_is_refused() -> None:
    customer = make.customer("张三")
    once = key()
    for _ in range(2):
        parties.change_customer(customer_id=customer, name="李四", at=NOON, key=once)
    assert PersonalChange.objects.filter(field="name").count() == 1
    with pytest.raises(KeyReused):
        parties.change_customer(customer_id=customer, name="王五", at=NOON, key=once)
