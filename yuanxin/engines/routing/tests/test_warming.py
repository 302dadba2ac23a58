"""Warming up goes through every door of the engine."""

from yuanxin.engines.routing import warming
from yuanxin.engines.routing.insertion import insert


def test_the_tiny_day_is_a_real_one() -> None:
    problem = warming._day()
    assert {one.tech for one in insert(problem, None, problem.job_by_id["new"], 5)} == {"a", "b"}
    warming.warm()
