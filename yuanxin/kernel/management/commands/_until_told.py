"""A stop flag that SIGTERM and SIGINT set, so that a worker ends after its batch."""

from __future__ import annotations

import signal
import threading
from types import FrameType


def stop_flag() -> threading.Event:
    """Return an event that is set when the process is told to stop."""
    told = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        told.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return told
