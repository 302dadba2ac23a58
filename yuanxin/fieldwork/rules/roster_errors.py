"""What the roster desk refuses, named for what happened."""

from yuanxin.kernel.errors import Conflict, DomainError


class UnknownShift(DomainError):
    """The city has no such shift. Params: shift."""

    code = "fieldwork.unknown_shift"


class ShiftHoursRefused(DomainError):
    """The hours of a shift cannot be read, or it would last longer than a day. Params: shift."""

    code = "fieldwork.shift_hours_refused"


class ShiftsOverlap(DomainError):
    """Two duties of one person cover the same minute, or rest stands beside a duty. Params: technician, on."""

    code = "fieldwork.shifts_overlap"


class RosterDayOutside(DomainError):
    """The day lies too far back or ahead. Params: on, back, ahead."""

    code = "fieldwork.roster_day_outside"


class RosterTooBig(DomainError):
    """More cells at once than the rulebook allows. Params: most."""

    code = "fieldwork.roster_too_big"


class LabourLawForbids(DomainError):
    """The Labour Law forbids it and nobody has granted an exemption. Params: technician, on, finding, has, allowed."""

    code = "fieldwork.labour_law_forbids"


class LeaveDecidedByAsker(Conflict):
    """Leave and exemptions are decided by a second person, never by who wants them."""

    code = "fieldwork.leave_decided_by_asker"


class NothingToDecide(Conflict):
    """The request was decided or withdrawn meanwhile."""

    code = "fieldwork.nothing_to_decide"


class LeaveSpanRefused(DomainError):
    """Leave must end after it begins, and not be longer or older than the rulebook allows. Params: days, back."""

    code = "fieldwork.leave_span_refused"


class LeaveOverlaps(Conflict):
    """The person has asked for, or has, other leave at that time."""

    code = "fieldwork.leave_overlaps"


class LeaveOver(Conflict):
    """The leave is over or was never granted: there is nothing to end."""

    code = "fieldwork.leave_over"


class LoanDaysRefused(DomainError):
    """A loan must end on or after the day on which it begins, and not lie in the past."""

    code = "fieldwork.loan_days_refused"


class LoanOverlaps(Conflict):
    """The person is lent to somebody on one of these days already."""

    code = "fieldwork.loan_overlaps"


class LoanToOwnUnit(DomainError):
    """Nobody is lent to the unit he belongs to."""

    code = "fieldwork.loan_to_own_unit"


class LoanOver(Conflict):
    """The loan has ended already."""

    code = "fieldwork.loan_over"


class ExemptionRefused(DomainError):
    """An exemption needs one of the law's grounds, a reason, and days in the right order."""

    code = "fieldwork.exemption_refused"
