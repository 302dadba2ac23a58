"""What is written as tokens, and how a typed text is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.parties.rules.asking import Term, has_door, read_search
from yuanxin.parties.rules.phone import parse_phones
from yuanxin.parties.rules.tokens import (
    Token,
    TokenKind,
    home_token,
    tokens_of_person,
    tokens_of_place,
    tokens_of_serial,
)


def readings(text: str) -> dict[TokenKind, str]:
    (term,) = read_search(text)
    return {probe.kind: probe.low for probe in term.probes}


def test_a_person_is_cut_into_few_tokens() -> None:
    cut = tokens_of_person("张三丰", parse_phones("13800138000/0757-83331234"), ["C4406260000001"], [])
    assert {(token.kind, token.text) for token in cut} == {
        ("n", "张三丰"),
        ("b", "三丰"),
        ("i", "zsf"),
        ("p", "13800138000"),
        ("4", "8000"),
        ("p", "075783331234"),
        ("p", "83331234"),
        ("4", "1234"),
        ("u", "c4406260000001"),
    }


def test_a_place_is_cut_into_pairs_and_a_serial_into_whole_and_tail() -> None:
    assert Token("a", "汇信") in tokens_of_place("汇信华府", "建设二路汇信华府")
    assert {text for _, text in tokens_of_serial("AA:BB:CC:DD:EE:01")} == {"aabbccddee01", "ddee01"}
    assert home_token("abc", "3栋2单元1201室") == home_token("abc", "3-2-1201") == "abc/3/2/1201/"


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [
        (
            "13800138000",
            {TokenKind.PHONE: "13800138000", TokenKind.SERIAL: "13800138000", TokenKind.NUMBER: "13800138000"},
        ),
        ("8000", {TokenKind.LAST_FOUR: "8000"}),
        ("zsf", {TokenKind.INITIALS: "zsf", TokenKind.NAME: "zsf"}),
        ("aabbccddee01", {TokenKind.SERIAL: "aabbccddee01", TokenKind.NUMBER: "aabbccddee01"}),
        ("张三丰", {TokenKind.NAME: "张三丰"}),
        ("三丰", {TokenKind.NAME: "三丰", TokenKind.NAME_PART: "三丰"}),
        ("张", {TokenKind.NAME: "张"}),
    ],
)
def test_each_kind_of_text_is_read_as_what_it_may_be(typed: str, kinds: dict[TokenKind, str]) -> None:
    assert readings(typed) == kinds


def test_a_number_with_gaps_is_one_number() -> None:
    (term,) = read_search("+86 138 0013 8000")
    assert [probe.low for probe in term.probes] == ["13800138000"]


@pytest.mark.parametrize("typed", ["汇信华府3栋1201", "汇信华府 3栋1201", "汇信华府 3栋 1201室", "汇信华府3-1201"])
def test_a_door_belongs_to_the_place_before_it(typed: str) -> None:
    (term,) = read_search(typed)
    assert (term.place, term.door) == ("汇信华府", ("3", "1201"))


def test_four_bare_digits_after_a_word_are_the_end_of_a_phone_number() -> None:
    name, digits = read_search("张三 8000")
    assert name.place == "张三"
    assert [probe.kind for probe in digits.probes] == [TokenKind.LAST_FOUR]


def test_a_street_number_is_part_of_the_place() -> None:
    assert read_search("魁奇一路1号")[0].door == ()


@given(st.text(max_size=120))
def test_every_text_is_read_and_every_term_says_something(typed: str) -> None:
    for term in read_search(typed):
        assert isinstance(term, Term)
        assert term.probes or term.place
        assert all(probe.low and (not probe.high or probe.low < probe.high) for probe in term.probes)


def test_the_groups_of_a_door_must_come_in_order() -> None:
    token = home_token("abc", "3栋2单元1201")
    assert has_door(token, ("3", "1201"))
    assert has_door(token, ())
    assert not has_door(token, ("1201", "3"))
    assert not has_door(token, ("4",))
