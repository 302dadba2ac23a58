"""The control room 监督调度: what runs, what is late, who has the next step.

Owned words: board 看板, board row 看板行, ticker 动态, parked delivery 滞留投递, 日清 day close, 签收 sign-off.

Told facts: DaySigned.
Heard facts: those of care, fieldwork, standards and quality that move a running order.

The board is a table fed by facts, so that reading it never asks the contexts that do the work. Facts of one
subject come in order, facts of several subjects do not: every field keeps the instant that last set it, and the
newer instant wins, so any order and any repetition ends in the same row.
"""
