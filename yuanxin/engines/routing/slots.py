"""Which windows may a customer be promised, and what does each really cost."""

from collections.abc import Sequence
from dataclasses import replace

from yuanxin.engines.routing.insertion import options
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.plan import Plan, Slot
from yuanxin.engines.routing.problem import Job, Problem, Window


def offer_slots(problem: Problem, job: Job, horizon: Sequence[Window], plan: Plan | None = None) -> list[Slot]:
    """Return the windows of ``horizon`` in which somebody can come, cheapest first; ties by time.

    job: need not be part of the problem; its own windows are ignored. horizon: windows of the start of work,
    Unix seconds, inside the shifts of the problem. plan: what is committed; without it pins and promises count.
    extra_cost: points the committed plan gets dearer, the value of the job not counted.
    """
    slots = []
    others = tuple(one for one in problem.jobs if one.id != job.id)
    for window in horizon:
        wished = replace(job, windows=(window,))
        draft = load(replace(problem, jobs=(*others, wished)), plan)
        if wished.id in draft.crews:
            draft.take_out(wished.id)
        best = min(options(draft, wished), key=lambda option: (option.delta, option.technician), default=None)
        if best is not None:
            start = next(visit.start for visit in best.routes[0].visits if visit.job == job.id)
            slots.append(Slot(window, best.technician, best.delta + job.value, start))
    return sorted(slots, key=lambda slot: (slot.extra_cost, slot.window))
