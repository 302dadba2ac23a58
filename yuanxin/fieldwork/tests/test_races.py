"""Several people at once: the database decides, and exactly one wins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection, transaction

from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.api import errors
from yuanxin.fieldwork.models import PlannedVisit
from yuanxin.fieldwork.tests import make
from yuanxin.fieldwork.tests.make import minutes
from yuanxin.kernel import acting
from yuanxin.kernel.tenancy import scope

RIVALS = 8


def in_city() -> tuple[UUID, list[UUID]]:
    """Commit one order and its rivals."""
    with transaction.atomic(), scope("4406"):
        make.rulebooks()
        make.city_rule("dispatch.claim", is_allowed=1)
        return make.order(), [make.technician(f"师傅{number}") for number in range(RIVALS)]


def try_it(order: UUID, technician: UUID) -> bool:
    """Claim in a thread of its own, as that technician."""
    try:
        with acting.acting_as(make.as_staff(technician, "fieldwork.claim")):
            fieldwork.claim(work_order_id=order, technician_id=technician, planned_from=minutes(60), at=minutes(2))
    except errors.ActionRefused:
        return False
    finally:
        connection.close()
    return True


@pytest.mark.usefixtures("in_foshan")
def test_of_many_claims_at_once_one_wins() -> None:
    order, rivals = in_city()
    with ThreadPoolExecutor(RIVALS) as crowd:
        won = list(crowd.map(lambda technician: try_it(order, technician), rivals))
    assert won.count(True) == 1
    with transaction.atomic(), scope("4406"):
        assert fieldwork.work_order(order).technician_id == rivals[won.index(True)]
        assert PlannedVisit.objects.filter(released_at=None).count() == 1
