"""Every command line of the READMEs and the tutorials runs; ``./run test`` would run itself and is left out by name."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

PAGES = ("README.md", "README.zh-CN.md", *sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/tutorial/*.md")))
LEFT_OUT = ("./run test",)
AS_CHECK = {"./run demo": "./run demo --check"}
PLACEHOLDER = re.compile(r"\b[A-Z]{4,}\b")
TOKENS = re.compile(r"```sh\n(.*?)```", re.S)


def command_lines(page: str) -> list[str]:
    """Return the lines of the page's shell blocks, without comments."""
    blocks = TOKENS.findall((ROOT / page).read_text(encoding="utf-8"))
    lines = [line.split("  #")[0].split(" # ")[0].strip() for block in blocks for line in block.splitlines()]
    return [AS_CHECK.get(line, line) for line in lines if line and line not in LEFT_OUT]


def cases(*, of_demo: bool) -> list[str]:
    """Return the documented commands, each once, those of the demo apart."""
    every = dict.fromkeys(line for page in PAGES for line in command_lines(page))
    return [line for line in every if line.startswith("./run demo") == of_demo]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """State of these commands alone; its PostgreSQL stops at the end."""
    folder = tmp_path_factory.mktemp("documented")
    yield folder
    _run("./run stop", folder, 60)


def _run(line: str, home: Path, seconds: int) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("YUANXIN_", "DJANGO_"))}
    return subprocess.run(
        shlex.split(line),
        cwd=ROOT,
        env=kept | {"YUANXIN_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


def test_there_is_something_to_run() -> None:
    assert cases(of_demo=False)
    assert cases(of_demo=True) == ["./run demo --check"]


@pytest.mark.parametrize("line", cases(of_demo=False))
def test_a_documented_command_runs(line: str, home: Path) -> None:
    assert not PLACEHOLDER.search(line), "a command with a placeholder belongs into a block without sh"
    answer = _run(line, home, 240)
    assert answer.returncode == 0, answer.stdout[-1500:] + answer.stderr[-1500:]


@pytest.mark.demo
@pytest.mark.parametrize("line", cases(of_demo=True))
def test_the_demo_checks_itself(line: str, home: Path) -> None:
    answer = _run(line, home, 1500)
    assert answer.returncode == 0, answer.stdout[-1500:] + answer.stderr[-1500:]
