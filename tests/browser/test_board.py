"""A dispatcher at the board: drags a visit, reads what it would break, undoes it, and moves another by keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_loop import Person, foshan
from yuanxin.fieldwork import api as fieldwork
from yuanxin.fieldwork.tests import make as field
from yuanxin.kernel import clock
from yuanxin.kernel.tests.make import at
from yuanxin.org.tests import make as org
from yuanxin.parties.api import Coordinate
from yuanxin.parties.tests import make as parties_make
from yuanxin.web.tests import city as cities
from yuanxin.web.tests import make

__all__ = ["foshan"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MORNING = at(cities.TUESDAY)
QUARTER_S = 900
WIDE = {"width": 1280, "height": 800}


@dataclass(frozen=True)
class Board:
    """A page on which the board is open, and the orders of the story."""

    person: Person
    city: cities.City
    li: UUID
    he: UUID
    booked: UUID
    free: UUID
    waiting: UUID

    @property
    def page(self) -> Any:
        return self.person.page

    def planned(self, order: UUID) -> tuple[UUID | None, datetime | None]:
        """Return who has the order and when, as the database has it."""
        with cities.inside(self.city.code):
            found = fieldwork.work_order(order)
        return found.technician_id, found.planned_from

    def bar(self, order: UUID) -> Any:
        return self.page.locator(f'#board-gantt .yx-bar[data-order="{order}"]')

    def point(self, technician: UUID, time: str) -> tuple[float, float]:
        """Return where on the screen a time of somebody's row lies."""
        place = self.page.evaluate(
            """([id, seconds]) => {
              const gantt = window.yxBoard.gantt;
              const lane = gantt.rows.get(id).lane;
              const box = lane.getBoundingClientRect();
              const share = (seconds - gantt.from) / (gantt.to - gantt.from);
              return [box.left + share * box.width, box.top + box.height / 2];
            }""",
            [str(technician), int(at(f"2026-11-24 {time}").timestamp())],
        )
        return place[0], place[1]

    def drag(self, what: Any, technician: UUID, time: str) -> None:
        """Take something with the mouse by its left end and let it go at a time of somebody's row."""
        box = what.bounding_box()
        self.page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
        self.page.mouse.down()
        x, y = self.point(technician, time)
        self.page.mouse.move(x, y, steps=6)
        self.page.mouse.up()

    def hears(self, words: str) -> None:
        """Wait until the board says something."""
        self.page.wait_for_selector(f"#board-said:has-text('{words}')")


@pytest.fixture
def board(chromium: Any, live_server: LiveServer, foshan: cities.City) -> Iterator[Board]:
    """Two technicians with a grid each; one visit has a promised window, one is free, one order waits."""
    with cities.inside(foshan.code):
        li, he = field.technician("李建国"), field.technician("何志文")
        homes = []
        for nth, one in enumerate((li, he)):
            estate = parties_make.estate(f"南桂{nth}期", grid_code=org.grid(owner=one), point=near(nth))
            homes.append(parties_make.address(estate_id=estate))
        made = [field.order(address_id=home, opened_at=MORNING, due_at=MORNING + timedelta(hours=9)) for home in
                (homes[0], homes[0], homes[1])]  # fmt: skip
        window = (at("2026-11-24 10:00"), at("2026-11-24 12:00"))
        fieldwork.book_appointment(work_order_id=made[0], window_from=window[0], window_to=window[1], at=MORNING)
        for order, start in zip(made, (window[0], at("2026-11-24 14:00")), strict=False):
            fieldwork.assign(work_order_id=order, technician_id=li, planned_from=start, at=MORNING)
    clock.set_clock(at=MORNING + timedelta(minutes=5))
    person = Person(chromium, live_server.url, make.staff("dispatcher"))
    person.goes_to("/dispatch/board/?tab=gantt")
    yield Board(person, foshan, li, he, *made)
    person.page.goto("about:blank")  # nothing is asked any more while the tables are emptied
    person.page.wait_for_timeout(800)
    person.leaves()


def near(nth: int) -> Coordinate:
    """Return a point in town."""
    return Coordinate(113.11 + nth * 0.02, 23.02)


def test_a_visit_is_dragged_warned_of_placed_and_taken_back(board: Board) -> None:
    before = board.planned(board.booked)
    board.drag(board.bar(board.booked), board.he, "15:00")
    board.page.wait_for_selector("#move-found li:has-text('不在客户时段内')")
    assert board.planned(board.booked) == before, "nothing happens before the drop is final"
    board.page.select_option("#move-reason", "load")
    board.page.click("#move-place")
    board.hears("已派给何志文")
    assert board.planned(board.booked) == (board.he, at("2026-11-24 15:00"))
    board.page.wait_for_selector(f'[data-lane="{board.he}"] [data-order="{board.booked}"]')
    board.page.keyboard.press("u")
    board.hears("已撤销")
    assert board.planned(board.booked) == before
    board.page.wait_for_selector(f'[data-lane="{board.li}"] [data-order="{board.booked}"]')


def test_an_overlap_stops_a_drag_and_a_free_quarter_takes_it_at_once(board: Board) -> None:
    board.drag(board.bar(board.free), board.li, "10:15")
    board.page.wait_for_selector("#move-found .yx-move-stop:has-text('时间重叠')")
    assert board.page.locator("#move-place").is_disabled()
    board.page.keyboard.press("Escape")
    board.drag(board.bar(board.free), board.li, "14:34")
    board.hears("已派给李建国")
    assert board.planned(board.free) == (board.li, at("2026-11-24 14:30"))


def test_the_keyboard_does_all_of_it(board: Board) -> None:
    page = board.page
    page.keyboard.press("j")
    page.wait_for_selector("#board-panel [data-candidate]")
    page.keyboard.press("m")
    page.wait_for_selector("#board-move:visible")
    start = int(page.input_value("#move-time"))
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    assert int(page.input_value("#move-time")) == start + QUARTER_S
    while page.input_value("#move-technician") != str(board.he):
        page.keyboard.press("ArrowDown")
    page.wait_for_selector("#move-found li")
    assert "何志文" in page.evaluate("document.getElementById('yx-announcer').textContent")
    page.keyboard.press("Enter")
    board.hears("已派给何志文")
    assert board.planned(board.waiting)[0] == board.he
    page.wait_for_selector(f'.yx-bar[data-order="{board.waiting}"]:focus')
    page.wait_for_selector("[data-deed=pin]:visible")
    page.keyboard.press("p")
    board.hears("已锁定")
    page.wait_for_selector("[data-deed=unpin]:visible")
    page.keyboard.press("p")
    board.hears("已解除锁定")
    page.wait_for_selector("[data-deed=pin]:visible")
    for _ in range(3):
        page.keyboard.press("u")
        board.hears("已撤销")
        page.evaluate("document.getElementById('board-said').textContent = ''")
    assert board.planned(board.waiting) == (None, None)
    page.keyboard.press("k")
    page.wait_for_selector(f"#board-panel[data-shows='{board.waiting}'] [data-candidate]:enabled")
    page.keyboard.press("a")
    board.hears("已派给")
    assert board.planned(board.waiting)[0] is not None


def test_a_waiting_order_is_dragged_from_the_list(board: Board) -> None:
    board.drag(board.page.locator(f'tr[data-order="{board.waiting}"] [data-pick]'), board.he, "11:00")
    board.hears("已派给何志文")
    assert board.planned(board.waiting) == (board.he, at("2026-11-24 11:00"))
    board.page.wait_for_selector("#board-nothing:visible")


def test_a_proposal_is_accepted_and_the_board_takes_it_back(board: Board) -> None:
    page = board.page
    page.click("text=运算改派方案")
    page.wait_for_url("**/dispatch/runs/*-*/")
    plan = UUID(page.url.rstrip("/").rpartition("/")[2])
    with cities.inside(board.city.code):
        fieldwork.compute_proposal(proposal_id=plan, at=clock.now())
    page.wait_for_selector("#accept-plan button[value=all]")
    page.keyboard.press("a")
    page.wait_for_selector("text=已按方案改派")
    assert board.planned(board.waiting)[0] is not None
    board.person.goes_to("/dispatch/board/?tab=gantt")
    board.bar(board.waiting).wait_for()
    page.keyboard.press("u")
    board.hears("已撤销：采纳方案")
    assert board.planned(board.waiting) == (None, None)


def test_what_others_do_arrives_without_tearing_a_move_away(board: Board) -> None:
    page = board.page
    page.keyboard.press("j")
    page.keyboard.press("m")
    page.wait_for_selector("#board-move:visible")
    with cities.inside(board.city.code):
        fieldwork.place(
            work_order_id=board.free, technician_id=board.he, starts_at=at("2026-11-24 16:00"), at=clock.now(),
            seen=board.li, reason="load",
        )  # fmt: skip
    page.wait_for_timeout(2500)
    assert page.locator("#board-move").is_visible()
    assert page.locator(f'[data-lane="{board.li}"] [data-order="{board.free}"]').count() == 1
    page.keyboard.press("Escape")
    page.wait_for_selector(f'[data-lane="{board.he}"] [data-order="{board.free}"].yx-flash')


def test_everybody_can_use_the_board(board: Board) -> None:
    for tab in ("map", "gantt"):
        for size in (WIDE, {"width": 390, "height": 844}):
            board.page.set_viewport_size(size)
            board.person.goes_to(f"/dispatch/board/?tab={tab}&order={board.free}")
            board.page.wait_for_selector("#board-panel .yx-facts")
            board.person.looks()
    board.page.keyboard.press("m")
    board.page.wait_for_selector("#board-move:visible")
    assert board.person.fits()
