"""What can be wrong with a rulebook or a question to it, each by its own name."""

from __future__ import annotations

from yuanxin.kernel.errors import Conflict, DomainError, NotFound


class RulebookUnreadable(DomainError):
    """The text is not the plain YAML we take. Params: file, line, column, problem."""

    code = "standards.rulebook_unreadable"


class RulebookInvalid(DomainError):
    """The content does not fit the schema. Params: file, entry (id or ""), path, problem, further (count of others)."""

    code = "standards.rulebook_invalid"


class RuleRepeated(DomainError):
    """Two entries carry one id. Params: entry, file."""

    code = "standards.rule_repeated"


class RuleNotVerified(DomainError):
    """Law may be active only when its text was read (grade A). Params: entry, grade, file."""

    code = "standards.rule_not_verified"


class RuleNeedsNumber(DomainError):
    """An active entry has an empty number; only a draft may. Params: entry, path, file."""

    code = "standards.rule_needs_number"


class RuleNotDeclared(DomainError):
    """A number does not say which way is stricter. Params: entry, path, file."""

    code = "standards.rule_not_declared"


class RuleAmbiguous(Conflict):
    """Two entries of one rulebook layer bind the same case. Params: entry, other."""

    code = "standards.rule_ambiguous"


class RuleLooser(Conflict):
    """A lower layer asks less than the layer above. Params: entry, above, document, article, path, theirs, ours."""

    code = "standards.rule_looser"


class RuleNotComparable(Conflict):
    """A lower layer measures another thing, so "stricter" has no meaning. Params: entry, above, problem."""

    code = "standards.rule_not_comparable"


class EffectiveInPast(DomainError):
    """A version may bind from today on only. Params: effective_from, today."""

    code = "standards.effective_in_past"


class MakerIsChecker(Conflict):
    """Who drafted a version may not publish it. Params: version."""

    code = "standards.maker_is_checker"


class AlreadyPublished(Conflict):
    """The version, or the same content under this name, is published already. Params: version."""

    code = "standards.already_published"


class ClocksRunAlready(Conflict):
    """The subject has unstopped clocks for this topic. Params: subject, topic."""

    code = "standards.clocks_run_already"


class ApprovalMissing(DomainError):
    """A hold needs evidence and the name of who approved it."""

    code = "standards.approval_missing"


class RuleUnknown(NotFound):
    """No active entry has this id, or none is in force for this topic. Params: topic or entry."""

    code = "standards.rule_unknown"


class ParameterUnknown(NotFound):
    """The entry in force has no such field. Params: topic, parameter."""

    code = "standards.parameter_unknown"


class PauseNotAllowed(Conflict):
    """No running clock of the subject may stand still for this reason. Params: reason."""

    code = "standards.pause_not_allowed"


class PauseOverlapsItself(DomainError):
    """A pause ends before it begins. Params: begins, ends."""

    code = "standards.pause_reversed"


class CompensationBaseMissing(DomainError):
    """The fee that a compensation is computed from was not given. Params: base."""

    code = "standards.compensation_base_missing"
