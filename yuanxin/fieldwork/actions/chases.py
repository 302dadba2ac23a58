"""What customers ask again."""

from __future__ import annotations

from yuanxin.fieldwork.models import WorkOrder
from yuanxin.fieldwork.rules.states import OPEN, State
from yuanxin.kernel.commands import command


@command("fieldwork.note_chase")
def note_chase(*, cause: str, chases: int) -> None:
    """Remember on the open orders of a cause how often its customer has asked where we are (催单)."""
    WorkOrder.objects.filter(cause=cause, state__in=(*OPEN, State.HELD), chases__lt=chases).update(chases=chases)
