"""What field service refuses, named for what happened."""

from yuanxin.kernel.errors import Conflict, DomainError


class ActionRefused(Conflict):
    """The work order's state does not allow this action."""

    code = "fieldwork.action_refused"


class NotYourOrder(Conflict):
    """The work order is planned for another technician; perhaps it was reassigned meanwhile."""

    code = "fieldwork.not_your_order"


class RelayWorks(Conflict):
    """The real number is shown for a relay that is down only after the relay failed for this order."""

    code = "fieldwork.relay_works"


class AssignedMeanwhile(Conflict):
    """Somebody else gave the order to another technician after the page was drawn. Params: technician, his id."""

    code = "fieldwork.assigned_meanwhile"


class WindowTooShort(DomainError):
    """A window must end after it begins."""

    code = "fieldwork.window_too_short"


class WindowPassed(DomainError):
    """The window lies in the past."""

    code = "fieldwork.window_passed"


class WindowTooFar(DomainError):
    """The window ends later than anybody can promise today. Params: days."""

    code = "fieldwork.window_too_far"


class WindowTooLong(DomainError):
    """The window is too long to be a promise."""

    code = "fieldwork.window_too_long"


class TechnicianBusy(Conflict):
    """The technician has another committed visit at that time."""

    code = "fieldwork.technician_busy"


class NotQualified(DomainError):
    """The technician lacks a skill or certificate that the order asks for."""

    code = "fieldwork.not_qualified"


class NotATechnician(DomainError):
    """There is no active technician of this id in the city."""

    code = "fieldwork.not_a_technician"


class EvidenceMissing(DomainError):
    """The close type asks for evidence that is not there."""

    code = "fieldwork.evidence_missing"


class SignatureWithoutName(DomainError):
    """A signature needs the name of the person who signed."""

    code = "fieldwork.signature_without_name"


class UnknownCause(DomainError):
    """The fault cause is not a leaf of the cause tree."""

    code = "fieldwork.unknown_cause"


class UnknownReason(DomainError):
    """The reason is not one of those that the rulebook allows."""

    code = "fieldwork.unknown_reason"


class ArrivedFarAway(DomainError):
    """The check-in lies outside the fence; a photo and a reason are needed."""

    code = "fieldwork.arrived_far_away"


class TimeRunsBackwards(DomainError):
    """The action is older than the last step of the order."""

    code = "fieldwork.time_runs_backwards"


class ApprovedByRequester(Conflict):
    """A hold needs a second person's approval."""

    code = "fieldwork.approved_by_requester"


class NoOpenHold(Conflict):
    """No hold of this order waits for approval."""

    code = "fieldwork.no_open_hold"


class SameSegment(DomainError):
    """The order is with this segment already."""

    code = "fieldwork.same_segment"


class OutsideAppointment(DomainError):
    """The planned start lies outside the window that the customer was promised."""

    code = "fieldwork.outside_appointment"


class TestValueRefused(DomainError):
    """A test value has a name or a content that no instrument gives."""

    code = "fieldwork.test_value_refused"


class NeedRefused(DomainError):
    """A number of what the order needs is impossible: minutes, levels, pieces, people."""

    code = "fieldwork.need_refused"


class MergedIntoItself(DomainError):
    """An order can only be merged into another open order of the same service."""

    code = "fieldwork.merged_into_itself"


class CrewIncomplete(DomainError):
    """The order needs more technicians, all of them different."""

    code = "fieldwork.crew_incomplete"


class ChecklistIncomplete(DomainError):
    """A required item of the checklist is not answered. Params: item."""

    code = "fieldwork.checklist_incomplete"


class ChecklistItemUnknown(DomainError):
    """The checklist of this kind of order has no such item. Params: item."""

    code = "fieldwork.checklist_item_unknown"


class MaterialRefused(DomainError):
    """The material is not in the catalogue, or nobody uses so much of it. Params: material, pieces, most."""

    code = "fieldwork.material_refused"


class ReviewedBySubmitter(Conflict):
    """A close-out is looked at by a second person."""

    code = "fieldwork.reviewed_by_submitter"


class NothingToReview(Conflict):
    """No close-out of this order waits for a look."""

    code = "fieldwork.nothing_to_review"


class EvidenceKindUnknown(DomainError):
    """There is no such kind of evidence."""

    code = "fieldwork.evidence_kind_unknown"


class NothingToHandBack(Conflict):
    """Nobody handed this order over, so it cannot be handed back."""

    code = "fieldwork.nothing_to_hand_back"


class ClaimedByAnother(ActionRefused):
    """Somebody else took the order a moment before. Params: work_order."""

    code = "fieldwork.claimed_by_another"


class ClaimNotAllowed(Conflict):
    """This city does not let technicians take orders out of the pool (抢单)."""

    code = "fieldwork.claim_not_allowed"


class FinishFirst(DomainError):
    """Another order of the same visit is being worked on; they are done one after the other."""

    code = "fieldwork.finish_first"


class PredecessorOpen(Conflict):
    """The order that must be done first is not done. Params: predecessor."""

    code = "fieldwork.predecessor_open"


class VisitNotExplained(DomainError):
    """Nobody opened or let anybody in: a call to the customer or a written reason is asked. Params: close_type."""

    code = "fieldwork.visit_not_explained"


class NothingPlanned(Conflict):
    """Nobody is planned for this order, so there is nothing to pin. Params: work_order."""

    code = "fieldwork.nothing_planned"


class NothingToUndo(Conflict):
    """None of the person's last deeds can be taken back."""

    code = "fieldwork.nothing_to_undo"


class UndoOvertaken(Conflict):
    """The order has moved on since the deed. Params: work_order, its number; state."""

    code = "fieldwork.undo_overtaken"


class ProposalDecided(Conflict):
    """Somebody decided on the proposal already, or it is not ready. Params: state."""

    code = "fieldwork.proposal_decided"


class ProposalExpired(Conflict):
    """The proposal is too old: the day has moved on."""

    code = "fieldwork.proposal_expired"


class VisitMovedMeanwhile(Conflict):
    """The visit no longer stands as the proposal saw it. Params: work_order, state."""

    code = "fieldwork.visit_moved_meanwhile"


class StartPassed(Conflict):
    """The time at which the visit was to begin has passed. Params: work_order."""

    code = "fieldwork.start_passed"
