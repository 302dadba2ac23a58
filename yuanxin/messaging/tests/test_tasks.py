from typing import Any

from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from yuanxin.kernel import clock
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests.make import at as wall
from yuanxin.messaging.models import Message
from yuanxin.messaging.tasks import drain_lane, wake_lanes
from yuanxin.messaging.tests import make
from yuanxin.messaging.tests.channels import Watching
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
