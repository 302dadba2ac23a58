"""An invented city for the benches: estates, doors, customers with accounts, boxes, through the bulk doors."""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

CITY = "4406"
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DOORS = 500
BATCH = 5_000
BOX_EVERY = 4

# The commonest surnames with their share in a thousand, rounded; the rest of the thousand is spread evenly.
_SURNAMES = "王72李72张68刘54陈45杨31赵23黄22周21吴21徐17孙15胡13朱13高12林12何11郭11马11罗11"
_RARER = (
    "梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆"
    "郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文海峰晓东婷雪莹佳欣怡俊豪宇轩梓涵浩然"
    "子墨思雨诗琪嘉慧鑫鹏飞翔龙成林荣光辉"
)
_PLACES = "汇信锦绣翠湖金色星河东方恒福时代依云绿景普君普澜季华岭南石湾祖庙朝安同济文华魁奇澜石张槎南庄"
_KINDS = ("花园", "华府", "新村", "小区", "苑", "雅居", "豪庭", "公馆")


def surnames(dice: random.Random) -> Iterator[str]:
    """Yield surnames for ever, the common ones as often as they are."""
    common = [_SURNAMES[i : i + 3] for i in range(0, len(_SURNAMES), 3)]
    names = [entry[0] for entry in common] + list(_RARER)
    shares = [float(entry[1:]) for entry in common]
    shares += [(1000 - sum(shares)) / len(_RARER)] * len(_RARER)
    while True:
        yield from dice.choices(names, shares, k=1000)


def names(dice: random.Random) -> Iterator[str]:
    """Yield full names for ever; one in five has a given name of one character."""
    for surname in surnames(dice):
        yield surname + "".join(dice.choices(_GIVEN, k=1 if dice.random() < 0.2 else 2))


def estate_name(nth: int) -> str:
    """Return an estate's name; the pairs in it are common, the whole is not."""
    return f"{_PLACES[nth * 2 % 40 : nth * 2 % 40 + 2]}{_PLACES[nth // 20 % 42]}{_KINDS[nth % 8]}{nth}期"


def phone(nth: int) -> str:
    """Return the nth mobile number, spread over the number space."""
    return f"1{38 + nth % 7}{nth * 7_919 % 100_000_000:08d}"


def populate(customers: int, *, city: str = CITY, seed: int = 1) -> None:
    """Fill the database with this many customers of one city, through the doors that seeds use."""
    acting: Any = importlib.import_module("yuanxin.kernel.acting")
    tenancy: Any = importlib.import_module("yuanxin.kernel.tenancy")
    dice = random.Random(seed)
    people = names(dice)
    for start in range(0, customers, BATCH):
        with acting.acting_as(acting.system("bench", scope=city)), transaction.atomic(), tenancy.scope(city):
            _batch(range(start, min(customers, start + BATCH)), people, city)


def _batch(numbers: range, people: Iterator[str], city: str) -> None:
    parties: Any = importlib.import_module("yuanxin.parties.api")
    inventory: Any = importlib.import_module("yuanxin.inventory.api")
    ids: Any = importlib.import_module("yuanxin.kernel.ids")
    codes: Any = importlib.import_module("yuanxin.published.codes")
    estates = [
        _estate(parties, ids.new_id(), nth, city) for nth in range(numbers.start // DOORS, -(-numbers.stop // DOORS))
    ]
    parties.load_estates(rows=estates, at=AT)
    first = numbers.start // DOORS
    homes = [parties.HomeRow(id=ids.new_id(), estate_id=estates[n // DOORS - first].id, door=door(n)) for n in numbers]
    parties.load_addresses(rows=homes, at=AT)
    rows = [
        parties.CustomerRow(
            id=ids.new_id(), account_id=ids.new_id(), name=next(people), phones=phone(n), address_id=home.id
        )
        for n, home in zip(numbers, homes, strict=True)
    ]
    parties.load_customers(rows=rows, at=AT)
    subscribers = [
        inventory.SubscriberRow(
            id=ids.new_id(), customer_id=row.id, account_id=row.account_id, address_id=row.address_id,
            service=codes.Service.TV, offering_codes=("tv.basic",),
        )
        for row in rows
    ]  # fmt: skip
    inventory.load_subscribers(rows=subscribers, at=AT)
    boxes = [
        inventory.DeviceRow(
            id=ids.new_id(), serial=serial(n), kind="set_top_box", subscriber_id=subscribers[n - numbers.start].id,
            customer_id=rows[n - numbers.start].id,
        )
        for n in numbers[::BOX_EVERY]
    ]  # fmt: skip
    inventory.load_devices(rows=boxes, at=AT)


def _estate(parties: Any, id_: Any, nth: int, city: str) -> Any:
    return parties.EstateRow(
        id=id_,
        name=estate_name(nth),
        district_code=f"{city}04",
        grid_code=f"{city}04{nth % 40:03d}",
        town="祖庙",
        street=f"建设{nth}路{nth % 90 + 1}号",
        households=DOORS,
        point=parties.Coordinate(113.05 + nth % 50 * 0.003, 22.95 + nth // 50 % 50 * 0.003),
    )


def door(nth: int) -> str:
    """Return the door of the nth customer: twenty floors of five homes in five buildings."""
    place = nth % DOORS
    return f"{place // 100 + 1}栋{place % 100 // 5 + 1}{place % 5 + 1:02d}"


def serial(nth: int) -> str:
    """Return the serial number of the nth customer's box."""
    return f"STB{nth * 104_729 % 10**9:09d}"


if __name__ == "__main__":
    importlib.import_module("django").setup()
    populate(int(sys.argv[1]))
