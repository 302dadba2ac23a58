"""Messages to people 消息: templates, channels, consent, quiet hours, receipts.

Owned words: message 消息, template 模板, lane 通道队列, receipt 回执, quiet hours 免打扰时段,
consent 同意, channel 渠道 (短信 SMS, 应用推送 app, 公众号 official account).

Told facts: MessageFailed.
Heard facts: TicketOpened, TicketChased, TicketResolved, AppointmentBooked, WorkOrderAssigned, ArrivalForetold,
VisitDeparted, WorkOrderHeld, WorkOrderHandedOver, WorkOrderCancelled, WorkOrderReturned, WorkOrderFinished.

A message names its template and its parameters; the words are made at sending, and the telephone number
is asked from ``parties`` at that moment, so no queue, fact or job carries personal data.
Classes in order of precedence: emergency > promise > notice > marketing, each with its own lane.
"""
