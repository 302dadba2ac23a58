"""Quality 考核与激励: what a finished order was worth, why, and what became of it.

Owned words: pay scheme terms 计酬条件, calculation 计算过程, pay 酬金 (provisional 暂计, in check 待质检,
confirmed 确认, paid out 已发), pay line 酬金明细, adjustment 调整, order outcome 工单结果, repeat fault 重复报障,
incentive pool 激励资金池, inspection 质检, finding 质检问题, statement 结算单, payee 收款方.

Close-out posts a provisional amount through ``ledger`` in the same transaction; an empty pool never stops it. Every
amount keeps the calculation that made it. Later findings (call-back, rating, check, repeat fault) post adjustments
with their reason while the scheme's window is open. One append-only row per finished order and version holds every
instant, pause, actor, rule version, area class and amount.

Tells: PayPosted, PayAdjusted, PoolOverdrawn.
Hears: WorkOrderFinished (within), CallbackRecorded, RatingReceived.
"""
