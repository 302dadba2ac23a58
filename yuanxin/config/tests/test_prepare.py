"""Databases are made once per version of their sources, and nobody's data is thrown away."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from yuanxin.config import prepare
from yuanxin.config.prepare import Databases, PreparationFailed, digest
from yuanxin.kernel.server import Server


@pytest.fixture(scope="module")
def cluster() -> Iterator[Server]:
    """A cluster of its own, since templates are dropped in it."""
    folder = Path(tempfile.mkdtemp(prefix="yuanxin-"))
    folder.chmod(0o755)
    server = Server(folder, fast=True)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def told(cluster: Server, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Management commands are written down instead of run; migrate makes the one table that is looked for."""
    commands: list[tuple[str, ...]] = []

    def manage(*arguments: str, database: str = "") -> None:
        commands.append((arguments[0], database))
        if arguments[0] == "migrate":
            cluster.psql("CREATE TABLE IF NOT EXISTS django_migrations (n int)", database=database, user="owner")

    monkeypatch.setattr(prepare, "manage", manage)
    for database in cluster.psql("SELECT datname FROM pg_database WHERE datname ~ '^(demo|plain|yuanxin_)'").split():
        cluster.psql(f'DROP DATABASE "{database}"')
    return commands


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A checkout with one file of each kind."""
    for name in ("requirements/base.txt", "yuanxin/care/migrations/0001.py", "yuanxin/simulation/city.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_migrate_runs_once_per_version(cluster: Server, told: list[tuple[str, ...]], sources: Path) -> None:
    Databases(cluster, sources).migrate("plain")
    Databases(cluster, sources).migrate("plain")
    assert told == [("migrate", "plain")]
    (sources / "yuanxin/care/migrations/0002.py").write_text("more")
    Databases(cluster, sources).migrate("plain")
    assert told == [("migrate", "plain")] * 2


def test_demo_is_seeded_once_and_then_copied(cluster: Server, told: list[tuple[str, ...]], sources: Path) -> None:
    Databases(cluster, sources).copy_demo("demo", fresh=False)
    cluster.psql("CREATE TABLE done_in_the_demo ()", database="demo")
    Databases(cluster, sources).copy_demo("demo", fresh=False)
    assert cluster.psql("SELECT to_regclass('done_in_the_demo') IS NULL", database="demo") == "f"
    Databases(cluster, sources).copy_demo("demo", fresh=True)
    assert cluster.psql("SELECT to_regclass('done_in_the_demo') IS NULL", database="demo") == "t"
    assert told == [("migrate", "yuanxin_making"), ("seed_demo", "yuanxin_making")]


def test_changed_seed_makes_a_new_template_and_drops_the_old(
    cluster: Server, told: list[tuple[str, ...]], sources: Path
) -> None:
    Databases(cluster, sources).copy_demo("demo", fresh=False)
    (sources / "yuanxin/simulation/city.py").write_text("another city")
    Databases(cluster, sources).copy_demo("demo", fresh=False)
    assert [command for command, _ in told] == ["migrate", "seed_demo"] * 2
    assert cluster.psql("SELECT count(*) FROM pg_database WHERE datname ~ '^yuanxin_template_'") == "1"


def test_interrupted_seed_begins_again(
    cluster: Server, told: list[tuple[str, ...]], sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: str, database: str = "") -> None:
        raise PreparationFailed("seed_demo")

    databases = Databases(cluster, sources)
    with monkeypatch.context() as broken:
        broken.setattr(prepare, "manage", fail)
        with pytest.raises(PreparationFailed):
            databases.copy_demo("demo", fresh=False)
    assert not Databases(cluster, sources).exists("demo")
    Databases(cluster, sources).copy_demo("demo", fresh=False)
    assert Databases(cluster, sources).exists("demo")


def test_database_that_no_demo_made_is_kept(
    cluster: Server, told: list[tuple[str, ...]], sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Databases(cluster, sources).migrate("plain")
    Databases(cluster, sources).copy_demo("plain", fresh=True)
    assert "it is now plain_kept_" in capsys.readouterr().err
    assert cluster.psql("SELECT count(*) FROM pg_database WHERE datname ~ '^plain_kept_'") == "1"


def test_digest_sees_content_and_names_but_no_times(sources: Path) -> None:
    first = digest(sources, ["**/*.py"])
    city = sources / "yuanxin/simulation/city.py"
    os.utime(city, (1, 1))
    assert digest(sources, ["**/*.py"]) == first
    city.rename(city.with_name("town.py"))
    assert digest(sources, ["**/*.py"]) != first


def test_odd_database_name_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("YUANXIN_DATABASE", 'x"; DROP DATABASE yuanxin')
    assert prepare.main(["database"]) == 1
    assert "small letters" in capsys.readouterr().err
