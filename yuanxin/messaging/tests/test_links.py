from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from yuanxin.kernel.ids import new_id
from yuanxin.kernel.tests.make import at as wall
from yuanxin.messaging import api as messaging
from yuanxin.messaging import links
from yuanxin.messaging.actions.sending import send_due
from yuanxin.messaging.tests import make
from yuanxin.parties.tests import make as parties_make
from yuanxin.published.refs import ref

MORNING = wall("2026-11-24 09:10")
TICKET = ref("ticket", new_id())


@given(some.integers(1000, 9999), some.sampled_from(["ticket", "work_order"]), some.uuids())
def test_a_token_says_what_was_put_into_it(city: int, kind: str, id_: object) -> None:
    subject = f"{kind}:{id_}"
    link = links.read_token(links.token_of(subject, city=str(city), at=MORNING))
    assert (link.subject, link.city, link.issued_at) == (subject, str(city), MORNING)


def test_every_changed_sign_breaks_the_token() -> None:
    token = links.token_of(TICKET, city="4406", at=MORNING)
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(links.LinkUnknown):
            links.read_token(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("token", ["", ".", "x", "x.y", "\x00", "中文", "a" * 5000])
def test_rubbish_is_no_token(token: str) -> None:
    with pytest.raises(links.LinkUnknown):
        links.read_token(token)


def test_a_link_ends_with_its_days_and_some_days_after_the_order(rulebooks: None) -> None:
    link = links.read_token(links.token_of(TICKET, city="4406", at=MORNING))
    links.require_open(link, closed_at=None, at=MORNING + timedelta(days=60))
    links.require_open(link, closed_at=MORNING, at=MORNING + timedelta(days=15))
    with pytest.raises(links.LinkExpired):
        links.require_open(link, closed_at=None, at=MORNING + timedelta(days=60, minutes=1))
    with pytest.raises(links.LinkExpired):
        links.require_open(link, closed_at=MORNING, at=MORNING + timedelta(days=15, minutes=1))


def test_the_customer_gets_the_link_and_nobody_else_sees_it(foshan: str) -> None:
    customer = parties_make.customer()
    make.message(at=MORNING, to=customer)
    send_due(at=MORNING)
    (letter,) = messaging.inbox(customer)
    token = letter.text.rpartition("/c/")[2].rstrip("/")
    assert links.read_token(token).subject == make.CASE
    (seen,) = messaging.messages_of(customer)
    assert "/c/" not in seen.text
    assert links.HIDDEN in seen.text
