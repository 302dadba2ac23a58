"""Which windows may a customer be promised, and what does each really cost."""

from collections.abc import Sequence
from dataclasses import replace

from yuanxin.engines.routing.core.arrays import only
from yuanxin.engines.routing.insertion import cheapest
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.plan import Plan, Slot
from yuanxin.engines.routing.problem import Job, Problem, Window


def offer_slots(problem: Problem, job: Job, horizon: Sequence[Window], plan: Plan | None = None) -> list[Slot]:
    """Return the windows of ``horizon`` in which somebody can come, cheapest first; ties by time.

    job: need not be part of the problem; its own windows are ignored. horizon: windows of the start of work,
    Unix seconds, inside the shifts of the problem. plan: what is committed; without it pins and promises count.
    extra_cost: points the committed plan gets dearer, the value of the job not counted.
    """
    others = tuple(one for one in problem.jobs if one.id != job.id)
    wished = replace(job, windows=tuple(horizon))
    draft = load(replace(problem, jobs=(*others, wished)), plan)
    if wished.id in draft.crews:
        draft.take_out(wished.id)
    slots = []
    for window in horizon:
        only(draft.arrays, draft.index.node_at[job.id], window)
        best = cheapest(draft, wished)
        if best is not None:
            start = next(visit.start for visit in best.routes[0].visits if visit.job == job.id)
            slots.append(Slot(window, best.technician, best.delta + job.value, start))
    return sorted(slots, key=lambda slot: (slot.extra_cost, slot.window))
