"""How often a stranger may knock: counters in the cache that all workers share. Wall time, windows of fixed length."""

from __future__ import annotations

import hashlib
import time

from django.core.cache import caches

CACHE = "limits"


def is_over(name: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one knock and tell whether it is one too many in this window of time.

    Two knocks at the very same moment may count as one: this is a brake, not a lock.
    """
    window = int(time.time()) // seconds
    key = hashlib.sha256(f"{name} {who} {window}".encode()).hexdigest()
    knocks = caches[CACHE].get(key, 0) + 1
    caches[CACHE].set(key, knocks, timeout=seconds)
    return int(knocks) > most
