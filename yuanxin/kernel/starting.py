"""What a serving process does in the background right after its start, so that nobody waits for it later."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

Work = Callable[[], None]
_works: list[Work] = []


def at_start(work: Work) -> Work:
    """Register something that web and job workers do once, beside their work; it must not need a database."""
    if work not in _works:
        _works.append(work)
    return work


def warm_up() -> threading.Thread:
    """Begin what was registered in a thread of its own and return at once; a failure is logged, never fatal."""
    thread = threading.Thread(target=_run, args=(tuple(_works),), name="warm-up", daemon=True)
    thread.start()
    return thread


def _run(works: tuple[Work, ...]) -> None:
    for work in works:
        try:
            work()
        except Exception:
            log.exception("warming up failed, the first one who needs it will wait: %s", work.__name__)
