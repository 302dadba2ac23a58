"""Events in order of time. Pure: what happens at an event is the caller's."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

Event = Callable[[datetime], None]


@dataclass
class Timeline:
    """What is still to happen until `end` (excluded); of two events at one instant the earlier entered goes first."""

    end: datetime
    _heap: list[tuple[datetime, int, Event]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def at(self, at: datetime, event: Event) -> None:
        """Let `event` happen at an instant. What would happen at the end or later does not happen."""
        if at < self.end:
            heapq.heappush(self._heap, (at, next(self._order), event))

    def take(self) -> Iterator[tuple[datetime, Event]]:
        """Take the events one by one, also those entered meanwhile."""
        while self._heap:
            at, _, event = heapq.heappop(self._heap)
            yield at, event
