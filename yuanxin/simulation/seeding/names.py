"""Invented names, doors and numbers. Everything is thrown with seeded dice; nobody of it exists."""

from __future__ import annotations

import random
from collections.abc import Iterator

SURNAMES = "陈李黄梁何林张罗吴郑谭邓周叶冯麦潘霍区欧关简庞邱卢伍龙苏曾谢钟冼莫江岑招孔彭蔡徐"
GIVEN = "伟志明永强国华文杰俊辉建军家豪嘉欣婉玲丽娟秀英凤仪惠芳美珍雪梅燕琼淑贞浩然子轩梓晴晓彤思敏颖诗绮雯卓健锦荣耀"
ESTATE_FIRST = (
    "锦绣",
    "荷塘",
    "莲升",
    "紫竹",
    "石湾",
    "澜石",
    "同济",
    "汾江",
    "季华",
    "岭南",
    "绿景",
    "张槎",
    "朝安",
    "普君",
    "古灶",
)
ESTATE_LAST = ("花园", "新村", "雅苑", "名居", "华庭", "豪园", "小区", "里")


def people(dice: random.Random) -> Iterator[str]:
    """Yield names without end."""
    while True:
        length = 2 if dice.random() < 0.85 else 1
        yield dice.choice(SURNAMES) + "".join(dice.choice(GIVEN) for _ in range(length))


KNOWN_NAME, KNOWN_PHONE = "黄阿婆", "19200007272"
"""The customer of the demonstration; nobody else's number ends as hers."""


def phones() -> Iterator[str]:
    """Yield mobile numbers of a block that no operator has assigned, each once."""
    for number in range(10_000_000):
        if f"{number:04d}"[-4:] != KNOWN_PHONE[-4:]:
            yield f"1920{number:07d}"


def estates(count: int) -> list[str]:
    """Return different invented names of estates."""
    pairs = [f"{first}{last}" for last in ESTATE_LAST for first in ESTATE_FIRST]
    return [
        pairs[index % len(pairs)] + ("" if index < len(pairs) else f"{index // len(pairs) + 1}期")
        for index in range(count)
    ]


def doors(households: int) -> Iterator[str]:
    """Yield the doors of an estate, building by building, six floors above the first, four doors each."""
    for index in range(households):
        building, rest = divmod(index, 96)
        unit, rest = divmod(rest, 48)
        floor, door = divmod(rest, 4)
        yield f"{building + 1}座{unit + 1}梯{floor + 1}{door + 1:02d}"
