"""``./run``: its words when something is missing, and that its parts are what they are said to be."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.budget import budget_seconds

COMMANDS = ("demo", "test", "lint", "bench", "manage", "shell", "stop", "packages", "lock", "help")
PROGRAMS = ("sh", "cat", "sha256sum", "cut", "dirname", "sed", "rm", "mkdir", "env", "id")


def run(*arguments: str, folder: Path = ROOT, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``./run`` in a checkout with only the programs of `path`, if given."""
    environment = os.environ | {"YUANXIN_HOME": str(folder / ".local")} | ({"PATH": str(path)} if path else {})
    return subprocess.run(
        ["/bin/sh", str(folder / "run"), *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
    )


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout without an environment, and beside it a machine with hardly a program."""
    (tmp_path / "programs").mkdir()
    for name in PROGRAMS:
        found = shutil.which(name)
        assert found, name
        (tmp_path / "programs" / name).symlink_to(found)
    (tmp_path / "checkout").mkdir()
    shutil.copy(ROOT / "run", tmp_path / "checkout")
    shutil.copytree(ROOT / "requirements", tmp_path / "checkout" / "requirements")
    return tmp_path


def test_help_names_every_command() -> None:
    answer = run("help")
    assert answer.returncode == 0
    assert set(re.findall(r"^\./run (\w+)", answer.stdout, re.MULTILINE)) == set(COMMANDS)


def test_unknown_command_is_said_and_refused() -> None:
    answer = run("frobnicate")
    assert answer.returncode == 2
    assert "unknown command frobnicate" in answer.stderr


def test_unknown_packages_are_said_in_one_line(bare: Path) -> None:
    answer = run("packages", "frobnicate", folder=bare / "checkout")
    assert answer.returncode == 1
    assert "there is no frobnicate; known are: base browser dev" in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_missing_python_is_said_in_one_line(bare: Path) -> None:
    answer = run("manage", "check", folder=bare / "checkout", path=bare / "programs")
    assert answer.returncode != 0
    assert answer.stderr.splitlines() == [
        "yuanxin: Python 3.11 or newer is needed (Debian: apt-get install python3)",
    ]


def test_python_without_pip_and_venv_is_said(bare: Path) -> None:
    python = bare / "programs" / "python3"
    python.write_text('#!/bin/sh\ncase "$1" in -c) exit 0 ;; *) exit 1 ;; esac\n')
    python.chmod(0o755)
    answer = run("manage", "check", folder=bare / "checkout", path=bare / "programs")
    assert answer.returncode != 0
    assert "neither pip nor venv works" in answer.stderr.splitlines()[-1]


def test_stop_before_anything_was_set_up_is_one_line(bare: Path) -> None:
    answer = run("stop", folder=bare / "checkout", path=bare / "programs")
    assert answer.returncode == 1
    assert answer.stderr == "yuanxin: nothing was set up here yet\n"


def test_unknown_option_of_demo_is_refused() -> None:
    answer = run("demo", "--frobnicate")
    assert answer.returncode == 1
    assert "unknown option --frobnicate" in answer.stderr


def test_locks_are_hashed_and_name_no_index() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        text = lock.read_text(encoding="utf-8")
        packages = re.findall(r"^[a-z0-9][^\s=]*==[^\s;]+", text, re.MULTILINE)
        blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
        assert packages, lock.name
        assert len([block for block in blocks if "--hash=sha256:" in block]) == len(packages), lock.name
        assert "://" not in text, lock.name


def test_front_end_lock_holds_no_addresses_and_exact_versions() -> None:
    assert "resolved" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert not re.findall(r'": "[\^~><*]', (ROOT / "package.json").read_text(encoding="utf-8"))


def test_tier_has_a_budget_and_it_can_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YUANXIN_TEST_SECONDS", raising=False)
    assert 0 < budget_seconds("fast") < budget_seconds("all") < 45 * 60
    monkeypatch.setenv("YUANXIN_TEST_SECONDS", "7")
    assert budget_seconds("fast") == 7


def test_tier_that_takes_too_long_fails_above_the_closing_line(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it():\n    pass\n")
    environment = os.environ | {"YUANXIN_TEST_SECONDS": "0", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pytest", "-p", "tests.budget", "-p", "no:django", "-p", "no:xdist"]
    answer = subprocess.run(
        [*command, "-c", os.devnull, "--rootdir", str(tmp_path), "-p", "no:cacheprovider", str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )
    lines = answer.stdout.strip().splitlines()
    assert answer.returncode == 1
    assert re.match(r"budget of the fast tier: \d+ s of 0 s, MISSED", lines[-2])
    assert "1 passed" in lines[-1]


def test_a_dead_process_that_nobody_took_note_of_does_not_count_as_running() -> None:
    function = re.search(r"^life_of\(\).*?^}", (ROOT / "run").read_text(), re.MULTILINE | re.DOTALL)
    assert function
    dead = subprocess.Popen(["/bin/true"])
    os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT)
    script = f"{function.group()}\nlife_of {dead.pid}; echo; life_of {os.getpid()}"
    told = subprocess.run(["/bin/sh", "-c", script], check=True, capture_output=True, text=True).stdout.split("\n")
    dead.wait()
    assert told[0] == ""
    assert told[1].isdecimal()


def test_of_two_demos_that_begin_together_one_has_the_folder(tmp_path: Path) -> None:
    functions = re.findall(
        r"^(?:say|die|life_of|still_lives|living_demo|claim_demo)\(\).*?(?:^|; )}$",
        (ROOT / "run").read_text(),
        re.M | re.S,
    )
    script = "\n".join([*functions, "claim_demo; echo mine; sleep 3"])
    together = [
        subprocess.Popen(
            ["/bin/sh", "-c", script],
            env=os.environ | {"YUANXIN_HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(8)
    ]
    told = [one.communicate(timeout=30) for one in together]
    assert [out for out, _ in told].count("mine\n") == 1
    assert sum("a demo runs already" in err for _, err in told) == 7
