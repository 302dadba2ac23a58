"""Every answer, also an error, carries the headers and the language; nothing stands inline."""

from __future__ import annotations

import re

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from yuanxin.kernel.errors import KeyReused
from yuanxin.web.components.words import error_words
from yuanxin.web.http.errors import answer, bad_request, broken, forbidden, not_found, status_of
from yuanxin.web.tests import make

pytestmark = pytest.mark.django_db
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son[a-z]+=", re.I)


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/nowhere/", "/admin/"])
def test_the_policy_forbids_everything_inline(path: str) -> None:
    answer = Client().get(path)
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not INLINE.search(answer.content.decode())


def test_chinese_first_and_english_one_click_away() -> None:
    browser = Client(headers={"Accept-Language": "en-GB"})
    assert 'lang="zh-hans"' in browser.get("/accounts/login/").content.decode()
    answer = browser.post("/language/", {"language": "en", "next": "/accounts/login/"}, follow=True)
    assert "Staff number or phone" in answer.content.decode()


def test_the_language_form_sends_nobody_away() -> None:
    assert Client().post("/language/", {"language": "en", "next": "//example.com/"})["Location"] == "/"


def test_error_pages_ask_the_database_nothing() -> None:
    asked = RequestFactory().get("/nowhere/")
    with connection.execute_wrapper(refuse_all):
        for page in (not_found, forbidden, bad_request, broken):
            assert page(asked).status_code >= 400
        assert "您无权查看" in not_found(asked).content.decode()
        assert answer(asked, status_of(KeyReused()), error_words(KeyReused()), KeyReused()).status_code == 409


def refuse_all(*_query: object) -> None:
    raise AssertionError("an error page asked the database")


def test_machines_read_errors_as_json() -> None:
    answer = Client().get("/service/api/nowhere", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json()["error"] == "http.404"


def test_the_only_desk_opens_at_once_and_others_are_not_shown() -> None:
    page = make.client("system_admin").get("/accounts/2fa/totp/activate/").content.decode()
    assert "/dispatch/" not in page


def test_a_database_that_is_away_asks_for_another_try(rf: RequestFactory) -> None:
    def refused() -> None:
        raise OperationalError("connection refused")

    try:
        refused()
    except OperationalError:
        response = broken(rf.get("/service/api/fault-reports"))
    assert (response.status_code, response["Retry-After"]) == (503, "2")
