"""Errors of ``care`` that only a look into the tables finds out; the others stand beside their rules."""

from yuanxin.kernel.errors import Conflict, DomainError, NotFound


class TicketUnknown(NotFound):
    """There is no such ticket here. Params: ticket."""

    code = "care.ticket_unknown"


class ComplaintUnknown(NotFound):
    """There is no such complaint here. Params: complaint."""

    code = "care.complaint_unknown"


class ContactUnknown(NotFound):
    """There is no such contact here. Params: contact."""

    code = "care.contact_unknown"


class TriageTreeUnknown(NotFound):
    """There is no such version of the questions. Params: service, version."""

    code = "care.triage_tree_unknown"


class TriageRunUnknown(NotFound):
    """There is no such run of the questions here. Params: run."""

    code = "care.triage_run_unknown"


class TriageRunUnfit(DomainError):
    """The run belongs to another customer or has its ticket already. Params: run."""

    code = "care.triage_run_unfit"


class TriageTooEarly(DomainError):
    """A new version of the questions takes effect today or later. Params: day."""

    code = "care.triage_too_early"


class MessageUnknown(NotFound):
    """There is no such message here. Params: message."""

    code = "care.message_unknown"


class MergedIntoItself(DomainError):
    """A ticket is merged into another one that is open, never into itself. Params: ticket, into."""

    code = "care.merge_target_unfit"


class RatedBefore(Conflict):
    """The ticket has its rating already. Params: ticket."""

    code = "care.rated_before"


class RatingTooEarly(DomainError):
    """A repair is rated after it is done. Params: ticket, state."""

    code = "care.rating_too_early"


class CallbackTooEarly(DomainError):
    """A customer is called back after the repair is done. Params: ticket, state."""

    code = "care.callback_too_early"


class TicketEnded(DomainError):
    """The ticket has ended: nobody can hurry it. Params: ticket, state."""

    code = "care.ticket_ended"
