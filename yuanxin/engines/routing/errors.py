"""What can be wrong with a dispatch problem: each error is named for what was asked."""

from yuanxin.kernel.errors import DomainError


class PlaceOutsideChina(DomainError):
    """A coordinate lies outside the bounding box of China; usually longitude and latitude were swapped."""

    code = "routing.place_outside_china"


class NegativeDuration(DomainError):
    """A duration, value, rate or quantity is below zero."""

    code = "routing.negative_duration"


class WindowReversed(DomainError):
    """A window, shift or break ends before it begins."""

    code = "routing.window_reversed"


class DuplicateId(DomainError):
    """Two technicians or two jobs carry the same id."""

    code = "routing.duplicate_id"


class UnknownTechnician(DomainError):
    """A job is pinned to a technician who is not part of the problem."""

    code = "routing.unknown_technician"


class UnknownJob(DomainError):
    """A predecessor or a visit names a job that is not part of the problem."""

    code = "routing.unknown_job"


class PredecessorLoop(DomainError):
    """Jobs wait for each other in a ring."""

    code = "routing.predecessor_loop"


class CrewTooSmall(DomainError):
    """A job asks for a crew of less than one technician."""

    code = "routing.crew_too_small"


class LevelBelowOne(DomainError):
    """A skill level below one was asked for or held."""

    code = "routing.level_below_one"


class ImpossibleSpeed(DomainError):
    """Travel was described with a speed of zero or less, a detour below one or a negative entry time."""

    code = "routing.impossible_speed"


class UnknownEngine(DomainError):
    """No engine of that name is installed."""

    code = "routing.unknown_engine"


class CrewsNotSimulated(DomainError):
    """A simulated day was given a job that is tied to others: by a crew, a predecessor, a pin or a home."""

    code = "routing.crews_not_simulated"


class StaleOption(DomainError):
    """An insertion was asked for after the draft it was found in had changed."""

    code = "routing.stale_option"
