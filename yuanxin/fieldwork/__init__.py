"""Field service (装维): the work at the customer's address, from dispatch to close-out.

Owns: work order 工单, appointment 预约, planned visit 计划上门, visit 上门, evidence 回单凭证, close-out 回单,
told arrival 告知到达时段, hold 挂起, segment stay 责任段停留, duty 排班, leave 请假, loan 借调, proposal 改派方案,
deed 调度动作.
Tells: WorkOrderCreated, AppointmentBooked, WorkOrderAssigned, WorkOrderAccepted, ArrivalForetold, VisitDeparted,
VisitArrived, VisitStarted, WorkOrderHeld, WorkOrderResumed, WorkOrderHandedOver, WorkOrderReturned, WorkOrderCancelled,
CloseoutSubmitted, CloseoutSentBack, WorkOrderFinished, TechnicianAway, PlanProposed, PlanDecided.
Hears: TicketOpened (within the caller's transaction: no ticket without its work order), TicketCancelled,
TicketResolved, CallbackRecorded.
Who goes where is asked from ``engines.routing`` through ``planning``; any other engine fits behind that file.
"""
