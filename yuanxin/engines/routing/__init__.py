"""Dispatch optimiser (派单优化): who goes where and when.

Plain Python without Django and without tables. All instants are whole seconds of Unix time, all
durations whole seconds, all places WGS-84, all prices whole points (one point is what one second of
travel costs at a technician's ``cost_per_min`` of 60). Every number of policy is an argument that the
caller reads from the rulebook.

Where to look: ``problem`` and ``plan`` are the language, ``scheduler.schedule`` is the only function that
turns a sequence of jobs into instants, ``checker.violations`` judges a finished plan without it,
``engine`` lists the engines (``baseline`` is today's practice), and ``insertion``, ``slots``, ``replanning``,
``scoring``, ``explaining``, ``relaxing`` (what one change would help) and ``shortages`` (who is missing) answer one
question each.
"""
