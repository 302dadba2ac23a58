"""The compiled heart of the engine: arrays instead of objects, one scheduler, ruin and recreate.

``arrays`` turns a problem into numbers, ``timing`` is the scheduler, ``state`` a plan under work, ``placing`` asks
where one job fits, ``search`` improves. With numba everything is compiled once and cached on disk; without it
the same lines run as plain Python, slower and with the same result.
"""
