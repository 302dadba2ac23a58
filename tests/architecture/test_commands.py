"""Every writing function behind an ``api`` is a command: actor, scope, permission, key, transaction, audit."""

from importlib import import_module
from types import ModuleType, SimpleNamespace

import pytest

from tests.architecture.sources import ROOT, contexts

DOORS = [context for context in contexts() if (ROOT / "yuanxin" / context / "api.py").exists()]


def bare_writers(api: ModuleType | SimpleNamespace, context: str) -> list[str]:
    """Return the names of public functions of the door that come from ``actions`` and are no command."""
    found = []
    for name, member in vars(api).items():
        module = str(getattr(member, "__module__", ""))
        is_action = module.startswith(f"yuanxin.{context}.actions")
        if name.startswith("_") or not is_action or isinstance(member, type):
            continue
        if callable(member) and not hasattr(member, "permission"):
            found.append(f"{context}.api.{name}")
    return found


@pytest.mark.parametrize("context", DOORS)
def test_actions_behind_the_door_are_commands(context: str) -> None:
    assert not bare_writers(import_module(f"yuanxin.{context}.api"), context)


def test_bare_writer_is_found() -> None:
    def open_ticket() -> None:
        """An action that forgot its decorator."""

    open_ticket.__module__ = "yuanxin.care.actions.tickets"
    assert bare_writers(SimpleNamespace(open_ticket=open_ticket), "care") == ["care.api.open_ticket"]
