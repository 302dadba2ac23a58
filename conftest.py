"""Tests run as the serving role; the owner creates, migrates, empties and drops the test database."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from yuanxin.config.messages import compile_catalogues
from yuanxin.engines.routing.warming import warm
from yuanxin.kernel.server import Server

if "DATABASE_URL" not in os.environ:
    _server = Server(Path(os.environ.get("YUANXIN_TEST_HOME", Path(__file__).parent / ".local")) / "test", fast=True)
    _server.start()
    os.environ["YUANXIN_DATABASE_HOST"] = str(_server.socket_dir)
    os.environ["YUANXIN_DATABASE_PORT"] = str(_server.port)

from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings

from yuanxin.kernel.acting import acting_as
from yuanxin.kernel.numbers import forget_numbers
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests import make

compile_catalogues(Path(__file__).parent / "yuanxin")
hypothesis_settings.register_profile("house", deadline=None)  # tests never time
hypothesis_settings.load_profile("house")
HAS_BROWSER_PACKAGES = importlib.util.find_spec("axe_playwright_python") is not None
collect_ignore_glob = [] if HAS_BROWSER_PACKAGES else ["tests/browser/test_*.py"]


def pytest_configure(config: pytest.Config) -> None:
    """Compile the engine once, before the workers start: a story that waits for it in a transaction would be ended."""
    if not hasattr(config, "workerinput"):
        warm()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out."""
    if not HAS_BROWSER_PACKAGES:
        terminalreporter.write_line("left out: tests/browser (playwright and axe are an extra: ./run test --all)")


def _become(role: str) -> None:
    connection.close()
    if host := os.environ.get("YUANXIN_DATABASE_HOST"):  # the settings were read before this file
        connection.settings_dict |= {"HOST": host, "PORT": os.environ["YUANXIN_DATABASE_PORT"]}
    connection.settings_dict["USER"] = role


@pytest.fixture(scope="session", autouse=True)
def _plain_static_names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What an earlier demo collected is not what is tested."""
    with override_settings(STATIC_ROOT=str(tmp_path_factory.mktemp("static"))):
        yield


@pytest.fixture(scope="session")
def _made_by_owner(django_db_modify_db_settings: None) -> None:
    connection.settings_dict["OPTIONS"].pop("pool", None)
    _become("owner")


@pytest.fixture(scope="session")
def django_db_setup(_made_by_owner: None, django_db_setup: None) -> Iterator[None]:
    """Between the two, pytest-django has created and migrated; it drops after us."""
    _become("app")
    yield
    _become("owner")


_Case: Any = TransactionTestCase
_flush = _Case._fixture_teardown


def _flush_as_owner(self: TransactionTestCase) -> None:
    """TRUNCATE is not granted to ``app``, and append-only tables refuse it from everybody."""
    _become("owner")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'")
        guarded = [table for (table,) in cursor.fetchall()]
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        _flush(self)
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")
        cursor.execute("INSERT INTO kernel_domainclock VALUES (1, now(), now(), 1) ON CONFLICT DO NOTHING")
    forget_numbers()
    _become("app")


_Case._fixture_teardown = _flush_as_owner


@pytest.fixture
def foshan(db: None) -> Iterator[str]:
    """The story plays in Foshan: factories, queries and commands run in this scope, by somebody who may do all."""
    with transaction.atomic(), scope("4406"), acting_as(make.acting("4406")):
        yield "4406"


@pytest.fixture
def in_foshan(transactional_db: None) -> Iterator[str]:
    """The same city for stories that commit: open ``atomic()`` and ``scope("4406")`` yourself."""
    with acting_as(make.acting("4406")):
        yield "4406"
