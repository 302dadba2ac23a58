"""The first engine: every job, the most urgent first, goes where it costs least; then jobs may move once."""

from time import thread_time

from yuanxin.engines.routing.draft import Draft
from yuanxin.engines.routing.explaining import reasons_for_all
from yuanxin.engines.routing.insertion import Option, options
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Job, Problem
from yuanxin.engines.routing.watching import Watch


class GreedyEngine:
    """Insertion by value, then relocation until nothing improves or the time is up. Deterministic."""

    name = "greedy"

    def solve(
        self, problem: Problem, seconds: float, warm: Plan | None = None, seed: int = 0, watch: Watch | None = None
    ) -> Plan:
        """Return a feasible plan; every job left out carries its reasons.

        seconds: CPU time for the search, so that a busy machine changes no plan; explaining what is left out comes
        on top. warm: a plan to keep as far as it holds. seed, watch: unused, no dice are thrown.
        """
        begun = thread_time()
        draft = load(problem, warm)
        untried = fill(draft, deadline=begun + seconds)
        improve(draft, deadline=begun + seconds)
        reasons = reasons_for_all(draft, untried)
        return draft.to_plan(reasons=reasons, engine=self.name, seconds=thread_time() - begun)


def fill(draft: Draft, *, deadline: float) -> set[str]:
    """Insert what is worth it; return the jobs that time did not allow to try. deadline: CPU seconds."""
    untried: set[str] = set()
    for job in sorted((draft.problem.job_by_id[job] for job in draft.unserved()), key=lambda job: _urgency(draft, job)):
        if thread_time() > deadline:
            untried.add(job.id)
            continue
        best = cheapest(draft, job)
        if best is not None and (best.delta < 0 or job.pinned):
            draft.put(job, best.routes)
    return untried


def improve(draft: Draft, *, deadline: float) -> None:
    """Take jobs out one by one and put them back where the whole plan is cheapest. deadline: CPU seconds."""
    improved = True
    while improved:
        improved = False
        for job in draft.problem.jobs:
            if thread_time() > deadline:
                return
            if job.id in draft.crews and _may_move(draft, job):
                improved = _moved(draft, job) or improved


def cheapest(draft: Draft, job: Job) -> Option | None:
    """Return the cheapest option, ties by technician."""
    return min(options(draft, job), key=lambda option: (option.delta, option.routes[0].technician), default=None)


def _moved(draft: Draft, job: Job) -> bool:
    """Move one job if the total falls; otherwise leave the draft as it was."""
    before, trial = draft.total(), draft.copy()
    trial.take_out(job.id)
    best = cheapest(trial, job)
    if best is None or trial.total() + best.delta >= before:
        return False
    trial.put(job, best.routes)
    draft.become(trial)
    return True


def _may_move(draft: Draft, job: Job) -> bool:
    """Say whether moving this job alone is allowed: it is free, and nobody waits for it or must stay with it."""
    waiting = any(one in draft.crews for one in draft.problem.successors.get(job.id, ()))
    return job.pinned is None and job.crew == 1 and not waiting and not draft.group_mates(job)


def _urgency(draft: Draft, job: Job) -> tuple[int, bool, int, int, int]:
    """Order of insertion: predecessors before successors, pins, crews, then value, then the earliest deadline."""
    depth, before = 0, job.predecessor
    while before is not None:
        depth, before = depth + 1, draft.problem.job_by_id[before].predecessor
    return depth, job.pinned is None, -job.crew, -job.value, job.due or draft.problem.turn[job.id]
