"""Warming up goes through every door of the engine."""

from yuanxin.engines.routing import warming
from yuanxin.engines.routing.core import compiled, search
from yuanxin.engines.routing.insertion import insert


def test_the_tiny_day_is_a_real_one() -> None:
    problem = warming._day()
    assert {one.tech for one in insert(problem, None, problem.job_by_id["new"], 5)} == {"a", "b"}
    warming.warm()


def test_the_warm_up_reaches_the_search_itself() -> None:
    """Else the first who plans waits for the compiler, most of whose time the search takes."""
    warming.warm()
    assert not compiled.IS_COMPILED or search.rounds.signatures  # type: ignore[attr-defined]
