"""The door of ``supervision``."""

from yuanxin.supervision.actions import replay
from yuanxin.supervision.queries import (
    BoardLine,
    BoardView,
    ParkedDelivery,
    Tally,
    TickerLine,
    board,
    lines,
    open_clocks,
    open_lines,
    parked,
    ticker,
)
from yuanxin.supervision.rules import Colour, SharesUnordered, Stage

__all__ = [
    "BoardLine",
    "BoardView",
    "Colour",
    "ParkedDelivery",
    "SharesUnordered",
    "Stage",
    "Tally",
    "TickerLine",
    "board",
    "lines",
    "open_clocks",
    "open_lines",
    "parked",
    "replay",
    "ticker",
]
