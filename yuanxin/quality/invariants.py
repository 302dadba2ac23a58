"""What must hold in pay at any moment; ``manage verify`` asks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

from django.db.models import F, Sum

from yuanxin.kernel import clock
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.verify import invariant
from yuanxin.ledger import api as ledger
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Service
from yuanxin.published.refs import ref
from yuanxin.quality import queries
from yuanxin.quality.models import OrderPay, PayLine
from yuanxin.quality.rules.pay import calculate
from yuanxin.quality.rules.terms import SchemeContradicts, SchemeIncomplete
from yuanxin.quality.scheme import terms_at


@invariant("quality.lines_recompute")
def lines_recompute() -> Iterator[str]:
    """Every pay line's stored inputs give its stored steps and fen."""
    for line in PayLine.objects.iterator(chunk_size=2000):
        stored = queries.stored_calculation(line)
        again = calculate(stored.inputs)
        if again != stored or again.total_fen != line.before_fen + line.amount_fen:
            yield f"pay line {line.id}: {line.before_fen} + {line.amount_fen} fen, recomputed {again.total_fen} fen"


@invariant("quality.amounts_match_lines")
def amounts_match_lines() -> Iterator[str]:
    """The amount of an order's pay and of its newest outcome is the sum of its lines."""
    pays = OrderPay.objects.annotate(total=Sum("lines__amount_fen"), told=F("outcome__amount_fen"))
    for pay in pays.exclude(total=F("amount_fen"), told=F("amount_fen"))[:20]:
        yield f"order {pay.number}: pay {pay.amount_fen}, lines {pay.total}, outcome {pay.told} fen"


@invariant("quality.outcomes_match_postings")
def outcomes_match_postings() -> Iterator[str]:
    """What an order earned stands in the books, to the fen, and nothing else does."""
    kinds = (queries.PROVISIONAL_KIND, queries.ADJUSTMENT_KIND)
    codes = (*queries.OWED.values(), queries.OWED_TO_OTHERS)
    posted = ledger.earned_by_cause(codes=codes, kinds=kinds)
    for work_order_id, number, amount_fen in OrderPay.objects.values_list(
        "work_order_id", "number", "amount_fen"
    ).iterator():
        booked = posted.pop(ref("work_order", work_order_id), 0)
        if booked != amount_fen:
            yield f"order {number}: pay {amount_fen} fen, books {booked} fen"
    for cause, fen in posted.items():
        if fen:
            yield f"books hold {fen} fen of pay for {cause}, which has no outcome"


@invariant("quality.scheme_is_readable")
def scheme_is_readable() -> Iterator[str]:
    """The scheme in force can be read in every city that pays; each kind, service, close type and area is asked for."""
    each = list(OrderKind), list(Service), list(CloseType), list(AreaClass)
    longest = max(len(codes) for codes in each)
    asked = list(zip(*(islice(cycle(codes), longest) for codes in each), strict=True))
    for city in OrderPay.objects.order_by("city_code").values_list("city_code", flat=True).distinct():
        faults: set[str] = set()
        for kind, service, close_type, area in asked:
            try:
                with scope(city):
                    terms_at(clock.now(), kind=kind, service=service, close_type=close_type, area=area)
            except (SchemeIncomplete, SchemeContradicts) as fault:
                faults.add(str(fault))
        yield from (f"city {city}: {fault}" for fault in sorted(faults))
