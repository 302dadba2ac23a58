"""The plans of the search: always an index, whatever is typed, as the serving role under its policy."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from yuanxin.kernel.tenancy import scope
from yuanxin.parties import api as parties
from yuanxin.parties.queries import tokens
from yuanxin.parties.tests import make

TEXTS = (
    "13900000001", "0001", "陈大文", "陈", "大文", "cdw", "cd", "C4406", "stb0001", "汇信华府", "汇信华府3栋101",
    "陈大文 汇信华府", "cdw 0001", "陈 0001", "陈 汇信",
)  # fmt: skip


def _explained(run: Callable[[], object]) -> list[dict[str, Any]]:
    """Run a search; return the nodes by which its statements read the token table."""
    nodes: list[dict[str, Any]] = []
    plain = tokens._Statement.rows

    def rows(self: Any) -> list[tuple[Any, ...]]:
        answer: Any = connection.connection.execute("EXPLAIN (FORMAT JSON) " + self.text, self.values).fetchone()[0]
        todo = [(json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]]
        while todo:
            node = todo.pop()
            nodes.append(node)
            todo += node.get("Plans", [])
        return plain(self)

    with pytest.MonkeyPatch.context() as watched:
        watched.setattr(tokens._Statement, "rows", rows)
        run()
    return [node for node in nodes if node.get("Relation Name") == "parties_searchtoken"]


def _count_rows() -> None:
    """Let the planner know how many rows there are, as the autovacuum of a running system does; as the owner."""
    known = connection.get_connection_params()
    with psycopg.connect(host=known["host"], port=known.get("port"), dbname=known["dbname"], user="owner") as owner:
        owner.execute("ANALYZE parties_searchtoken")


def test_every_search_reads_the_token_table_through_an_index(in_foshan: str) -> None:
    surnames = "陈王李张刘杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    people = [f"{a}{b}{c}" for a in surnames for b in "大小中东西南北上下" for c in "文武明亮强伟芳敏"]
    with transaction.atomic(), scope(in_foshan):
        make.customers(people, estate_id=make.estate("汇信华府"))
    _count_rows()
    for code in (in_foshan, "44", "*"):
        with transaction.atomic(), scope(code):
            assert connection.connection.execute("SELECT current_user").fetchone() == ("app",)
            for text in TEXTS:
                nodes = _explained(lambda text=text: parties.search(text))  # type: ignore[misc]
                assert nodes, text
                for node in nodes:
                    condition = str(node.get("Index Cond") or node.get("Recheck Cond"))
                    wanted = "subject_id" if node["Alias"] == "s" else "kind"  # s: the tokens of one subject
                    assert wanted in condition, (code, text, node)
