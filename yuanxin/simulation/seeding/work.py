"""The week before the demo's morning, lived through the doors by the living city itself."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from yuanxin.care import api as care
from yuanxin.kernel import clock
from yuanxin.kernel.acting import acting_as, system
from yuanxin.kernel.tenancy import scope
from yuanxin.parties import api as parties
from yuanxin.published.codes import Channel
from yuanxin.published.refs import ref_id
from yuanxin.quality import api as quality
from yuanxin.simulation.living.life import Life
from yuanxin.simulation.living.pace import Standing
from yuanxin.simulation.living.tally import Tally
from yuanxin.simulation.living.town import Town, read_town
from yuanxin.simulation.seeding import names
from yuanxin.simulation.seeding.organisation import CITY

POOL_FEN = 500_000_00
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
GREETED_AFTER = timedelta(hours=26)


def live_through(*, until: datetime, seed: int, say: Callable[[float], object], lasting: timedelta = WEEK) -> Tally:
    """Live the week before ``until``; return what was done and refused. say: hears the part lived, 0 to 1."""
    start = until - lasting
    with acting_as(system("seed", scope=CITY)), transaction.atomic(), scope(CITY):
        quality.fund_pool(fen=POOL_FEN, cause="decision:demo", at=start)
    pace = Standing()
    town = read_town(start)
    _greet(town, at=start + GREETED_AFTER)
    life = Life(
        town,
        start=start,
        end=until,
        rings_from=until - DAY,
        seed=seed,
        pace=pace,
        say=lambda at: say((at - start) / lasting),
    )
    life.run()
    with pace.living(until):
        life.leave_open()
    pace.settle(until)
    return life.tally


def _greet(town: Town, *, at: datetime) -> None:
    """The customer of the demonstration called some days ago, and asked how to find a channel."""
    with transaction.atomic(), scope(CITY):
        known = parties.search(names.KNOWN_PHONE)
    agent = town.acting("agent", random.Random(0))
    for hit in known:
        with clock.standing_at(at), acting_as(agent):
            care.record_contact(
                channel=Channel.PHONE,
                customer_id=ref_id(hit.subject, "customer"),
                reason_code="content",
                outcome=care.Outcome.INFORMATION.value,
                note="72岁，问粤剧频道怎么找，请讲慢一点",
                at=at,
            )
