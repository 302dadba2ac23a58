"""How far a long command is: a bar with percent and rest time on a terminal, a line now and then otherwise."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

WIDTH = 30
STEP = 0.1  # of the whole, between two lines where there is no terminal


class Progress:
    """Draws on a stream; what is done is a part of 1."""

    def __init__(self, stream: Any) -> None:
        """stream: with ``write`` and, for a bar, ``isatty``."""
        self._stream, self._is_terminal = stream, bool(getattr(stream, "isatty", lambda: False)())
        self._began = time.monotonic()
        self._told = 0.0
        self._notes: list[str] = []

    def reach(self, part: float, what: str) -> None:
        """Tell that this part is done, and what it was."""
        part = min(1.0, max(0.0, part))
        if self._is_terminal:
            bar = "#" * round(WIDTH * part)
            self._put(f"\r[{bar:<{WIDTH}}] {part:4.0%} {self._rest(part):>12}  {what:<42}")
        elif part >= 1 or part - self._told >= STEP or self._told == 0:
            self._told = part
            self._put(f"{part:4.0%} {what}{self._rest(part, before=', ')}\n")
        if part >= 1:
            self._put("\n" if self._is_terminal else "")
            for line in self._notes:
                self._put(f"{line}\n")

    def note(self, lines: Iterable[str]) -> None:
        """Keep lines for the end."""
        self._notes += lines

    def _rest(self, part: float, before: str = "") -> str:
        if not 0 < part < 1:
            return ""
        seconds = round((time.monotonic() - self._began) * (1 - part) / part)
        return f"{before}{seconds // 60}:{seconds % 60:02d} to go"

    def _put(self, text: str) -> None:
        if text:
            self._stream.write(text)
            self._stream.flush()
