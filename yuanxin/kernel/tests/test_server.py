"""The launcher of PostgreSQL: started twice, by four at once, killed, interrupted, with other binaries."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from yuanxin.kernel import server as launcher
from yuanxin.kernel.server import NoPostgres, Server, StartFailed, find_binaries, major_of


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory that the server's account can walk to, stopped and removed at the end."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = Path(tempfile.mkdtemp(prefix="yuanxin-"))  # pytest's own directories are closed to other accounts
    folder.chmod(0o755)
    yield folder
    monkeypatch.delenv("YUANXIN_POSTGRES_PROVIDER", raising=False)
    Server(folder).stop()
    shutil.rmtree(folder)


def postmaster_pid(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().split("\n", 1)[0])


def kill_the_postmaster(server: Server) -> None:
    pid = postmaster_pid(server)
    assert (Path("/proc") / str(pid) / "cwd").readlink() == server.data
    os.kill(pid, signal.SIGKILL)


def test_second_start_finds_the_same_postmaster(home: Path) -> None:
    Server(home, fast=True).start()
    first = postmaster_pid(Server(home))
    Server(home, fast=True).start()
    assert postmaster_pid(Server(home)) == first
    assert Server(home).answers()


def test_roles_are_made_and_none_of_those_that_serve_passes_the_policies(home: Path) -> None:
    server = Server(home, fast=True)
    server.start()
    rows = server.psql("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1")
    assert rows.splitlines() == [
        "app|f|f", "backup|f|t", "job|f|f", "loader|f|f", "owner|f|f", "postgres|t|t", "readonly_report|f|f",
    ]  # fmt: skip
    assert server.psql("SELECT current_user", database="yuanxin", user="app") == "app"
    assert server.psql("SELECT count(*) FROM pg_available_extensions WHERE name IN ('btree_gist', 'pg_trgm')") == "2"
    assert server.psql("SHOW listen_addresses") == ""


def test_four_starters_at_once_make_one_cluster(home: Path) -> None:
    command = [sys.executable, "-m", "yuanxin.kernel.server", "start", "--fast", "--home", str(home)]
    starters = [subprocess.Popen(command, cwd=launcher.ROOT, stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [starter.wait(timeout=60) for starter in starters] == [0, 0, 0, 0]
    assert Server(home).psql("SELECT count(*) FROM pg_database WHERE datname = 'yuanxin'") == "1"


@pytest.mark.parametrize("time_to_die", [0.0, 0.5])
def test_killed_postmaster_comes_back_with_its_rows(home: Path, time_to_die: float) -> None:
    server = Server(home)
    server.start()
    server.psql("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n", database="yuanxin", user="owner")
    kill_the_postmaster(server)
    time.sleep(time_to_die)
    server.start()
    assert server.psql("SELECT count(*) FROM kept", database="yuanxin", user="owner") == "1000"


def test_pid_file_of_a_zombie_or_of_a_stranger_does_not_stop_the_start(home: Path) -> None:
    server = Server(home, fast=True)
    server.start()
    server.stop()
    zombie = subprocess.Popen(["true"])  # stays a zombie: nobody asks for its end
    time.sleep(0.1)
    for pid in (zombie.pid, os.getpid()):
        (server.data / "postmaster.pid").write_text(f"{pid}\n{server.data}\n")
        server.start()
        assert server.answers()
        server.stop()
    zombie.wait()


def test_interrupted_first_start_begins_again(home: Path) -> None:
    server = Server(home, fast=True)
    server.start()
    (server.data / "COMPLETE").unlink()
    server.psql("DROP DATABASE yuanxin")
    server.start()
    assert server.psql("SELECT count(*) FROM pg_database WHERE datname = 'yuanxin'") == "1"


def test_stop_of_what_does_not_run_is_quiet_and_start_brings_it_back(home: Path) -> None:
    server = Server(home, fast=True)
    server.stop()
    server.start()
    server.stop()
    assert not server.answers()
    server.start()
    assert server.answers()


def test_fast_is_only_for_the_test_cluster(home: Path) -> None:
    server = Server(home)
    server.start()
    assert server.psql("SHOW fsync") == "on"
    server.stop()
    tests = Server(home, fast=True)
    tests.start()
    assert tests.psql("SHOW fsync") == "off"


def test_socket_directory_is_closed_to_others_and_short_enough(home: Path) -> None:
    server = Server(home / ("deep" * 30), fast=True)
    assert len(os.fsencode(server.socket_dir / ".s.PGSQL.5432")) <= launcher.LONGEST_SOCKET_PATH
    server.start()
    assert server.answers()
    assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
    server.stop()
    shutil.rmtree(server.socket_dir)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make somebody else's directory")
def test_socket_directory_of_somebody_else_is_refused(home: Path) -> None:
    server = Server(home, fast=True)
    server.socket_dir.mkdir()
    os.chown(server.socket_dir, 1234, 1234)
    with pytest.raises(StartFailed, match="belongs to somebody else"):
        server.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="as an ordinary user the server runs as yourself")
def test_programs_under_a_closed_directory_are_copied(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = find_binaries()
    closed = home / "closed"
    package = closed / found.parents[1].name
    shutil.copytree(found.parent, package / found.parent.name, symlinks=True)
    libraries = found.parents[1].with_name(f"{found.parents[1].name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, closed / libraries.name, symlinks=True)
    closed.chmod(0o700)
    monkeypatch.setattr(launcher, "find_binaries", lambda provider: package / found.parent.name / "bin")
    server = Server(home / "cluster", fast=True)
    assert server.bin.is_relative_to(home / "cluster")
    server.start()
    assert server.answers()
    server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="as an ordinary user the server runs as yourself")
def test_home_under_a_closed_directory_moves_to_the_state_of_the_machine(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "STATE_WHEN_HOME_IS_CLOSED", home / "state")
    (home / "closed").mkdir(mode=0o700)
    server = Server(home / "closed" / "postgres", fast=True)
    assert server.home.parent == home / "state"
    server.start()
    assert server.answers()
    server.stop()


@pytest.mark.parametrize("provider", ["celerp", "system"])
def test_spare_provider_serves_too(home: Path, provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUANXIN_POSTGRES_PROVIDER", provider)
    try:
        binaries = find_binaries(provider)
    except NoPostgres:
        pytest.skip(f"no {provider} PostgreSQL here: requirements/spare-postgres.txt or apt-get install postgresql")
    server = Server(home, fast=True)
    server.start()
    assert int(server.psql("SHOW server_version_num")) // 10000 == major_of(binaries) >= launcher.OLDEST_SYSTEM_MAJOR
    server.stop()


def test_missing_binaries_are_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "_packaged", lambda package: None)
    monkeypatch.setattr(launcher, "_system", lambda: None)
    with pytest.raises(NoPostgres, match=r"no PostgreSQL found .*DATABASE_URL"):
        find_binaries()
    with pytest.raises(NoPostgres, match="none of embedded, celerp, system"):
        find_binaries("mysql")


def test_given_database_needs_no_server(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db.example/yuanxin")
    assert launcher.main(["start", "--home", str(home)]) == 0
    assert launcher.main(["url", "--home", str(home)]) == 0
    assert capsys.readouterr().out.endswith("postgresql://app@db.example/yuanxin\n")
    assert list(home.iterdir()) == []


def test_status_tells_by_exit_code(home: Path) -> None:
    arguments = ["--fast", "--home", str(home)]
    assert launcher.main(["status", *arguments]) == 3
    assert launcher.main(["start", *arguments]) == 0
    assert launcher.main(["status", *arguments]) == 0
    assert launcher.main(["stop", *arguments]) == 0
