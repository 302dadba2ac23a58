"""Care 客服: everything between a customer and us until the matter is closed.

Owns: Contact 来电 (every touch, also without a ticket), TroubleTicket 障碍申告, Complaint 投诉, Callback 回访,
Rating 评价, ThreadMessage 留言, TriageTree and TriageRun 预判, DuplicateDecision 重复判断,
Call 通话 and AgentState 坐席状态 of the hotline.
Tells: ContactRecorded, TicketOpened, TicketResolved, TicketClosed, TicketCancelled, TicketChased, ComplaintOpened,
ComplaintClosed, ComplaintMoved, CallbackRecorded, RatingReceived, RedLineSuspected, CallMoved, CallHandled,
ContactTakenBack, ThreadMessagePosted.
Hears: WorkOrderAccepted and WorkOrderFinished of fieldwork.
The promise is shown before a ticket is saved and comes from standards; care holds no limit of its own.
"""
