"""The table of titles: invented titles, one meaning each."""

import pytest

from yuanxin.published.codes import Service
from yuanxin.simulation.replay.titles import ROUTES, RULES, Reason, Route, read_title


@pytest.mark.parametrize(
    ("title", "reason", "route"),
    [
        ("No internet since Monday", Reason.NO_INTERNET, Route.FIELD),
        ("Internet is down again", Reason.NO_INTERNET, Route.FIELD),
        ("Slow speeds in the evening", Reason.SLOW_SPEED, Route.FIELD),
        ("Getting 3 Mbps of 50", Reason.SLOW_SPEED, Route.FIELD),
        ("Connection drops every night", Reason.INTERMITTENT, Route.FIELD),
        ("TV has no signal", Reason.TV_FAULT, Route.FIELD),
        ("Neighbourhood outage", Reason.OUTAGE, Route.FIELD),
        ("No dial tone", Reason.PHONE_FAULT, Route.FIELD),
        ("Broken modem", Reason.EQUIPMENT, Route.FIELD),
        ("300GB data cap", Reason.DATA_CAP, Route.COMPLAINT),
        ("Billed twice", Reason.BILLING, Route.COMPLAINT),
        ("Charged for a modem that I own", Reason.BILLING, Route.COMPLAINT),
        ("Price went up without notice", Reason.PRICE, Route.COMPLAINT),
        ("Cannot cancel my service", Reason.CONTRACT, Route.COMPLAINT),
        ("Installation never happened", Reason.INSTALL_MOVE, Route.COMPLAINT),
        ("Rude agent on the phone", Reason.SERVICE_ATTITUDE, Route.COMPLAINT),
        ("False advertising", Reason.SALES_PRACTICE, Route.COMPLAINT),
        ("Email account locked", Reason.EMAIL_ACCOUNT, Route.NO_VISIT),
        ("Cannot watch the app on my PS4", Reason.CONTENT, Route.NO_VISIT),
        ("", Reason.OTHER, Route.COMPLAINT),
        ("qwerty", Reason.OTHER, Route.COMPLAINT),
    ],
)
def test_a_title_has_one_meaning_and_one_way(title: str, reason: Reason, route: Route) -> None:
    reading = read_title(title)
    assert (reading.reason, reading.route) == (reason, route)
    assert bool(reading.fault_code) == (route is Route.FIELD)


def test_money_comes_before_the_fault_behind_it() -> None:
    assert read_title("Charged for internet that does not work").route is Route.COMPLAINT


def test_a_picture_fault_is_a_tv_fault() -> None:
    assert read_title("Channels have no picture").service is Service.TV


def test_every_reason_but_other_has_exactly_one_line() -> None:
    assert {rule.reason for rule in RULES} == set(Reason) - {Reason.OTHER}
    assert len(RULES) == len(Reason) - 1
    assert Reason.OTHER not in ROUTES
