"""The quality desk: an inspection from the list to the money, decisions about pay, statements of a month."""

from __future__ import annotations

import io
import re
from uuid import uuid4

import pytest
from django.test import Client
from openpyxl import load_workbook

from yuanxin.kernel import runner
from yuanxin.quality import api as quality
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db


def denied() -> loop.Loop:
    """Go once around, but the customer says that it is not done."""
    city.rules()
    here = city.city()
    agent, dispatcher = make.client("agent"), make.client("dispatcher")
    ticket_id = loop.report(agent, here)
    work_order_id = loop.pool_order(dispatcher)
    loop.assign(dispatcher, work_order_id)
    loop.visit(make.client_of(here.technician_id), work_order_id)
    runner.drain()
    loop.posted(agent, f"/service/callbacks/{ticket_id}/", reached="yes", agrees="no", note="")
    runner.drain()
    return loop.Loop(here, ticket_id, work_order_id)


def page(browser: Client, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_an_inspector_sees_the_work_and_what_is_found_costs_its_share() -> None:
    done = denied()
    inspector = make.client("quality_inspector")
    listed = page(inspector, "/quality/inspections/?state=open")
    assert "客户否认已修好" in listed
    address = f"/quality/inspections/{done.work_order_id}/"
    assert address in listed
    shown = page(inspector, address)
    assert "签字" in shown
    (picture, *_more) = re.findall(r'src="(/quality/inspections/[^"]+)"', shown)
    answer = inspector.get(picture)
    assert (answer.status_code, answer["Content-Type"].startswith("image/")) == (200, True)
    loop.posted(inspector, address, findings=["not_repaired"], note="网络未恢复")
    why = page(inspector, f"/quality/{done.work_order_id}/")
    assert "质检扣减" in why
    assert "故障未修复" in why
    assert "计算依据" in why
    assert "全国激励方案" in why
    assert "网络未恢复" in page(inspector, address)


def test_who_may_not_inspect_is_refused_and_an_unknown_finding_changes_nothing() -> None:
    done = denied()
    inspector = make.client("quality_inspector")
    answer = make.client_of(done.city.technician_id).post(
        f"/quality/inspections/{done.work_order_id}/", {"key": uuid4()}
    )
    assert answer.status_code == 403
    answer = inspector.post(f"/quality/inspections/{done.work_order_id}/", {"key": uuid4(), "findings": "bad_mood"})
    assert answer.status_code == 422
    with city.inside("4406"):
        assert quality.inspection(done.work_order_id).state is quality.InspectionState.OPEN


def test_pay_goes_on_by_the_hands_that_may() -> None:
    done = denied()
    inspector, officer = make.client("quality_inspector"), make.client("billing_officer")
    address = f"/quality/{done.work_order_id}/"
    loop.posted(inspector, f"{address}correct/", reason_code="merit", yuan="2.50")
    assert "2.50" in page(inspector, address)
    wrong = inspector.post(f"{address}correct/", {"key": uuid4(), "reason_code": "merit", "yuan": "2.505"})
    assert wrong.status_code == 422
    loop.posted(inspector, f"{address}confirm/")
    assert inspector.post(f"{address}confirm/", {"key": uuid4()}).status_code == 422
    assert inspector.post(f"{address}pay-out/", {"key": uuid4()}).status_code == 403
    loop.posted(officer, f"{address}pay-out/")
    assert "已发" in page(officer, address)


def test_a_statement_names_payee_and_person_and_excel_holds_the_same() -> None:
    done = denied()
    supervisor = make.client("city_supervisor")
    with city.inside("4406"):
        earned = quality.order_pay(done.work_order_id).amount_fen
    shown = page(supervisor, "/quality/statements/?month=2026-11")
    assert "陈志强" in shown
    assert f"{earned // 100}.{earned % 100:02d}" in shown
    book = supervisor.get("/quality/statements/?month=2026-11&format=xlsx")
    rows = list(load_workbook(io.BytesIO(book.content)).worksheets[0].iter_rows(values_only=True))
    assert rows[1][2] == "陈志强"
    assert round(float(str(rows[1][-1])) * 100) == earned
    (lines,) = re.findall(r'href="(/quality/lines/\?[^"]+)"', shown)
    assert "客户否认已修好" in page(supervisor, lines.replace("&amp;", "&"))
    assert "本月没有入账" in page(supervisor, "/quality/statements/?month=2025-01")
    page(supervisor, "/quality/statements/?month=nonsense&payee=%00")
