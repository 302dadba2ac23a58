"""Proposals from the field to correct where an address lies."""

from __future__ import annotations

import pghistory
from django.db import models

from yuanxin.kernel.ids import new_id
from yuanxin.parties.models.places import Located, StandardAddress


class ProposalState(models.TextChoices):
    """What became of a proposal: proposed 待核, accepted 已采纳, refused 未采纳."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["reason"])
class PointProposal(Located):
    """Proposal to correct an address point 地址坐标纠正建议: somebody stood there and it was elsewhere.

    cause: the work order whose check-in showed it. away_m: distance from the stored point, None without one.
    reason: what the person wrote, erasable. A newer proposal of the same cause replaces the open one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    address = models.ForeignKey(StandardAddress, models.PROTECT)
    cause = models.CharField(max_length=80)
    away_m = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=8, choices=ProposalState, default=ProposalState.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address", "cause"],
                condition=models.Q(state=ProposalState.PROPOSED.value),
                name="parties_proposal_once_open",
            )
        ]
        indexes = [models.Index("city_code", "state", "proposed_at", name="parties_proposal_state")]

    def __str__(self) -> str:
        return f"{self.address_id} {self.state}"
