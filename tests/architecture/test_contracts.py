"""The contracts of ``.importlinter`` hold, and each of them can break."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, contexts, floors

SAMPLE = ("care", "care/tests", "org", "org/tests", "kernel", "published", "fieldwork", "web/desks/a", "web/desks/b")
SAMPLE_FILES = {
    "org/api.py": "",
    "org/models.py": "",
    "org/tests/make.py": "",
    "care/api.py": "from yuanxin.org import api\n",
    "care/models.py": "",
    "care/tests/test_api.py": "from yuanxin.org.tests import make\nfrom yuanxin.care import models\n",
    "fieldwork/api.py": "",
    "kernel/outbox.py": "import django\n",
    "web/desks/a/views.py": "",
    "web/desks/b/views.py": "from yuanxin.care import api\n",
}


def lint(folder: Path) -> str:
    """Return what import-linter says about the package in this folder; the words are those of its report."""
    program = Path(sys.executable).with_name("lint-imports")
    command = [str(program), "--no-logo", "--no-cache", "--config", str(ROOT / ".importlinter")]
    answer = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True, env=_environment(folder))
    return answer.stdout + answer.stderr


def _environment(folder: Path) -> dict[str, str]:
    return {"PYTHONPATH": f"{folder}:{ROOT}", "PATH": "/usr/bin:/bin", "COLUMNS": "200"}


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A small house that keeps all contracts."""
    for room in SAMPLE:
        (tmp_path / "yuanxin" / room).mkdir(parents=True, exist_ok=True)
    for name, text in SAMPLE_FILES.items():
        (tmp_path / "yuanxin" / name).write_text(text)
    for folder in [tmp_path / "yuanxin", *(tmp_path / "yuanxin").rglob("*")]:
        if folder.is_dir():
            (folder / "__init__.py").touch()
    return tmp_path


def test_repository_keeps_all_contracts() -> None:
    answer = lint(ROOT)
    assert "5 kept, 0 broken" in answer, answer


def test_sample_keeps_all_contracts(sample: Path) -> None:
    answer = lint(sample)
    assert "5 kept, 0 broken" in answer, answer


@pytest.mark.parametrize(
    ("contract", "room", "line"),
    [
        ("map", "care/api.py", "from yuanxin.fieldwork import api"),
        ("map", "org/api.py", "from yuanxin.care import api"),
        ("map", "kernel/outbox.py", "from yuanxin.published import facts"),
        ("map", "unheard_of/api.py", ""),
        ("inside", "care/models.py", "from yuanxin.care import api"),
        ("doors", "care/api.py", "from yuanxin.org import models"),
        ("doors", "care/api.py", "from yuanxin.org.models import Staff"),
        ("doors", "care/api.py", "from yuanxin.org.tests import make"),
        ("pure", "care/rules.py", "import django"),
        ("pure", "care/rules.py", "from yuanxin.kernel import outbox"),
        ("pure", "published/facts.py", "from django.db import models"),
        ("faces", "web/desks/a/views.py", "from yuanxin.web.desks.b import views"),
    ],
)
def test_contract_breaks(sample: Path, contract: str, room: str, line: str) -> None:
    target = sample / "yuanxin" / room
    target.parent.mkdir(exist_ok=True)
    (target.parent / "__init__.py").touch()
    target.write_text(f"{line}\n")
    answer = lint(sample)
    assert f"{contract}:" in answer.split("Broken contracts", 1)[-1].split("Contracts:", 1)[-1], answer


def test_every_context_stands_on_a_floor() -> None:
    assert set(contexts()) <= set(floors())
    assert floors()["kernel"] == 0
    assert floors()["config"] == max(floors().values())
