"""A city of 300 technicians and 2,000 jobs at half past ten, in the database: planned at dawn, three of ten frozen."""

from __future__ import annotations

import importlib
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import hypot
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from yuanxin.engines.routing.engine import DEFAULT, engine
from yuanxin.engines.routing.generators import city
from yuanxin.engines.routing.generators.day import MIDNIGHT
from yuanxin.engines.routing.insertion import insert
from yuanxin.engines.routing.loading import load
from yuanxin.engines.routing.plan import Plan
from yuanxin.engines.routing.problem import Problem
from yuanxin.engines.routing.reasons import Cause, Reason
from yuanxin.engines.routing.replanning import replan

CITY = "4406"
DAWN = datetime.fromtimestamp(MIDNIGHT, UTC).astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(hours=7, minutes=30)
HALF_PAST_TEN = DAWN + timedelta(hours=3)
YESTERDAY = DAWN - timedelta(days=1)
COLUMNS, ROWS = 20, 15  # of grids: one for each technician
SERVICE = {"network": "broadband", "security": "mobile"}  # the generator's skills that are a service of ours
SERVICES = ("tv", "broadband", "mobile")


@dataclass(frozen=True)
class Town:
    """What was made. jobs: order by the generator's job id; technicians: in the order of the generator."""

    orders: dict[str, UUID]
    technicians: list[UUID]
    addresses: list[UUID]
    grids: dict[UUID, str]
    agent: UUID


def make(seed: int, technicians: int, jobs: int) -> tuple[Town, Problem]:
    """Fill an empty, migrated database with the generator's city: nothing is planned yet."""
    problem = city(seed, technicians, jobs)
    standards: Any = importlib.import_module("yuanxin.standards.api")
    org: Any = importlib.import_module("yuanxin.org.api")
    workdays: Any = importlib.import_module("yuanxin.kernel.workdays")
    with acting_in("*"):
        for year in (2025, 2026):
            workdays.load_calendar_year(year=year)
        standards.load_rulebooks(at=YESTERDAY)
        for code, name, level, parent in (
            ("00", "总部", "hq", ""), (CITY[:2], "省公司", "province", "00"), (CITY, "市公司", "city", CITY[:2]),
        ):  # fmt: skip
            org.create_unit(code=code, name=name, level=level, **({"parent_code": parent} if parent else {}))
        agent = org.create_staff(number="A0001", name="坐席", unit_code=CITY)
        org.grant_role(staff_id=agent, role="agent", at=YESTERDAY)
    importlib.import_module("yuanxin.kernel.clock").set_clock(at=HALF_PAST_TEN)
    with acting_in(CITY):
        cells = _cells(problem)
        people = _hire(org, problem, cells)
        places, grids = _homes(problem, cells)
        orders = _orders(problem, places, grids)
    return Town(orders, people, list(places.values()), grids, agent), problem


def acting_in(scope: str) -> Any:
    """Act as the bench in one transaction of a scope."""
    contextlib: Any = importlib.import_module("contextlib")
    acting: Any = importlib.import_module("yuanxin.kernel.acting")
    tenancy: Any = importlib.import_module("yuanxin.kernel.tenancy")
    transaction: Any = importlib.import_module("django.db.transaction")
    stack = contextlib.ExitStack()
    stack.enter_context(acting.acting_as(acting.system("bench", scope=scope)))
    stack.enter_context(transaction.atomic())
    stack.enter_context(tenancy.scope(scope))
    return stack


def _cells(problem: Problem) -> dict[str, tuple[float, float]]:
    """Return the middle of every grid by its code: a chequer over all homes."""
    lngs, lats = [one.place.lng for one in problem.jobs], [one.place.lat for one in problem.jobs]
    west, south = min(lngs), min(lats)
    wide, high = (max(lngs) - west) / COLUMNS, (max(lats) - south) / ROWS
    return {
        f"{CITY}04{row * COLUMNS + column:03d}": (west + (column + 0.5) * wide, south + (row + 0.5) * high)
        for row in range(ROWS)
        for column in range(COLUMNS)
    }


def _hire(org: Any, problem: Problem, cells: dict[str, tuple[float, float]]) -> list[UUID]:
    """Make the technicians; each looks after the nearest grid that nobody has yet."""
    academy: Any = importlib.import_module("yuanxin.academy.api")
    left = dict(cells)
    for code in cells:
        org.create_unit(code=code, name=f"网格{code[-3:]}", level="grid", parent_code=CITY)
    made = []
    for number, one in enumerate(problem.technicians):
        home = (Decimal(f"{one.home.lng:.6f}"), Decimal(f"{one.home.lat:.6f}"))
        staff_id = org.create_staff(number=f"T{number:04d}", name=f"装维员{number}", unit_code=CITY, home=home)
        org.grant_role(staff_id=staff_id, role="technician", at=YESTERDAY)
        for skill, level in one.skills.items():
            code = SERVICE.get(skill, skill)
            academy.record_skill(staff_id=staff_id, code=code, level=level, valid_from=YESTERDAY.date(), at=YESTERDAY)
        if left:
            nearest = min(left, key=lambda code: hypot(left[code][0] - one.home.lng, left[code][1] - one.home.lat))
            org.set_grid_technician(grid_code=nearest, staff_id=staff_id)
            del left[nearest]
        made.append(staff_id)
    return made


def _homes(problem: Problem, cells: dict[str, tuple[float, float]]) -> tuple[dict[str, UUID], dict[UUID, str]]:
    """Store one estate for each grid and a door with a point of its own for each job."""
    parties: Any = importlib.import_module("yuanxin.parties.api")
    new_id: Any = importlib.import_module("yuanxin.kernel.ids").new_id
    codes = list(cells)
    estates = {code: new_id() for code in codes}
    parties.load_estates(
        rows=[
            parties.EstateRow(
                id=estates[code], name=f"{number}号小区", district_code=f"{CITY}04", grid_code=code,
                point=parties.Coordinate(*cells[code], parties.Datum.WGS84),
            )
            for number, code in enumerate(codes)
        ],
        at=YESTERDAY,
    )  # fmt: skip
    rows, grids = {}, {}
    for number, job in enumerate(problem.jobs):
        code = min(codes, key=lambda one: hypot(cells[one][0] - job.place.lng, cells[one][1] - job.place.lat))
        point = parties.Coordinate(job.place.lng, job.place.lat, parties.Datum.WGS84)
        rows[job.id] = parties.HomeRow(id=new_id(), estate_id=estates[code], door=f"{number}号", point=point)
        grids[rows[job.id].id] = code
    parties.load_addresses(rows=list(rows.values()), at=YESTERDAY)
    return {job: row.id for job, row in rows.items()}, grids


def _orders(problem: Problem, places: dict[str, UUID], grids: dict[UUID, str]) -> dict[str, UUID]:
    """Store every job as an order in the pool with its promised window."""
    models: Any = importlib.import_module("yuanxin.fieldwork.models")
    bulk: Any = importlib.import_module("yuanxin.kernel.bulk")
    ids: Any = importlib.import_module("yuanxin.kernel.ids")
    orders = {job.id: ids.new_id() for job in problem.jobs}
    jobs = problem.jobs
    usual = _usual_value()
    skills = [{SERVICE.get(code, code): level for code, level in job.skills.items()} for job in jobs]
    columns: dict[str, list[object]] = {
        "id": [orders[job.id] for job in jobs],
        "number": [f"W440626{number:06d}" for number in range(len(jobs))],
        "cause": [f"ticket:{ids.new_id()}" for _ in jobs],
        "service": [next((code for code in needed if code in SERVICES), "tv") for needed in skills],
        "customer_id": [ids.new_id() for _ in jobs],
        "address_id": [places[job.id] for job in jobs],
        "grid_code": [grids[places[job.id]] for job in jobs],
        "duration_minutes": [job.dur // 60 for job in jobs],
        "skills": [json.dumps(needed) for needed in skills],
        "value": [max(job.value, usual) for job in jobs],
        "assessment_due_at": [None if job.due is None else _instant(job.due) for job in jobs],
    }
    bulk.insert_many(models.WorkOrder, columns, _tenant() | {
        "order_kind": "repair", "segment": "field", "fault_code": "", "state": "pending", "state_since": YESTERDAY,
        "held_from": "", "area_class": "urban", "deviation_minutes": 10, "tools": [], "parts": "{}", "crew_size": 1,
        "chases": 0, "opened_at": YESTERDAY, "close_type": "", "fault_cause": "", "tests": "{}",
    })  # fmt: skip
    windows = [(job, job.windows[0]) for job in jobs if job.windows]
    bulk.insert_many(
        models.Appointment,
        {
            "id": [ids.new_id() for _ in windows],
            "work_order_id": [orders[job.id] for job, _ in windows],
            "window_from": [_instant(first) for _, (first, _last) in windows],
            "window_to": [_instant(max(last, first + 1)) for _, (first, last) in windows],
        },
        _tenant() | {"version": 1, "booked_at": YESTERDAY, "booked_by": "system:bench", "reason_code": "",
                     "wanted_by_customer": True},
    )  # fmt: skip
    return orders


def _usual_value() -> int:
    """Return the points of a repair in the rulebook: the generator's low priorities are worth less than their drive
    at the rulebook's prices (slower roads, parking, another's grid), and a third of the city would stay unplanned."""
    parameters: Any = importlib.import_module("yuanxin.fieldwork.parameters")
    codes: Any = importlib.import_module("yuanxin.published.codes")
    return int(parameters.needs_of(codes.OrderKind.REPAIR, codes.CustomerClass.RESIDENT, DAWN).value)


def _tenant() -> dict[str, object]:
    return {"province_code": CITY[:2], "city_code": CITY}


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def plan_and_run(seconds: float, seed: int) -> dict[str, int]:
    """Plan the day at dawn in these CPU seconds and let it run to half past ten; return how many visits stand how."""
    day_module: Any = importlib.import_module("yuanxin.fieldwork.planning.day")
    models: Any = importlib.import_module("yuanxin.fieldwork.models")
    with acting_in(CITY):
        waiting = list(models.WorkOrder.objects.filter(state="pending").select_related("predecessor"))
        day = day_module.build_day(DAWN.date(), waiting, at=DAWN, city_code=CITY)
    plan = engine(DEFAULT).solve(day.problem, seconds, seed=seed)  # outside: a transaction may not idle so long
    with acting_in(CITY):
        return _store(plan, models)


def _store(plan: Plan, models: Any) -> dict[str, int]:
    """Commit the plan; what has begun by half past ten is finished, at work or on the way."""
    bulk: Any = importlib.import_module("yuanxin.kernel.bulk")
    ids: Any = importlib.import_module("yuanxin.kernel.ids")
    connection: Any = importlib.import_module("django.db").connection
    now = int(HALF_PAST_TEN.timestamp())
    states = {visit.job: _state(visit.start, visit.finish, visit.travel_s, now) for visit in plan.visits}
    visits = plan.visits
    bulk.insert_many(
        models.PlannedVisit,
        {
            "id": [ids.new_id() for _ in visits],
            "work_order_id": [visit.job for visit in visits],
            "technician_id": [visit.tech for visit in visits],
            "starts_at": [_instant(visit.start) for visit in visits],
            "ends_at": [_instant(visit.finish) for visit in visits],
        },
        _tenant() | _defaults(models.PlannedVisit) | {"leads": True, "committed_at": DAWN},
    )
    begun = [visit for visit in visits if states[visit.job] != "booked"]
    bulk.insert_many(
        models.Visit,
        {
            "id": [ids.new_id() for _ in begun],
            "work_order_id": [visit.job for visit in begun],
            "technician_id": [visit.tech for visit in begun],
            "departed_at": [_instant(visit.start - visit.travel_s) for visit in begun],
            "arrived_at": [_instant(visit.start) if visit.start <= now else None for visit in begun],
            "started_at": [_instant(visit.start) if visit.start <= now else None for visit in begun],
            "ended_at": [_instant(visit.finish) if visit.finish <= now else None for visit in begun],
        },
        _tenant() | {"mates": [], "arrival_note": "", "outcome": ""},
    )
    by_state: dict[str, list[Any]] = defaultdict(list)
    for visit in visits:
        by_state[states[visit.job]].append(visit)
    with connection.cursor() as cursor:
        for state, some in by_state.items():
            cursor.execute(
                "UPDATE fieldwork_workorder work SET state = %s, technician_id = told.person, assigned_at = %s"
                " FROM unnest(%s::uuid[], %s::uuid[]) AS told(job, person) WHERE work.id = told.job",
                [state, DAWN, [visit.job for visit in some], [visit.tech for visit in some]],
            )
    return {state: len(some) for state, some in by_state.items()}


def _defaults(model: Any) -> dict[str, object]:
    """Return what Django would fill in for columns that came later, such as a pin."""
    return {"pinned": False} if any(field.attname == "pinned" for field in model._meta.concrete_fields) else {}


def _state(start: int, finish: int, travel_s: int, now: int) -> str:
    if finish <= now:
        return "callback_due"
    if start <= now:
        return "working"
    return "en_route" if start - travel_s < now else "booked"


FIRST_PRIORITY = 10_000  # points: what the generator gives a job of the first priority


@dataclass(frozen=True)
class Repaired:
    """What a re-plan did. promised: visits not begun; changed: of them, with another technician."""

    promised: int
    changed: int
    is_placed: bool
    is_feasible: bool


def repaired(ticket: UUID, seconds: float) -> Repaired:
    """Repair the running plan of the whole city after one new ticket, in so many CPU seconds."""
    gathering: Any = importlib.import_module("yuanxin.fieldwork.planning.city")
    parameters: Any = importlib.import_module("yuanxin.fieldwork.parameters")
    with acting_in(CITY):
        material = gathering.gather(
            HALF_PAST_TEN.date(), at=HALF_PAST_TEN, city_code=CITY, people=None, orders=[ticket]
        )
        move_price = parameters.move_price(HALF_PAST_TEN)
    problem = material.days[0].problem
    standing = load(problem, None)
    plan = standing.to_plan(
        reasons={job: (Reason(Cause.NO_FREE_TIME),) for job in standing.unserved()}, engine="", seconds=0
    )
    found = replan(problem, plan, seconds, move_price, around=[str(ticket)])
    before = {job.id: job.promised.technician for job in problem.jobs if job.promised and not job.pinned}
    after = {job: {visit.tech for visit in crew} for job, crew in found.after.visits_of.items()}
    return Repaired(
        promised=len(before),
        changed=sum(job in after and person not in after[job] for job, person in before.items()),
        is_placed=str(ticket) in after,
        is_feasible=bool(insert(problem, plan, problem.job_by_id[str(ticket)], 1)),
    )
