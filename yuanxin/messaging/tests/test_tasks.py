from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from yuanxin.kernel import clock
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests.make import at as wall
from yuanxin.messaging.actions.sending import send_due
from yuanxin.messaging.models import Message
from yuanxin.messaging.tasks import drain_lane, wake_lanes
from yuanxin.messaging.tests import make
from yuanxin.messaging.tests.channels import Taking, Watching
from yuanxin.parties.tests import make as parties_make
from yuanxin.published.codes import MessageClass

MORNING = wall("2026-11-24 09:10")


def jobs() -> list[tuple[str, int]]:
    rows = ProcrastinateJob.objects.filter(queue_name="messages", status="todo").order_by("-priority")
    return [(row.args["lane"], row.priority) for row in rows]


def test_each_waiting_lane_has_one_job_and_the_most_urgent_comes_first(foshan: str) -> None:
    for message_class in (MessageClass.NOTICE, MessageClass.EMERGENCY, MessageClass.NOTICE):
        make.message(at=MORNING, message_class=message_class)
    for _ in range(2):
        wake_lanes(MORNING)
    assert jobs() == [("emergency", 4), ("notice", 2)]


def test_a_job_empties_its_lane_and_no_other_and_holds_no_transaction_while_it_calls(
    in_foshan: str, channels: Any
) -> None:
    channels.YUANXIN_MESSAGE_CHANNELS = {"sms": "yuanxin.messaging.tests.channels.Watching"}
    with transaction.atomic(), scope(in_foshan):
        for number in ("W1", "W2"):
            customer = parties_make.customer()
            make.message(at=MORNING, to=customer, params={"number": number, **make.WINDOW})
        make.message(at=MORNING, to=customer, message_class=MessageClass.EMERGENCY)
    with clock.standing_at(MORNING):
        drain_lane(tenant="*", lane="promise")
    assert Watching.seen == [("promise", False), ("promise", False)]
    with transaction.atomic(), scope(in_foshan):
        assert sorted(Message.objects.values_list("state", flat=True)) == ["delivered", "delivered", "queued"]


def test_nothing_waits_nothing_wakes(foshan: str) -> None:
    wake_lanes(MORNING)
    assert jobs() == []


def test_two_senders_at_once_hand_every_message_over_once(in_foshan: str, channels: Any) -> None:
    channels.YUANXIN_MESSAGE_CHANNELS = {"sms": "yuanxin.messaging.tests.channels.Taking"}
    with transaction.atomic(), scope(in_foshan):
        customer = parties_make.customer()
        messages = {make.message(at=MORNING, to=customer) for _ in range(40)}

    def send() -> int:
        try:
            return sum(iter(lambda: send_due(at=MORNING, size=5), 0))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        looked_at = sum(future.result() for future in [pool.submit(send) for _ in range(2)])
    assert looked_at == len(messages)
    handed_over = [parcel.message_id for parcel in Taking.parcels]
    assert len(handed_over) == len(messages)
    assert set(handed_over) == messages
