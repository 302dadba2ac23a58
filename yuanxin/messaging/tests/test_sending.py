from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from yuanxin.kernel import acting
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests.make import at as wall
from yuanxin.messaging import api as messaging
from yuanxin.messaging.actions.sending import send_due
from yuanxin.messaging.models import Message
from yuanxin.messaging.queries import lanes_due
from yuanxin.messaging.rules import LANES
from yuanxin.messaging.tests import make
from yuanxin.messaging.tests.channels import Taking
from yuanxin.parties import api as parties
from yuanxin.parties.tests import make as parties_make
from yuanxin.published.codes import MessageClass

MORNING = wall("2026-11-24 09:10")
NIGHT = wall("2026-11-24 22:30")
CHANNEL = "yuanxin.messaging.tests.channels."


def state_of(message_id: UUID) -> tuple[str, str]:
    row = Message.objects.get(pk=message_id)
    return row.state, row.reason or row.error_code


def told(message_id: UUID) -> list[str]:
    return list(FactRecord.objects.filter(subject=f"message:{message_id}").values_list("name", flat=True))


def queue(at: datetime = MORNING, **change: object) -> UUID:
    change.setdefault("to", parties_make.customer())
    return make.message(at=at, **change)  # type: ignore[arg-type]


def test_a_promise_reaches_the_simulated_telephone_in_words(foshan: str) -> None:
    customer = parties_make.customer(phone="13800138000")
    message = queue(to=customer)
    assert send_due(at=MORNING) == 1
    (line,) = messaging.inbox(customer)
    assert "11月24日10:00-12:00" in line.text
    assert line.phone_masked == "138****8000"
    assert state_of(message) == ("delivered", "")
    assert told(message) == []


def test_english_words_for_who_wants_them(foshan: str) -> None:
    message = queue(language="en")
    send_due(at=MORNING)
    (seen,) = messaging.messages_about(Message.objects.get(pk=message).cause)
    assert "24/11 10:00-12:00" in seen.text


def test_no_table_of_ours_holds_the_number_in_clear(foshan: str) -> None:
    queue(to=parties_make.customer(phone="13800138000"))
    send_due(at=MORNING)
    with connection.cursor() as cursor:
        for table in ("messaging_message", "messaging_simulatorinbox", "kernel_factrecord"):
            cursor.execute(f"SELECT count(*) FROM {table} row WHERE row::text LIKE '%%13800138000%%'")
            assert cursor.fetchone() == (0,)


def test_the_same_cause_at_the_same_instant_is_one_message(foshan: str) -> None:
    customer, cause = parties_make.customer(), "work_order:" + str(new_id())
    for _ in range(2):
        queue(to=customer, cause=cause)
    send_due(at=MORNING)
    assert len(messaging.inbox(customer)) == 1


def test_a_notice_of_the_evening_waits_for_the_morning(foshan: str, rulebooks: None) -> None:
    message = queue(NIGHT, message_class=MessageClass.NOTICE)
    send_due(at=NIGHT)
    assert state_of(message) == ("queued", "")
    assert Message.objects.get(pk=message).send_at == wall("2026-11-25 08:00")
    assert lanes_due(NIGHT) == []
    send_due(at=wall("2026-11-25 08:00"))
    assert state_of(message) == ("delivered", "")


def test_a_promise_and_an_emergency_of_the_night_go_at_once(foshan: str) -> None:
    messages = [queue(NIGHT, message_class=lane) for lane in (MessageClass.PROMISE, MessageClass.EMERGENCY)]
    send_due(at=NIGHT)
    assert [state_of(message)[0] for message in messages] == ["delivered", "delivered"]


def test_marketing_needs_consent_and_ends_with_its_withdrawal(foshan: str, rulebooks: None) -> None:
    customer = parties_make.customer()
    refused = queue(to=customer, message_class=MessageClass.MARKETING)
    send_due(at=MORNING)
    assert state_of(refused) == ("suppressed", "no_consent")
    parties.give_consent(customer_id=customer, purpose="marketing", version="2026-01", channel="app", at=MORNING)
    later = MORNING + timedelta(hours=1)
    wanted = queue(later, to=customer, message_class=MessageClass.MARKETING)
    send_due(at=later)
    assert state_of(wanted) == ("delivered", "")
    parties.withdraw_consent(customer_id=customer, purpose="marketing", at=later)
    after = queue(later + timedelta(hours=1), to=customer, message_class=MessageClass.MARKETING)
    send_due(at=later + timedelta(hours=1))
    assert state_of(after) == ("suppressed", "no_consent")


def test_a_customer_nobody_knows_cannot_be_told(foshan: str) -> None:
    message = queue(to=new_id())
    send_due(at=MORNING)
    assert state_of(message) == ("suppressed", "no_phone")


def test_words_that_are_no_longer_true_are_held_back(foshan: str) -> None:
    message = queue(useful_until=MORNING + timedelta(minutes=30))
    send_due(at=MORNING + timedelta(hours=1))
    assert state_of(message) == ("suppressed", "stale")


def test_the_most_urgent_lane_goes_first(foshan: str, rulebooks: None, channels: Any) -> None:
    channels.YUANXIN_MESSAGE_CHANNELS = {"sms": CHANNEL + "Taking"}
    classes = [MessageClass.NOTICE, MessageClass.EMERGENCY, MessageClass.PROMISE]
    for message_class in classes:
        queue(message_class=message_class)
    assert lanes_due(MORNING) == [MessageClass.EMERGENCY, MessageClass.PROMISE, MessageClass.NOTICE]
    for _ in classes:
        send_due(at=MORNING, size=1)
    assert [parcel.message_class for parcel in Taking.parcels] == ["emergency", "promise", "notice"]


def test_one_lane_does_not_touch_another(foshan: str) -> None:
    notice = queue(message_class=MessageClass.NOTICE)
    assert send_due(at=MORNING, lanes=[MessageClass.EMERGENCY]) == 0
    assert state_of(notice) == ("queued", "")


def test_a_silent_channel_is_tried_again_and_then_given_up(foshan: str, rulebooks: None, channels: Any) -> None:
    channels.YUANXIN_MESSAGE_CHANNELS = {"sms": CHANNEL + "Down"}
    message = queue()
    tried_at, tries = MORNING, 0
    while Message.objects.get(pk=message).state == "queued":
        tries += send_due(at=tried_at)
        tried_at = Message.objects.get(pk=message).send_at
    assert tries == 5
    assert tried_at == MORNING + timedelta(seconds=30 * (1 + 4 + 16 + 64))
    assert state_of(message) == ("failed", "messaging.channel_down")
    assert told(message) == ["MessageFailed"]


def test_a_channel_that_comes_back_delivers(foshan: str, rulebooks: None, channels: Any) -> None:
    channels.YUANXIN_MESSAGE_CHANNELS = {"sms": CHANNEL + "Down"}
    message = queue()
    send_due(at=MORNING)
    channels.YUANXIN_MESSAGE_CHANNELS = {"sms": "yuanxin.messaging.simulator.SimulatorChannel"}
    send_due(at=MORNING + timedelta(seconds=30))
    assert state_of(message) == ("delivered", "")


def test_a_refusing_channel_is_not_asked_again(foshan: str, channels: Any) -> None:
    channels.YUANXIN_MESSAGE_CHANNELS = {"sms": CHANNEL + "Refusing"}
    message = queue()
    send_due(at=MORNING)
    assert state_of(message) == ("failed", "messaging.channel_refused")


def test_a_channel_without_an_adapter_is_named(foshan: str, channels: Any) -> None:
    channels.YUANXIN_MESSAGE_CHANNELS = {}
    message = queue()
    send_due(at=MORNING)
    assert state_of(message) == ("failed", "messaging.channel_unknown")


def test_a_sender_that_died_leaves_its_messages_to_the_next_and_nobody_gets_two(foshan: str) -> None:
    customer = parties_make.customer()
    message = queue(to=customer)
    send_due(at=MORNING)
    Message.objects.filter(pk=message).update(state="queued", ended_at=None, sent_at=None, leased_until=None)
    send_due(at=MORNING)
    assert len(messaging.inbox(customer)) == 1
    assert state_of(message) == ("delivered", "")


def test_a_leased_message_is_not_taken_by_a_second_sender(foshan: str) -> None:
    message = queue()
    Message.objects.filter(pk=message).update(leased_until=wall("2099-01-01 00:00"))
    assert send_due(at=MORNING) == 0
    assert lanes_due(MORNING) == []


def test_receipts_may_come_early_twice_and_out_of_order(foshan: str) -> None:
    message = queue()
    for receipt, state in (("delivered", "delivered"), ("sent", "delivered"), ("failed", "delivered")):
        assert messaging.record_receipt(message_id=message, receipt=receipt, at=MORNING) == state
    assert told(message) == []
    assert send_due(at=MORNING) == 0


def test_a_failure_that_a_delivery_corrects(foshan: str) -> None:
    message = queue()
    messaging.record_receipt(message_id=message, receipt="failed", at=MORNING, error_code="carrier.full")
    assert state_of(message) == ("failed", "carrier.full")
    messaging.record_receipt(message_id=message, receipt="delivered", at=MORNING)
    assert state_of(message) == ("delivered", "")


@pytest.mark.parametrize("receipt", ["queued", "suppressed", "", "DROP TABLE"])
def test_an_unreadable_receipt_is_refused(foshan: str, receipt: str) -> None:
    with pytest.raises(messaging.ReceiptUnreadable):
        messaging.record_receipt(message_id=queue(), receipt=receipt, at=MORNING)


def test_a_receipt_of_an_unknown_message_is_refused(foshan: str) -> None:
    with pytest.raises(messaging.MessageUnknown):
        messaging.record_receipt(message_id=new_id(), receipt="sent", at=MORNING)


def test_a_receipt_of_a_held_back_message_is_refused(foshan: str) -> None:
    message = queue(to=new_id())
    send_due(at=MORNING)
    with pytest.raises(messaging.NeverSent):
        messaging.record_receipt(message_id=message, receipt="delivered", at=MORNING)


def test_an_unknown_template_is_refused_at_once(foshan: str) -> None:
    with pytest.raises(messaging.TemplateUnknown) as refused:
        queue(template="no-such-words")
    assert refused.value.field == "template"


def test_a_missing_parameter_is_refused_before_anything_is_queued(foshan: str) -> None:
    with pytest.raises(messaging.TemplateParameterMissing):
        queue(params={"number": "W1"})
    assert not Message.objects.exists()


def test_the_list_of_messages_says_why_one_was_held_back(foshan: str) -> None:
    queue()
    queue(to=new_id())
    send_due(at=MORNING)
    (row,) = messaging.messages.page({"state": "suppressed,failed"}).rows
    assert row.reason == "no_phone"
    assert messaging.messages.excel({})[:2] == b"PK"


def test_every_class_has_its_lane() -> None:
    assert set(LANES) == set(MessageClass)


def test_who_is_bound_to_no_official_account_gets_a_short_message(foshan: str, channels: Any) -> None:
    simulator = "yuanxin.messaging.simulator.SimulatorChannel"
    channels.YUANXIN_MESSAGE_CHANNELS = {"sms": simulator, "official_account": simulator}
    with scope("*"), acting.acting_as(acting.system("test", scope="*")):
        messaging.save_template(
            template_code="appointment-booked",
            message_class=MessageClass.PROMISE,
            text_zh="工单{number}已预约",
            text_en="Order {number} is booked",
            channel="official_account",
        )
    bound, unbound = parties_make.customer(), parties_make.customer()
    parties.give_consent(customer_id=bound, purpose="official_account", version="2026-01", channel="wechat", at=MORNING)
    for customer in (bound, unbound):
        make.message(to=customer, at=MORNING)
    send_due(at=MORNING)
    assert [line.channel for line in messaging.inbox(bound)] == ["official_account"]
    assert [line.channel for line in messaging.inbox(unbound)] == ["sms"]
    parties.withdraw_consent(customer_id=bound, purpose="official_account", at=MORNING)
    make.message(to=bound, at=MORNING + timedelta(minutes=1))
    send_due(at=MORNING + timedelta(minutes=1))
    assert messaging.inbox(bound)[0].channel == "sms"
