"""The technician's pages at a phone and at a screen, and a serial read by camera and from a photo."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image, ImageDraw
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import ARGUMENTS
from tests.browser.test_loop import Person
from tests.browser.test_offline import foshan, order
from yuanxin.web.tests import city, loop, make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["foshan", "order"]  # fixtures
SERIAL = "70440012"
# Code 39: nine elements of a digit from the highest bit on, bars and spaces by turns, 1 is wide.
DIGITS = (0x034, 0x121, 0x061, 0x160, 0x031, 0x130, 0x070, 0x025, 0x124, 0x064)
STAR = 0x094
NARROW, WIDE = 3, 8


def label(serial: str) -> Image.Image:
    """Draw a device's label with its serial as Code 39."""
    picture = Image.new("RGB", (1280, 720), "white")
    pen, x = ImageDraw.Draw(picture), 200
    for code in (STAR, *(DIGITS[int(one)] for one in serial), STAR):
        for place in range(9):
            width = WIDE if code >> (8 - place) & 1 else NARROW
            if place % 2 == 0:
                pen.rectangle((x, 220, x + width - 1, 500), fill="black")
            x += width
        x += NARROW
    return picture


def at_work(foshan: city.City, order: UUID) -> str:
    loop.begin(make.client_of(foshan.technician_id), order)
    return f"/t/{order}/"


@pytest.mark.parametrize("is_phone", [True, False], ids=["390", "1280"])
def test_every_page_of_the_technician_is_accessible(
    chromium: Any, live_server: LiveServer, foshan: city.City, order: UUID, is_phone: bool
) -> None:
    visit = at_work(foshan, order)
    person = Person(chromium, live_server.url, foshan.technician_id, phone=is_phone)
    for path in ("/t/", visit, f"{visit}calls/", "/t/queue/", "/t/earned/"):
        person.goes_to(path)
        person.looks()
    person.leaves()


def test_a_serial_is_read_by_camera_and_from_a_photo(
    chromium: Any, live_server: LiveServer, foshan: city.City, order: UUID, tmp_path: Path
) -> None:
    visit, photo, film = at_work(foshan, order), tmp_path / "label.jpg", tmp_path / "film.mjpeg"
    label(SERIAL).save(photo, quality=95)
    label(SERIAL[::-1]).save(film, "JPEG", quality=95)
    with chromium.browser_type.launch(
        executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
        args=[
            *ARGUMENTS,
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ],
    ) as browser:
        person = Person(browser, live_server.url, foshan.technician_id, phone=True)
        person.context.grant_permissions(["camera"])
        person.goes_to(visit)
        person.page.check("[name=close_type][value=fixed]")
        person.page.locator("summary:visible", has_text=re.compile("^设备$")).click()
        person.page.set_input_files("[data-scan-photo=finish_installed]", str(photo))
        person.page.wait_for_selector(f"text=已扫到：{SERIAL}")
        person.page.locator("[data-scan=finish_removed]").click()
        person.page.wait_for_selector(f"text=已扫到：{SERIAL[::-1]}")
        assert person.page.input_value("#finish_installed") == SERIAL
        assert person.page.input_value("#finish_removed") == SERIAL[::-1]
        person.leaves()
