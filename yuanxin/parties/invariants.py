"""What must always hold of the parties; run by ``manage verify``."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from yuanxin.kernel.verify import invariant
from yuanxin.parties.models import AddressBatch, AddressBatchRow, BillingAccount, Customer, SearchToken, StandardAddress
from yuanxin.parties.models.files import BatchState
from yuanxin.parties.rules.datum import CHINA_LAT, CHINA_LNG

_SHOWN = 20


@invariant("parties.customers_have_accounts")
def customers_have_accounts() -> Iterator[str]:
    """Every customer has at least one billing account."""
    without = Customer.objects.filter(~Exists(BillingAccount.objects.filter(customer=OuterRef("pk"))))
    for number in without.values_list("number", flat=True)[:_SHOWN]:
        yield f"customer {number} has no billing account"


@invariant("parties.customers_are_found")
def customers_are_found() -> Iterator[str]:
    """Every customer who has a name is found by it."""
    tokens = SearchToken.objects.filter(subject_id=OuterRef("pk"), kind="n")
    lost = Customer.objects.exclude(name="").filter(~Exists(tokens))
    for number in lost.values_list("number", flat=True)[:_SHOWN]:
        yield f"customer {number} has no search tokens"


@invariant("parties.points_are_in_china")
def points_are_in_china() -> Iterator[str]:
    """Every stored point lies in China and says from which datum it came."""
    good = Q(lng__range=CHINA_LNG, lat__range=CHINA_LAT) & ~Q(datum="")
    for id_ in StandardAddress.objects.filter(lng__isnull=False).exclude(good).values_list("id", flat=True)[:_SHOWN]:
        yield f"address {id_} has an impossible point"


@invariant("parties.imports_are_whole")
def imports_are_whole() -> Iterator[str]:
    """Every open or stored address import still has the good rows that it counted."""
    for batch in AddressBatch.objects.exclude(state=BatchState.DISCARDED):
        good = AddressBatchRow.objects.filter(batch=batch, fault="").count()
        if good != batch.good_rows:
            yield f"address import {batch.id} has {good} good rows, not {batch.good_rows}"
