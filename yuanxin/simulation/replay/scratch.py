"""A database of its own for a replay, so that real contacts never stand among the customers of a demonstration.

It is made anew each time, in the same server, beside the database of the settings, and kept until the next replay so
that its tables can be looked at. An interrupted replay leaves nothing anywhere else; the next one begins from nothing.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from yuanxin.kernel.errors import DomainError

MANAGE = Path(__file__).resolve().parents[3] / "manage.py"
_LOCK = 4_406_2015  # an advisory lock of the maintenance database: one replay at a time


class ReplayRunning(DomainError):
    """Another replay is running in this server."""

    code = "simulation.replay_running"


class ServerUnreachable(DomainError):
    """The database server does not answer, or its owner may not create databases. Params: reason."""

    code = "simulation.server_unreachable"


class StepFailed(DomainError):
    """A step of the preparation ended with an error. Params: step, status."""

    code = "simulation.step_failed"


def scratch_name() -> str:
    """Return the name of the database of replays."""
    return f"{settings.DATABASES['default']['NAME']}_replay"


@contextmanager
def scratch_database() -> Iterator[str]:
    """Make the database anew, empty, and keep every other replay away until the block ends.

    Raises ReplayRunning, ServerUnreachable.
    """
    place: dict[str, Any] = settings.DATABASES["default"]
    name = scratch_name()
    try:
        keeper = psycopg.connect(
            host=place["HOST"] or None,
            port=place["PORT"] or None,
            user="owner",
            password=place["PASSWORD"] or None,
            dbname=place["NAME"],
            autocommit=True,
        )
    except psycopg.OperationalError as error:
        raise ServerUnreachable(reason=str(error).strip()[:200]) from error
    with keeper:
        row = keeper.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()
        if row is None or not row[0]:
            raise ReplayRunning
        try:
            keeper.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            keeper.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise ServerUnreachable(reason=str(error).strip()[:200]) from error
        yield name


def run_in(name: str, arguments: Sequence[str], *, role: str) -> None:
    """Run a management command in another database, in a process of its own. Raises StepFailed.

    Photos and signatures of the replay go to a folder of their own.
    """
    place: dict[str, Any] = settings.DATABASES["default"]
    environment = os.environ | {
        "YUANXIN_DATABASE": name,
        "YUANXIN_DATABASE_ROLE": role,
        "YUANXIN_DATABASE_HOST": str(place["HOST"]),
        "YUANXIN_DATABASE_PORT": str(place["PORT"]),
        "YUANXIN_HOME": str(settings.YUANXIN_HOME / "replay"),
    }
    # The program is this interpreter and our own manage.py; the arguments come from the operator's command line.
    ended = subprocess.run([sys.executable, str(MANAGE), *arguments], env=environment, check=False)  # noqa: S603
    if ended.returncode:
        raise StepFailed(step=arguments[0], status=str(ended.returncode))
