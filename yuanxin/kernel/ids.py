"""Identifiers. One UUIDv7 (RFC 9562 §5.7) is the primary key of every row that others refer to."""

from __future__ import annotations

import os
import threading
import time
import uuid
from typing import NewType

IdempotencyKey = NewType("IdempotencyKey", str)

_lock = threading.Lock()
_last = 0


def new_id() -> uuid.UUID:
    """Return a UUIDv7 that is greater than every one this process made before.

    48 bits of Unix milliseconds and 12 bits of fraction, made monotonic; 62 random bits.
    The time in it is wall time and only orders rows; it is never read as a domain instant.
    """
    global _last
    with _lock:
        ticks = (time.time_ns() << 12) // 1_000_000
        _last = ticks if ticks > _last else _last + 1
        ticks = _last
    random = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    value = (ticks >> 12) << 80 | 0x7 << 76 | (ticks & 0xFFF) << 64 | 0b10 << 62 | random
    return uuid.UUID(int=value)
