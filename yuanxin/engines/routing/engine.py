"""The engines by name. A caller asks for one and never imports it, so the next engine fits without a change."""

from importlib import import_module
from typing import Protocol, cast

from yuanxin.engines.routing.baseline import BaselineEngine
from yuanxin.engines.routing.errors import UnknownEngine
from yuanxin.engines.routing.own import GreedyEngine, OwnEngine
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


ENGINES: dict[str, Engine] = {engine.name: engine for engine in (OwnEngine(), GreedyEngine(), BaselineEngine())}
DEFAULT = OwnEngine.name


# Other people's engines, imported when they are asked for: they come with the extra ``peers``.
PEERS = {
    "pyvrp": "yuanxin.engines.routing.peers.pyvrp_peer",
    "vroom": "yuanxin.engines.routing.peers.vroom_peer",
    "ortools": "yuanxin.engines.routing.peers.ortools_peer",
}


def engine(name: str = DEFAULT) -> Engine:
    """Return an engine. Raises UnknownEngine, also for one that is not installed."""
    if name in PEERS:
        try:
            return cast("Engine", import_module(PEERS[name]).ENGINE)
        except ImportError as missing:
            raise UnknownEngine(name=name) from missing
    if name not in ENGINES:
        raise UnknownEngine(name=name)
    return ENGINES[name]
