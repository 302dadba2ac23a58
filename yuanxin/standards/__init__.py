"""Standards 强制性服务标准: the rulebooks and the clocks that run by them.

Owned words: rulebook 标准册, entry 条目, layer 层级, statutory clock 法定时钟, assessment clock 考核时钟, hold 挂起,
breach 超时, compensation 赔付, parameter 参数. Every number has a source; a lower layer may only be stricter; an order
keeps the rules under which it was accepted; a cable television case has no statutory clock while no rule is verified.

Tells: ClocksStarted, ClockWarned, ClockBreached, ClocksPaused, ClocksResumed, ClocksStopped, RulebookPublished.
Hears: nothing; the contexts above call it.
"""
