"""Named defaults for stories about pay: a scheme, a finished order, the fact that tells it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yuanxin.kernel.ids import new_id
from yuanxin.published.codes import AreaClass, CloseType, OrderKind, Segment, Service
from yuanxin.published.fieldwork import WorkOrderFinished
from yuanxin.published.refs import ref
from yuanxin.quality.rules.pay import Evidence, Inputs, Work
from yuanxin.quality.rules.terms import LateStep, Night, Rating, Terms, Windows

WINDOWS = Windows(check_after_hours=24, confirm_after_days=7, adjust_within_days=30)
TECHNICIAN = UUID("00000000-0000-7000-8000-000000000077")


def terms(**changes: Any) -> Terms:
    """Terms with round numbers: a repair is 20.00, night 10.00, remote area 5.00, holiday 20.00, floor 3.00."""
    values: dict[str, Any] = {
        "versions": ("test",),
        "price_fen": 2000,
        "close_percent": 100,
        "on_time_percent": 100,
        "late_steps": (
            LateStep(up_to_minutes=240, factor_percent=75),
            LateStep(up_to_minutes=1440, factor_percent=50),
            LateStep(up_to_minutes=2880, factor_percent=25),
        ),
        "later_percent": 0,
        "rating": Rating(window_days=90, sample_min=30, praised_from_score=9, praised_percent=110, usual_percent=100),
        "disputed_percent": 50,
        "night": Night(amount_fen=1000, from_minute=1320, to_minute=360),
        "area_fen": 500,
        "holiday_fen": 2000,
        "monthly_cap_fen": 30000,
        "repeat_days": 30,
        "repeat_percent": 0,
        "floor_fen": 300,
        "cap_fen": 30000,
        "repeated_percent": 50,
    }
    return Terms(**(values | changes))


def work(**changes: Any) -> Work:
    """A broadband repair in town, begun at 10:00 of a working day, in time."""
    values: dict[str, Any] = {
        "order_kind": OrderKind.REPAIR,
        "service": Service.BROADBAND,
        "area_class": AreaClass.URBAN,
        "close_type": CloseType.FIXED,
        "segment": Segment.FIELD,
        "late_minutes": 0,
        "started_minute": 600,
        "is_holiday": False,
    }
    return Work(**(values | changes))


def inputs(*, scheme: Terms | None = None, evidence: Evidence | None = None, **changes: Any) -> Inputs:
    """Inputs of a calculation; changes go to the work."""
    return Inputs(terms=scheme or terms(), work=work(**changes), evidence=evidence or Evidence())


def finished(at: datetime, **changes: Any) -> WorkOrderFinished:
    """The fact that a broadband repair in town was finished at this instant, four hours after its report."""
    opened = changes.pop("opened_at", at - timedelta(hours=4))
    values: dict[str, Any] = {
        "subject": ref("work_order", new_id()),
        "at": at,
        "number": "W4406260000001",
        "cause": ref("product_order", new_id()),
        "order_kind": OrderKind.REPAIR,
        "service": Service.BROADBAND,
        "customer_id": new_id(),
        "address_id": new_id(),
        "grid_code": "440604001",
        "area_class": AreaClass.URBAN,
        "technician_id": TECHNICIAN,
        "payee": None,
        "segment": Segment.FIELD,
        "close_type": CloseType.FIXED,
        "fault_cause": None,
        "opened_at": opened,
        "assigned_at": at - timedelta(hours=3),
        "accepted_at": at - timedelta(hours=3),
        "window_from": None,
        "window_to": None,
        "departed_at": at - timedelta(minutes=90),
        "arrived_at": at - timedelta(minutes=70),
        "started_at": at - timedelta(hours=1),
        "finished_at": at,
        "paused_minutes": 0,
        "visits": 1,
        "appointment_kept": None,
    }
    return WorkOrderFinished(**(values | changes))
