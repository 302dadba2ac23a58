"""The engines by name. A caller asks for one and never imports it, so the next engine fits without a change."""

from typing import Protocol

from yuanxin.engines.routing.baseline import BaselineEngine
from yuanxin.engines.routing.errors import UnknownEngine
from yuanxin.engines.routing.greedy import GreedyEngine
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Problem
from yuanxin.engines.routing.watching import Watch


class Engine(Protocol):
    """What every engine offers."""

    name: str

    def solve(
        self, problem: Problem, seconds: float, warm: Plan | None = None, seed: int = 0, watch: Watch | None = None
    ) -> Plan:
        """Return a plan that breaks no hard rule within about ``seconds`` of CPU time; ``watch`` may end it sooner."""
        ...


ENGINES: dict[str, Engine] = {engine.name: engine for engine in (GreedyEngine(), BaselineEngine())}
DEFAULT = GreedyEngine.name


def engine(name: str = DEFAULT) -> Engine:
    """Return an engine. Raises UnknownEngine."""
    if name not in ENGINES:
        raise UnknownEngine(name=name)
    return ENGINES[name]
