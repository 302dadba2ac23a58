"""What ``./run`` does before anything serves, each part only when its sources changed. Imports no Django.

``python -m yuanxin.config.prepare database|demo|files|messages [--fresh]``. Which sources a database was made from is
written as its comment, so a lost or copied cluster never meets a stale stamp. The seeded database of the demo is kept
as a template under the hash of its sources; a demo starts as a copy of it.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from yuanxin.config.messages import BadCatalogue, compile_catalogues
from yuanxin.kernel.server import ROOT, NoAccount, NoPostgres, Server, StartFailed, default_home

SCHEMA_SOURCES = ("requirements/base.txt", "yuanxin/**/migrations/*.py", "yuanxin/**/operations.py")
RULE_SOURCES = ("rulebooks/**/*.yaml", "rulebooks/**/*.json", "yuanxin/**/*.yaml")
SEED_SOURCES = ("yuanxin/simulation/**/*.py", "yuanxin/simulation/**/*.csv")
STATIC_SOURCES = ("requirements/base.txt", "package-lock.json", "yuanxin/**/static/**/*")
SEED_COMMAND = "seed_demo"
TEMPLATE = "yuanxin_template_"
MAKING = "yuanxin_making"


class PreparationFailed(RuntimeError):
    """A step did not succeed; the message says which."""


def digest(root: Path, patterns: Iterable[str]) -> str:
    """Return 16 hex digits over names and contents of the files that match; order and times do not count."""
    answer = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()}):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        answer.update(f"{path.relative_to(root)} {content}\n".encode())
    return answer.hexdigest()[:16]


def manage(*arguments: str, database: str = "") -> None:
    """Run a management command against the named database. Raises PreparationFailed."""
    environment = os.environ | ({"YUANXIN_DATABASE": database} if database else {})
    answer = subprocess.run(  # noqa: S603 (our own manage.py)
        [sys.executable, ROOT / "manage.py", *arguments], check=False, cwd=ROOT, env=environment
    )
    if answer.returncode:
        raise PreparationFailed(f"./run manage {' '.join(arguments)} failed")


class Databases:
    """The databases of one cluster of ours, each with a comment that names what it was made from."""

    def __init__(self, server: Server, root: Path = ROOT) -> None:
        self.server = server
        self.schema = digest(root, (*SCHEMA_SOURCES, *RULE_SOURCES))
        self.seed = digest(root, (*SCHEMA_SOURCES, *RULE_SOURCES, *SEED_SOURCES))

    def migrate(self, name: str) -> None:
        """Bring the schema and the rules of the database up to date; does nothing if they are."""
        self.make_if_absent(name)
        note = self.note(name)
        if note.get("schema") == self.schema:
            return
        manage("migrate", "--verbosity", "0", database=name)
        self.write_note(name, note | {"schema": self.schema})

    def copy_demo(self, name: str, *, fresh: bool) -> None:
        """Make the database a copy of the seeded template, unless it is one already.

        fresh: throw away what was done in an earlier demo. A database that no demo made is kept under another name.
        """
        note = self.note(name)
        if note.get("demo") == self.seed and not fresh:
            return
        template = self.template()
        if self.exists(name):
            if "demo" in note or not self.holds_tables(name):
                self.server.psql(f'DROP DATABASE "{name}" WITH (FORCE)')
            else:
                kept = f"{name}_kept_{datetime.now(UTC):%Y%m%d%H%M%S}"
                self.server.psql(f'ALTER DATABASE "{name}" RENAME TO "{kept}"')
                print(f"yuanxin: database {name} was not made by a demo; it is now {kept}", file=sys.stderr)
        self.server.psql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER owner STRATEGY file_copy')
        self.write_note(name, {"schema": self.schema, "demo": self.seed})

    def template(self) -> str:
        """Return the name of the seeded template, made now if its sources changed; older ones are dropped."""
        name = f"{TEMPLATE}{self.seed}"
        if self.exists(name):
            return name
        for other in self.server.psql("SELECT datname FROM pg_database").splitlines():
            if other.startswith((TEMPLATE, MAKING)):
                self.server.psql(f'DROP DATABASE "{other}" WITH (FORCE)')
        print("yuanxin: seeding the demo (once per version of its sources)", file=sys.stderr)
        self.make_if_absent(MAKING)
        manage("migrate", "--verbosity", "0", database=MAKING)
        manage(SEED_COMMAND, database=MAKING)
        self.server.psql("VACUUM ANALYZE", database=MAKING)
        self.server.psql(f'ALTER DATABASE "{MAKING}" RENAME TO "{name}"')
        return name

    def make_if_absent(self, name: str) -> None:
        """Create an empty database that belongs to the role owner."""
        if not self.exists(name):
            self.server.psql(f'CREATE DATABASE "{name}" OWNER owner')

    def exists(self, name: str) -> bool:
        """Say whether the cluster has this database."""
        return self.server.psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'") == "1"  # noqa: S608 (see _name)

    def holds_tables(self, name: str) -> bool:
        """Say whether anybody migrated this database."""
        return self.server.psql("SELECT to_regclass('public.django_migrations') IS NOT NULL", database=name) == "t"

    def note(self, name: str) -> dict[str, str]:
        """Return what the database was made from: hashes under ``schema`` and ``demo``."""
        told = self.server.psql(
            f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{name}'"  # noqa: S608
        )
        return dict(re.findall(r"(\w+)=(\w+)", told))

    def write_note(self, name: str, note: dict[str, str]) -> None:
        """Write it as the comment of the database."""
        text = " ".join(f"{key}={value}" for key, value in sorted(note.items()))
        self.server.psql(f"COMMENT ON DATABASE \"{name}\" IS '{text}'")


def prepare_files(home: Path, root: Path = ROOT) -> None:
    """Compile the messages and collect the static files of the pages, if their sources changed."""
    compile_catalogues(root / "yuanxin")
    wanted = digest(root, STATIC_SOURCES)
    stamp = home / "stamps" / "static"
    if (home / "static").exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    manage("collectstatic", "--noinput", "--clear", "--verbosity", "0")
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)


def _name(given: str) -> str:
    """Return the name of the database, refused if it could mean more than a name in SQL. Raises PreparationFailed."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", given):
        raise PreparationFailed(f"YUANXIN_DATABASE={given}: small letters, digits and _ only")
    return given


def _prepare_given_database(part: str) -> None:
    """Prepare the database of DATABASE_URL, whose server is not ours: no templates, no comment."""
    manage("migrate", "--verbosity", "0")
    if part == "demo":
        manage(SEED_COMMAND)


def main(arguments: list[str]) -> int:
    """Prepare one part; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m yuanxin.config.prepare", description=__doc__)
    parser.add_argument("part", choices=["database", "demo", "files", "messages"])
    parser.add_argument("--fresh", action="store_true", help="throw away what was done in an earlier demo")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.part == "messages":
            compile_catalogues(ROOT / "yuanxin")
        elif chosen.part == "files":
            prepare_files(default_home().parent)
        elif "DATABASE_URL" in os.environ:
            _prepare_given_database(chosen.part)
        else:
            databases = Databases(Server(default_home()))
            name = _name(os.environ.get("YUANXIN_DATABASE") or "yuanxin")
            if chosen.part == "demo":
                databases.copy_demo(name, fresh=chosen.fresh)
            else:
                databases.migrate(name)
    except subprocess.CalledProcessError as error:
        print(f"yuanxin: {error.stderr.strip() if error.stderr else error}", file=sys.stderr)
        return 1
    except (PreparationFailed, BadCatalogue, NoPostgres, NoAccount, StartFailed, OSError) as error:
        print(f"yuanxin: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
