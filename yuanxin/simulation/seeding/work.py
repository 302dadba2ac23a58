"""The days before the demo's morning: invented contacts, lived through the doors by the replay's own engine."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from yuanxin.kernel.acting import acting_as, system
from yuanxin.kernel.tenancy import scope
from yuanxin.published.codes import Channel, Service
from yuanxin.quality import api as quality
from yuanxin.simulation.replay.city import City, Resident
from yuanxin.simulation.replay.day import Day
from yuanxin.simulation.replay.dice import Dice
from yuanxin.simulation.replay.placing import Home, moved
from yuanxin.simulation.replay.plan import DayPlan, PlannedContact
from yuanxin.simulation.replay.reading import Community
from yuanxin.simulation.replay.titles import Reading, Reason, Route
from yuanxin.simulation.seeding import households
from yuanxin.simulation.seeding.organisation import CITY

POOL_FEN = 500_000_00
PER_DAY = 110
HOURS = (8, 9, 9, 10, 10, 11, 14, 15, 15, 16, 17, 19, 20, 20, 21)
CHANNELS = (Channel.PHONE, Channel.PHONE, Channel.PHONE, Channel.WECHAT, Channel.APP, Channel.COUNTER)


@dataclass(frozen=True)
class Story:
    """What an invented caller says, and how often (parts of the sum)."""

    title: str
    reading: Reading
    weight: int


STORIES = (
    Story("电视无信号，开机黑屏", Reading(Reason.TV_FAULT, Route.FIELD, Service.TV, "tv_fault"), 30),
    Story("部分频道马赛克", Reading(Reason.TV_FAULT, Route.FIELD, Service.TV, "tv_fault"), 12),
    Story("宽带上不了网，光猫红灯", Reading(Reason.NO_INTERNET, Route.FIELD, Service.BROADBAND, "no_internet"), 22),
    Story("晚上网速很慢", Reading(Reason.SLOW_SPEED, Route.FIELD, Service.BROADBAND, "slow_speed"), 8),
    Story("网络时断时续", Reading(Reason.INTERMITTENT, Route.FIELD, Service.BROADBAND, "intermittent"), 6),
    Story("账单多收了一个月", Reading(Reason.BILLING, Route.COMPLAINT, Service.TV, ""), 5),
    Story("套餐到期后涨价没有通知", Reading(Reason.PRICE, Route.COMPLAINT, Service.BROADBAND, ""), 4),
    Story("营业厅态度不好", Reading(Reason.SERVICE_ATTITUDE, Route.COMPLAINT, Service.TV, ""), 2),
    Story("询问体育频道怎么找", Reading(Reason.CONTENT, Route.NO_VISIT, Service.TV, ""), 6),
    Story("问的是电信的IPTV", Reading(Reason.NOT_OURS, Route.NO_VISIT, Service.TV, ""), 5),
)


def live_through(
    homes: Sequence[households.Home],
    crew: dict[str, UUID],
    accounts: dict[str, UUID],
    dice: random.Random,
    *,
    until: datetime,
    say: Callable[[str], object],
) -> None:
    """Live the working day before ``until`` and the morning of its own day."""
    with acting_as(system("seed", scope=CITY)), transaction.atomic(), scope(CITY):
        quality.fund_pool(fen=POOL_FEN, cause="decision:demo", at=until - timedelta(days=2))
    causes: dict[str, tuple[str, str]] = {}
    for day in (until.date() - timedelta(days=1), until.date()):
        plan, city = _planned(day, homes, crew, accounts, dice)
        lived = Day(plan, city, Dice(dice.randrange(1000)), until=until, causes=causes, say=lambda hour: None)
        lived.run()
        say(f"lived {day}: {len(plan.contacts)} contacts")


def _planned(
    day: date,
    homes: Sequence[households.Home],
    crew: dict[str, UUID],
    accounts: dict[str, UUID],
    dice: random.Random,
) -> tuple[DayPlan, City]:
    nowhere = Home(Community(0, "", "", "", "", 0.0, 0.0, None), 1)
    contacts: list[PlannedContact] = []
    residents: dict[str, Resident] = {}
    for index in range(PER_DAY):
        story = dice.choices(STORIES, [story.weight for story in STORIES])[0]
        callers = (home for home in iter(lambda: dice.choice(homes), None) if story.reading.service in home.services)
        home = next(callers)
        at = moved(time(dice.choice(HOURS), dice.randrange(60)), day)
        number = f"{day:%m%d}{index:04d}"
        contacts.append(PlannedContact(number, story.title, at, dice.choice(CHANNELS), story.reading, nowhere))
        residents[number] = Resident(home.customer_id, home.address_id)
    contacts.sort(key=lambda contact: contact.at)
    plan = DayPlan(day, day, tuple(contacts), (), 1, 0, len(contacts), (), ())
    return plan, City(accounts["A0001"], accounts["D0001"], crew, residents, 0)
