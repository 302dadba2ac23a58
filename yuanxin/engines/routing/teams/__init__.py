"""Team forming (组队派工): who works with whom on which day, and what they do.

A job needs several technicians with levels in several domains; teams are formed in the morning and stay together for
the day; jobs wait for their predecessors; urgent priorities should end early; a budget may pay others for some jobs.
There is no travel in it: it plans network work of days and weeks, as in the ROADEF challenge of 2007.

``problem`` and ``schedule`` are the language, ``checker`` judges a schedule by itself, ``solving.solve`` makes one:
``outsourcing`` chooses what others do, ``decoding`` turns an order of jobs into teams and days, ``search`` looks for
the order, ``daily`` forms the teams of one or two days anew with CP-SAT where OR-Tools is installed.
"""
