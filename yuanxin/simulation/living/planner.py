"""The dispatcher of the living city plans by proposals: asks for one, takes it over, and decides those of the day."""

from __future__ import annotations

import random
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel.acting import Acting, acting_as
from yuanxin.kernel.tenancy import scope
from yuanxin.simulation.living.rates import Rates
from yuanxin.simulation.living.tally import Tally
from yuanxin.simulation.living.town import Town
from yuanxin.simulation.seeding.organisation import CITY

REFUSED_BECAUSE = "not_worth_it"  # a code of the page's list

MOST_DECIDED = 2  # in one look


class Planner:
    """One dispatch leader. Nothing is remembered: what waits is read each time."""

    def __init__(self, town: Town, rates: Rates, tally: Tally, throws: random.Random) -> None:
        self._town, self._rates, self._tally, self._throws = town, rates, tally, throws

    def plan(self, at: datetime, *, takes_over: bool = True) -> None:
        """Plan the pool and take the proposal over, or leave it for somebody to decide."""
        with self._tally.trying("plan the city"), self._leading():
            proposal_id = fieldwork.plan_city(at=at)
            view = self._computed(proposal_id, at)
            if view.waits and takes_over:
                self._pin_some(fieldwork.accept_proposal(proposal_id=proposal_id, at=at).done, at)

    def decide(self, at: datetime) -> None:
        """Decide the newest of what the events of the day proposed: most is taken over, some refused."""
        with transaction.atomic(), scope(CITY):
            waiting = [one for one in fieldwork.open_proposals() if one.trigger != "asked"]
        for one in waiting[:MOST_DECIDED]:
            with self._tally.trying("decide a proposal"), self._leading():
                view = self._computed(one.id, at)
                if not view.waits:
                    continue
                if self._throws.random() < self._rates.share("field", "takes_over"):
                    fieldwork.accept_proposal(proposal_id=one.id, at=at)
                else:
                    fieldwork.refuse_proposal(proposal_id=one.id, reason=REFUSED_BECAUSE, at=at)

    def _computed(self, proposal_id: UUID, at: datetime) -> fieldwork.ProposalView:
        """Return the proposal with its answer, found at once and in so many rounds: the same on every machine."""
        fieldwork.compute_proposal(proposal_id=proposal_id, at=at, rounds=self._rates.count("field", "plan_rounds"))
        with transaction.atomic(), scope(CITY):
            return fieldwork.proposal(proposal_id)

    def _pin_some(self, orders: tuple[UUID, ...], at: datetime) -> None:
        for order in orders:
            if self._throws.random() < self._rates.share("field", "pins"):
                with self._tally.trying("pin"):
                    fieldwork.pin(work_order_id=order, at=at)

    def _leading(self) -> AbstractContextManager[Acting]:
        return acting_as(self._town.acting("dispatch_leader", self._throws))
