"""The thread of an order in a browser: who reads it, what may be sent, with and without htmx."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yuanxin.care.tests import make as care_make
from yuanxin.web.tests import city, loop, make

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class Case:
    """An assigned fault and the people around it."""

    ticket_id: UUID
    work_order_id: UUID
    agent: Client
    dispatcher: Client
    technician: Client

    @property
    def address(self) -> str:
        """Where its thread stands."""
        return f"/thread/ticket:{self.ticket_id}/"


@pytest.fixture
def case() -> Case:
    city.rules()
    here = city.city()
    agent, dispatcher = make.client("agent"), make.client("dispatcher")
    ticket_id = loop.report(agent, here)
    work_order_id = loop.pool_order(dispatcher)
    loop.assign(dispatcher, work_order_id)
    return Case(ticket_id, work_order_id, agent, dispatcher, make.client_of(here.technician_id))


def test_what_the_technician_writes_is_read_at_the_desks(case: Case) -> None:
    loop.posted(case.technician, f"{case.address}post/", text="@机房 请查光功率", mentions=["line"])
    for browser in (case.agent, case.dispatcher):
        page = browser.get(case.address).content.decode()
        assert "请查光功率" in page
        assert "@机房" in page
        assert "@线路" in page
    assert "请查光功率" in case.agent.get(f"/service/tickets/{case.ticket_id}/").content.decode()
    part = case.agent.get(f"{case.address}?part=messages").content.decode()
    assert "请查光功率" in part
    assert "<html" not in part


def test_the_thread_of_a_repair_is_that_of_its_ticket(case: Case) -> None:
    loop.posted(case.agent, f"{case.address}post/", text="用户下午在家")
    page = case.technician.get(f"/thread/work_order:{case.work_order_id}/").content.decode()
    assert "用户下午在家" in page


def test_a_technician_reads_only_own_orders(case: Case) -> None:
    stranger = make.client("technician")
    loop.posted(case.agent, f"{case.address}post/", text="门禁密码请电话问", picture=photo())
    image = picture_of(case.agent.get(case.address).content.decode())
    for address in (case.address, f"/thread/work_order:{case.work_order_id}/", image):
        assert stranger.get(address).status_code == 404
        assert case.technician.get(address).status_code == 200
    assert stranger.post(f"{case.address}post/", {"key": uuid4(), "text": "x"}).status_code == 404
    assert make.client("trainer").get(case.address).status_code == 403


def test_pictures_and_recordings_come_back_clean(case: Case) -> None:
    loop.posted(case.technician, f"{case.address}post/", picture=photo())
    loop.posted(
        case.technician, f"{case.address}post/", voice=SimpleUploadedFile("a.ogg", care_make.recording(), "audio/ogg")
    )
    page = case.agent.get(case.address).content.decode()
    answer = case.agent.get(picture_of(page))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert "<audio" in page


def test_a_refused_file_is_said_at_its_field_and_the_words_are_not_lost(case: Case) -> None:
    wrong = SimpleUploadedFile("a.jpg", b"MZ not a picture", "image/jpeg")
    told = {"key": uuid4(), "text": "光纤被挖断", "picture": wrong}
    for headers, is_part in (({}, False), (HTMX, True)):
        wrong.seek(0)
        answer = case.technician.post(f"{case.address}post/", told, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "光纤被挖断</textarea>" in page
        assert 'role="alert">' in page
        assert ("<html" in page) is not is_part


def test_htmx_gets_the_part_with_a_fresh_form(case: Case) -> None:
    key = uuid4()
    for _ in range(2):
        answer = case.agent.post(f"{case.address}post/", {"key": key, "text": "催线路班"}, headers=HTMX)
        assert answer.status_code == 200
    assert answer.content.decode().count("催线路班") == 1
    assert str(key) not in answer.content.decode()


def test_nobody_is_sent_elsewhere(case: Case) -> None:
    told = {"key": uuid4(), "text": "x", "next": "//example.com/"}
    assert case.agent.post(f"{case.address}post/", told)["Location"].startswith("/thread/")
    for subject in ("ticket:none", "customer:1", "x"):
        assert case.agent.get(f"/thread/{subject}/").status_code == 404


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("box.jpg", loop.picture(), "image/jpeg")


def picture_of(page: str) -> str:
    return page.partition('<img class="yx-thumb" src="')[2].partition('"')[0]
