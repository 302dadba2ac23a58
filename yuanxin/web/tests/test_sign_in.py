"""Stories of signing in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from yuanxin.web.accounts.models import SignInFailure
from yuanxin.web.http.sessions import SEEN
from yuanxin.web.tests import make

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(login: str, password: str = make.PASSWORD, browser: Client | None = None, address: str = "10.0.0.1") -> int:
    browser = browser or Client()
    return browser.post(LOGIN, {"login": login, "password": password}, REMOTE_ADDR=address).status_code


def test_number_and_phone_both_open_the_door() -> None:
    person = get_user_model().objects.get(pk=make.staff("agent"))
    assert sign_in(person.number) == 302
    assert sign_in(str(person.phone)) == 302


def test_the_session_gets_a_new_id_when_somebody_signs_in() -> None:
    browser = Client()
    session = browser.session
    session["before"] = 1
    session.save()
    browser.cookies["sessionid"] = str(session.session_key)
    assert sign_in(make.number_of(make.staff("agent")), browser=browser) == 302
    assert browser.cookies["sessionid"].value != session.session_key


def test_whatever_is_wrong_the_words_are_the_same() -> None:
    person = make.number_of(make.staff("agent"))
    wrong_password = Client().post(LOGIN, {"login": person, "password": "falsch"}).content.decode()
    nobody = Client().post(LOGIN, {"login": "E99999", "password": "falsch"}).content.decode()
    assert "登录失败" in wrong_password
    assert "登录失败" in nobody


def test_five_failures_lock_the_pair_but_not_the_account() -> None:
    person = make.number_of(make.staff("agent"))
    for _ in range(5):
        assert sign_in(person, "falsch") == 422
    assert sign_in(person) == 422
    assert sign_in(person, address="10.0.0.2") == 302


def test_the_lock_opens_after_fifteen_minutes() -> None:
    person = make.number_of(make.staff("agent"))
    for _ in range(5):
        sign_in(person, "falsch")
    SignInFailure.objects.update(failed_at=timezone.now() - timedelta(minutes=15, seconds=1))
    assert sign_in(person) == 302
    assert not SignInFailure.objects.exists()


def test_a_closed_account_stays_outside() -> None:
    staff_id = make.staff("agent")
    get_user_model().objects.filter(pk=staff_id).update(is_active=False)
    assert sign_in(make.number_of(staff_id)) == 422


def test_an_idle_session_ends() -> None:
    browser = make.client("agent")
    assert browser.get("/").wsgi_request.user.is_authenticated
    session = browser.session
    session[SEEN] -= 30 * 60 + 1
    session.save()
    assert browser.get("/").status_code == 302


def test_an_administrator_sets_up_the_second_factor_first() -> None:
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=make.staff("system_admin")))
    answer = browser.get("/")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/2fa/totp/activate/"
    assert make.client("agent").get("/").status_code in {200, 302}


def test_an_administrator_whose_sign_in_is_long_ago_is_asked_again_and_not_sent_in_circles() -> None:
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=make.staff("system_admin")))  # leaves no recent sign-in
    answer = browser.get("/", follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0].startswith("/accounts/reauthenticate/")


def test_the_second_factor_is_asked_and_a_code_counts_once() -> None:
    person = get_user_model().objects.get(pk=make.staff("system_admin"))
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    code = format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))
    first, second = Client(), Client()
    for browser in (first, second):
        answer = browser.post(LOGIN, {"login": person.number, "password": make.PASSWORD})
        assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert first.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert first.get("/").wsgi_request.user.is_authenticated
    assert second.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
    assert not second.get("/").wsgi_request.user.is_authenticated


def test_wecom_signs_in_the_chosen_person_only_with_the_state_of_this_session(settings: Settings) -> None:
    settings.YUANXIN_SIMULATORS = True
    number = make.number_of(make.staff("agent"))
    browser = Client()
    page = browser.post("/accounts/wecom/", follow=True)
    assert number in page.content.decode()
    state = page.wsgi_request.GET["state"]
    back = browser.post("/accounts/wecom/simulator/", {"number": number, "state": state})
    assert Client().get(back["Location"])["Location"] == LOGIN
    assert browser.get(back["Location"])["Location"] == "/"


def test_without_simulators_there_is_no_simulated_door(settings: Settings) -> None:
    settings.YUANXIN_SIMULATORS = False
    assert Client().post("/accounts/wecom/").status_code == 404
    assert Client().get("/accounts/wecom/simulator/").status_code == 404


def test_after_signing_in_nobody_is_sent_to_another_site() -> None:
    person = make.number_of(make.staff("agent"))
    answer = Client().post(LOGIN, {"login": person, "password": make.PASSWORD, "next": "https://example.com/"})
    assert answer["Location"] == "/"


def test_the_secret_of_the_second_factor_rests_encrypted() -> None:
    person, secret = get_user_model().objects.get(pk=make.staff("system_admin")), generate_totp_secret()
    stored = TOTP.activate(person, secret).instance
    assert secret not in str(stored.data)
    assert decrypt(stored.data["secret"]) == secret
