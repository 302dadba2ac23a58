"""The source files of the repository, and the map that ``.importlinter`` draws of them."""

import re
from configparser import ConfigParser
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("yuanxin", "tests", "benchmarks")


@dataclass(frozen=True)
class Source:
    """One file. path: relative to the root of the repository, with slashes."""

    path: str
    text: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The folders and the file name."""
        return tuple(self.path.split("/"))

    @property
    def is_test(self) -> bool:
        """Whether it belongs to tests, which have a roomier budget."""
        return "tests" in self.parts or self.parts[-1] == "conftest.py"

    @property
    def is_migration(self) -> bool:
        """Whether Django wrote it, mostly."""
        return "migrations" in self.parts

    @property
    def context(self) -> str:
        """The package below yuanxin, empty outside."""
        return self.parts[1] if self.parts[0] == "yuanxin" and len(self.parts) > 2 else ""

    @cached_property
    def lines(self) -> int:
        """Number of lines."""
        return len(self.text.splitlines())


def sources(suffix: str) -> list[Source]:
    """Return every file with this suffix below our folders."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob(f"*{suffix}"))]
    paths += sorted(ROOT.glob(f"*{suffix}"))
    return [Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths]


def floors() -> dict[str, int]:
    """Return the floor of every package of the map; 0 is the ground (kernel)."""
    lines = _option("importlinter:contract:map", "layers")
    return {name: height for height, line in enumerate(reversed(lines)) for name in re.findall(r"\w+", line)}


def contexts() -> list[str]:
    """Return the packages that have a door."""
    return _option("importlinter:contract:doors", "contexts")


def _option(section: str, name: str) -> list[str]:
    parser = ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return [line.strip() for line in parser[section][name].splitlines() if line.strip()]
