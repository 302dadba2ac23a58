"""The roster desk through HTTP: fill, copy, Excel out and in, leave, loans, and what the Labour Law says."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from yuanxin.fieldwork import api as fieldwork
from yuanxin.kernel import clock
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tests.make import at
from yuanxin.kernel.time import at_minute
from yuanxin.org.tests import make as org_make
from yuanxin.web.tests import city as cities
from yuanxin.web.tests import make

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)
WEEK = {"from": "2026-11-23", "span": "week", "unit": ""}
DESK = "/dispatch/roster/"
HIDDEN = re.compile(r'name="(key|cells)" value="([^"]*)"')


@pytest.fixture
def city() -> cities.City:
    cities.rules()
    return cities.city()


def hidden(answer: Any) -> dict[str, str]:
    """Return what the preview's form would send."""
    return dict(HIDDEN.findall(answer.content.decode()))


def filled(browser: Client, person: UUID, shift: str = "day", **more: Any) -> Any:
    """Ask for a preview of one person's working days."""
    asked = {**WEEK, "shift": shift, "hours": "", "who": "ticked", "days": "working", "person": [str(person)], **more}
    return browser.post(f"{DESK}fill/", asked)


def saved(browser: Client, preview: Any) -> Any:
    """Write what a preview shows."""
    return browser.post(f"{DESK}save/", {**WEEK, **hidden(preview)}, follow=True)


def duties(city: cities.City, first: date = MONDAY) -> dict[date, str]:
    """Return the technician's week as codes."""
    with cities.inside(city.code):
        found = fieldwork.roster(first, first + timedelta(days=6), clock.now()).duties
    return {
        on: "+".join(one.text for one in cell) for (person, on), cell in found.items() if person == city.technician_id
    }


def workbook_of(browser: Client, query: str = "?from=2026-11-23&span=week") -> bytes:
    return bytes(browser.get(f"{DESK}{query}&format=xlsx").content)


def rows_of(content: bytes) -> list[Any]:
    """Return the rows of the first sheet."""
    return list(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def changed(content: bytes, **cells: Any) -> SimpleUploadedFile:
    """Return the workbook with other cells, B2 and the like."""
    book: Any = load_workbook(io.BytesIO(content))
    for name, value in cells.items():
        book.worksheets[0][name] = value
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("roster.xlsx", out.getvalue())


def test_a_week_is_filled_looked_at_and_written(city: cities.City) -> None:
    browser = make.client("dispatcher")
    page = browser.get(f"{DESK}?from=2026-11-24").content.decode()
    assert "这些天未排班" in page
    assert "08:30" in page
    assert "陈志强" in page
    preview = filled(browser, city.technician_id)
    assert "新排5格" in preview.content.decode()
    assert duties(city) == {}  # a preview writes nothing
    page = saved(browser, preview).content.decode()
    assert "已保存5格" in page
    assert duties(city) == {MONDAY + timedelta(days=number): "day" for number in range(5)}
    assert "白班 08:00-17:30" in page
    again = saved(browser, preview)
    assert again.status_code == 200
    assert len(duties(city)) == 5  # the same key twice changes nothing twice


def test_the_week_before_is_copied(city: cities.City) -> None:
    browser = make.client("crew_leader")
    saved(browser, filled(browser, city.technician_id))
    next_week = {**WEEK, "from": "2026-11-30"}
    preview = browser.post(f"{DESK}copy/", next_week)
    assert "新排5格" in preview.content.decode()
    browser.post(f"{DESK}save/", {**next_week, **hidden(preview)})
    assert len(duties(city, MONDAY + timedelta(days=7))) == 5
    nothing = browser.post(f"{DESK}copy/", {**WEEK, "from": "2026-10-05"}, follow=True)
    assert "上周没有排班" in nothing.content.decode()


def test_nothing_ticked_is_said_at_the_form(city: cities.City) -> None:
    answer = make.client("dispatcher").post(
        f"{DESK}fill/", {**WEEK, "shift": "day", "who": "ticked", "days": "working"}
    )
    assert answer.status_code == 422
    assert "请先勾选人员和日期" in answer.content.decode()


def test_one_cell_is_opened_and_changed(city: cities.City) -> None:
    browser = make.client("dispatcher")
    here = {"person": str(city.technician_id), "on": "2026-11-25"}
    page = browser.get(DESK, {**WEEK, **here}).content.decode()
    assert 'name="shifts"' in page
    wrong = browser.post(f"{DESK}cell/", {**WEEK, **here, "shifts": ["day", "on_call"], "hours": "09:00-18:00"})
    assert wrong.status_code == 422
    preview = browser.post(
        f"{DESK}cell/", {**WEEK, **here, "shifts": ["day"], "hours": "09:00-18:00", "note": "机房值守"}
    )
    saved(browser, preview)
    assert duties(city) == {date(2026, 11, 25): "day 09:00-18:00"}
    assert "机房值守" in browser.get(DESK, WEEK).content.decode()


def test_what_the_law_forbids_cannot_be_written_until_a_second_person_grants_it(city: cities.City) -> None:
    browser = make.client("dispatcher")
    preview = filled(browser, city.technician_id, hours="07:00-20:00", days="ticked", day=["2026-11-24"])
    page = preview.content.decode()
    assert "当日加班" in page
    assert "劳动法第41条" in page
    assert 'name="cells"' not in page
    asked = {
        **key(), "technician_id": str(city.technician_id), "ground": "urgent_repair", "from_on": "2026-11-24",
        "to_on": "2026-11-24", "note": "台风后干线抢修",
    }  # fmt: skip
    assert "已提交" in browser.post(f"{DESK}requests/exemption/", asked, follow=True).content.decode()
    assert (
        "须另一人审批" in browser.get(f"{DESK}requests/").content.decode()
        or "另一人" in browser.get(f"{DESK}requests/").content.decode()
    )
    leader = make.client("dispatch_leader")
    decided(leader, "approve_exemption", waiting_id(city))
    preview = filled(browser, city.technician_id, hours="07:00-20:00", days="ticked", day=["2026-11-24"])
    assert "已特批" in preview.content.decode()
    saved(browser, preview)
    assert duties(city) == {TUESDAY: "day 07:00-20:00"}


def key() -> dict[str, str]:
    """Return a fresh key of a form."""
    return {"key": str(new_id())}


def waiting_id(city: cities.City) -> str:
    with cities.inside(city.code):
        return str(fieldwork.exemptions(TUESDAY, TUESDAY)[0].id)


def decided(browser: Client, deed: str, request_id: str) -> str:
    """Press a button of the requests page."""
    answer = browser.post(f"{DESK}requests/decide/", {**key(), "deed": deed, "request_id": request_id}, follow=True)
    return str(answer.content.decode())


def test_excel_out_is_what_is_shown_and_comes_back_the_same(city: cities.City) -> None:
    browser = make.client("dispatcher")
    saved(browser, filled(browser, city.technician_id))
    content = workbook_of(browser)
    header, row = rows_of(content)
    assert header[3].startswith("2026-11-23")
    assert row[1] == "陈志强"
    assert row[3:10] == ("白", "白", "白", "白", "白", None, None)
    assert row[-1] == 40
    same = browser.post(f"{DESK}file/", {**WEEK, "file": SimpleUploadedFile("roster.xlsx", content)})
    assert "没有变化" in same.content.decode()
    preview = browser.post(
        f"{DESK}file/", {**WEEK, "file": changed(content, D2="休", E2="夜", F2="-", I2="白 9:00-12:00")}
    )
    page = preview.content.decode()
    assert "新排1格，改2格，清空1格，不变2格" in page
    saved(browser, preview)
    found = duties(city)
    assert found[MONDAY] == "rest"
    assert found[TUESDAY] == "night"
    assert found[MONDAY + timedelta(days=5)] == "day 09:00-12:00"
    assert MONDAY + timedelta(days=2) not in found
    twice = browser.post(
        f"{DESK}file/", {**WEEK, "file": changed(content, D2="休", E2="夜", F2="-", I2="白 9:00-12:00")}
    )
    assert "没有变化" in twice.content.decode()


def test_a_file_with_wrong_places_writes_nothing_and_names_them(city: cities.City) -> None:
    browser = make.client("dispatcher")
    content = workbook_of(browser)
    file = changed(content, D2="火星班", E2="白", A3="X9999", D3="白")
    page = browser.post(f"{DESK}file/", {**WEEK, "file": file}).content.decode()
    assert "火星班" in page
    assert "本市没有这个班次" in page
    assert "第3行" in page
    assert 'name="cells"' not in page
    assert duties(city) == {}


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 broken", b"\x00" * 3_000_000])
def test_what_is_no_workbook_is_refused_at_its_field(city: cities.City, content: bytes) -> None:
    answer = make.client("dispatcher").post(f"{DESK}file/", {**WEEK, "file": SimpleUploadedFile("x.xlsx", content)})
    assert answer.status_code == 422
    assert duties(city) == {}


def test_a_workbook_without_days_or_with_nothing_in_it_is_refused(city: cities.City) -> None:
    browser = make.client("dispatcher")
    files: list[list[list[Any]]] = [[], [["工号", "姓名"]], [["工号", "2026-11-23"], ["E00001", None]]]
    for rows in files:
        book: Any = Workbook()
        for row in rows:
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        answer = browser.post(f"{DESK}file/", {**WEEK, "file": SimpleUploadedFile("x.xlsx", out.getvalue())})
        assert answer.status_code == 422, rows


def test_leave_is_written_down_shown_and_ended(city: cities.City) -> None:
    browser = make.client("crew_leader")
    saved(browser, filled(browser, city.technician_id))
    asked = {
        **key(), "technician_id": str(city.technician_id), "kind": "sick", "from_on": "2026-11-24", "from_time": "",
        "to_on": "2026-11-25", "to_time": "", "note": "发烧",
    }  # fmt: skip
    assert "请假已登记并批准" in browser.post(f"{DESK}requests/leave/", asked, follow=True).content.decode()
    page = browser.get(DESK, WEEK).content.decode()
    assert "病假" in page
    with cities.inside(city.code):
        assert fieldwork.shifts_on(TUESDAY, [city.technician_id], clock.now()) == {}
        (leave,) = fieldwork.leaves(TUESDAY, TUESDAY)
        assert leave.ends_at == at_minute(TUESDAY + timedelta(days=2), 0)
    again = browser.post(f"{DESK}requests/leave/", {**asked, **key()})
    assert again.status_code == 422
    assert "该时段已有请假" in again.content.decode()
    clock.set_clock(at=at("2026-11-24 13:00"))
    assert "已办理" in decided(browser, "end_leave", str(leave.id))


def test_a_technician_asks_and_the_crew_leader_decides(city: cities.City) -> None:
    browser = make.client("crew_leader")
    phone = make.client_of(city.technician_id)
    asked = {**key(), "kind": "annual", "from_on": "2026-11-30", "to_on": "2026-11-30", "note": "回乡"}
    assert "已提交" in phone.post("/t/roster/leave/", asked, follow=True).content.decode()
    page = browser.get(f"{DESK}requests/").content.decode()
    assert "回乡" in page
    assert page.count("2026-11-30") == 2  # a whole day is said by its date, not by two midnights
    with cities.inside(city.code):
        (waiting,) = fieldwork.leave_to_decide()
    decided(browser, "approve_leave", str(waiting.id))
    assert "已批准" in phone.get("/t/roster/").content.decode()
    assert "已审批或已撤回" in decided(browser, "refuse_leave", str(waiting.id))


def test_a_loan_is_written_down_and_ended(city: cities.City) -> None:
    browser = make.client("grid_manager")
    with cities.inside(city.code):
        other = org_make.grid()
    asked = {
        **key(), "technician_id": str(city.technician_id), "unit_code": other, "from_on": "2026-11-24",
        "to_on": "2026-11-26", "note": "",
    }  # fmt: skip
    page = browser.post(f"{DESK}requests/lend/", asked, follow=True).content.decode()
    assert "借调已登记" in page
    assert "借调至" in browser.get(DESK, WEEK).content.decode()
    with cities.inside(city.code):
        (loan,) = fieldwork.loans(TUESDAY, TUESDAY)
    assert "已办理" in decided(browser, "end_loan", str(loan.id))


def test_only_roster_people_open_the_desk(city: cities.City) -> None:
    assert make.client("agent").get(DESK).status_code == 403
    assert make.client("grid_manager").get(DESK).status_code == 200
    assert filled(make.client("technician"), city.technician_id).status_code == 403


@pytest.mark.parametrize(
    "query", ["from=never", "from=9999-12-31", "from=0001-01-01", "span=year", "unit=%00", "person=x&on=y", "from="]
)
def test_an_odd_address_shows_a_week(city: cities.City, query: str) -> None:
    assert make.client("dispatcher").get(f"{DESK}?{query}").status_code == 200


def test_a_month_is_drawn_with_its_holidays(city: cities.City) -> None:
    page = make.client("dispatcher").get(f"{DESK}?from=2026-10-05&span=month").content.decode()
    assert page.count("yx-roster-day") >= 31
    assert "National Day" in page or "国庆" in page
