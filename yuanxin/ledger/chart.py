"""The chart of accounts, read once from ``chart.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from yuanxin.ledger.rules import ChartEntry, Holder, Side, UnknownAccountCode

FILE = Path(__file__).with_name("chart.yaml")


@cache
def chart() -> dict[str, ChartEntry]:
    """Return every account code with its meaning."""
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        code: ChartEntry(
            code=code,
            title_zh=entry["title_zh"],
            title_en=entry["title_en"],
            side=Side(entry["side"]),
            holder=Holder(entry["holder"]),
            shards=entry.get("shards", 1),
        )
        for code, entry in raw.items()
    }


def entry_of(code: str) -> ChartEntry:
    """Return the meaning of an account code. Raises UnknownAccountCode."""
    try:
        return chart()[code]
    except KeyError:
        raise UnknownAccountCode(account=code[:60]) from None
