"""What the living city did and what it was refused, for the lines at the end."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection
from psycopg import Error

from yuanxin.kernel.errors import DomainError

log = logging.getLogger(__name__)


class Attempt:
    """One command. went: whether it went through."""

    went = False


class Tally:
    """Counts by name. done: commands that went through; refused: those that did not, by error code."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def trying(self, name: str, otherwise: Callable[[], None] | None = None) -> Iterator[Attempt]:
        """Count what is done inside under a name; whatever goes wrong is counted too, and life goes on.

        otherwise: what to do when it did not go through.
        """
        attempt = Attempt()
        try:
            yield attempt
        except DomainError as refused:
            self._note(name, refused.code)
        except (DatabaseError, Error) as failed:
            self._note(name, type(failed).__name__)
            log.info("%s: %s", name, failed)
            connection.close_if_unusable_or_obsolete()
        except Exception as broken:  # a fault of ours; the city lives on and the last lines name it
            self._note(name, f"fault {type(broken).__name__}")
            log.exception("%s broke", name)
        else:
            attempt.went = True
            self.done[name] += 1
            return
        if otherwise is not None:
            otherwise()

    def _note(self, name: str, why: str) -> None:
        self.refused[name, why] += 1

    @property
    def faults(self) -> int:
        """Return how often something broke that is no refusal."""
        return sum(count for (_, why), count in self.refused.items() if why.startswith("fault "))

    def lines(self) -> Iterator[str]:
        """Yield the words of the end."""
        yield "done: " + (", ".join(f"{name} {count}" for name, count in sorted(self.done.items())) or "nothing")
        if not self.refused:
            yield "refused: nothing"
        for (name, why), count in sorted(self.refused.items()):
            yield f"refused: {name} {count} times ({why})"
