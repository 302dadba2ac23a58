"""Why something cannot be done, as codes with parameters; the words live where people read them."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Hard rules, in the order in which they are asked."""

    SKILL_MISSING = "skill_missing"
    SKILL_LEVEL = "skill_level"
    TOOL_MISSING = "tool_missing"
    PART_MISSING = "part_missing"
    GRID = "grid"
    PINNED_TO_OTHER = "pinned_to_other"
    GROUP_WITH_OTHER = "group_with_other"
    PREDECESSOR_UNSERVED = "predecessor_unserved"
    PREDECESSOR_LATER = "predecessor_later"
    WINDOW = "window"
    RELEASE = "release"
    SHIFT = "shift"
    BREAK = "break"
    PINNED_START = "pinned_start"
    CREW = "crew"
    SUCCESSOR = "successor"
    NO_FREE_TIME = "no_free_time"
    NOT_WORTH_IT = "not_worth_it"
    OUT_OF_TIME = "out_of_time"


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause at one technician. ``technician`` is empty when the cause holds for all.

    detail: code of the skill, tool or part, id of the other job or technician. needed, has: levels, pieces,
    seconds or points, whatever the cause counts.
    """

    cause: Cause
    technician: str = ""
    detail: str = ""
    needed: int = 0
    has: int = 0
