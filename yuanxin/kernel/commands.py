"""``@command``: one transaction = check, write, tell. Every writing function behind an ``api`` is one."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from yuanxin.kernel import acting, codec, outbox, prepared, tenancy
from yuanxin.kernel.errors import KeyReused, NoScope
from yuanxin.kernel.ids import new_id

_Action = TypeVar("_Action", bound=Callable[..., Any])
_running: ContextVar[str] = ContextVar("running", default="")
_alone: ContextVar[bool] = ContextVar("alone", default=False)

_HISTORY = "SELECT set_config('pghistory.context_metadata', %s, true), set_config('pghistory.context_id', %s, true)"
_RECEIPT = """
INSERT INTO kernel_commandreceipt (id, province_code, city_code, key, command, actor, body_hash)
SELECT %s, %s, %s, %s, %s, %s, %s FROM (HISTORY) AS history
ON CONFLICT (city_code, key) DO NOTHING
""".replace("HISTORY", _HISTORY)

registry: dict[str, Callable[..., Any]] = {}


def command(permission: str) -> Callable[[_Action], _Action]:
    """Make a function with keyword-only arguments a command.

    permission: ``<context>.<action>``; the actor must have it. A command inside a command asks nobody again:
    the outer one vouches for it.
    An argument named ``key`` is the idempotency key: the same key with the same arguments returns the first
    answer, with others it raises KeyReused; of two concurrent first calls one waits and gets the other's answer.
    The answer must be JSON-able by the function's return annotation.
    """

    def make(action: _Action) -> _Action:
        has_key = "key" in inspect.signature(action).parameters
        registry[permission] = action

        @wraps(action)
        def run(**arguments: Any) -> Any:
            if _running.get():
                return action(**arguments)
            key = arguments.get("key") if has_key else None
            with _frame(permission):
                if not key:
                    prepared.run(_HISTORY, _history(permission))
                    return action(**arguments)
                return _once(action, permission, key, arguments)

        run.permission = permission  # type: ignore[attr-defined]
        return run  # type: ignore[return-value]

    return make


@contextmanager
def _frame(permission: str) -> Iterator[None]:
    actor = acting.current()
    actor.require(permission)
    mark = _running.set(permission)
    try:
        with _transaction(actor.scope), outbox.collecting():
            yield
    finally:
        _running.reset(mark)


@contextmanager
def _transaction(scope: str) -> Iterator[None]:
    if not connection.in_atomic_block:
        with transaction.atomic(), tenancy.scope(scope, until_commit=True):
            yield
        return
    if not tenancy.is_scoped():
        raise NoScope(reason="transaction without scope")
    try:
        if _alone.get():
            yield
        else:
            with transaction.atomic():
                yield
    except BaseException:
        tenancy.read_again()
        if _alone.get():
            transaction.set_rollback(True)
        raise


@contextmanager
def alone() -> Iterator[None]:
    """Let the next command have the open transaction to itself: its failure takes all of it back.

    For doors that run one command and show nothing from the database after an error; it saves the savepoint.
    """
    before = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(before)


def _history(permission: str) -> list[str]:
    """Return what the history triggers of this transaction must know: who acts, and an id for what is done at once."""
    actor = acting.current()
    context: dict[str, str] = {"who": actor.who, "command": permission}
    for name in ("source", "request_id", "on_behalf_of"):
        if value := getattr(actor, name):
            context[name] = value
    return [json.dumps(context), str(new_id())]


def _once(action: Callable[..., Any], permission: str, key: str, arguments: dict[str, Any]) -> Any:
    body_hash = codec.digest({name: value for name, value in arguments.items() if name not in {"key", "at"}})
    actor = acting.current().who
    province_code, city_code = tenancy.home_codes()
    returns = _answer_type(action)
    receipt = new_id()
    made = prepared.run(
        _RECEIPT, [receipt, province_code, city_code, key, permission, actor, body_hash, *_history(permission)]
    ).rowcount
    if not made:
        return _first_answer(city_code, key, (permission, actor, body_hash), returns)
    answer = action(**arguments)
    _store(receipt, codec.to_json(returns, answer))
    return answer


@lru_cache(maxsize=1024)
def _answer_type(action: Callable[..., Any]) -> Any:
    return get_type_hints(action)["return"]


def _store(receipt: UUID, answer: Any) -> None:
    prepared.run("UPDATE kernel_commandreceipt SET answer = %s WHERE id = %s", [Jsonb(answer), receipt])


def _first_answer(city_code: str, key: str, mine: tuple[str, str, bytes], returns: Any) -> Any:
    row = prepared.run(
        "SELECT command, actor, body_hash, answer FROM kernel_commandreceipt WHERE city_code = %s AND key = %s",
        [city_code, key],
    ).fetchone()
    if row is None or (row[0], row[1], bytes(row[2])) != mine:
        raise KeyReused(key=key)
    return codec.from_json(returns, json.loads(row[3]))
