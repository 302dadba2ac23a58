"""Pasted messages: what is read from them, and what is said of those that hold nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.care.queries.pasting import read_message
from yuanxin.care.rules.pasting import PastedNothing, PastedTooLong, ways_to_ask


@pytest.mark.parametrize(
    ("text", "phones", "address", "service", "fault"),
    [
        ("桂城试验花园3座1202没信号 138 0013 8000", ("13800138000",), "桂城试验花园3座1202", "tv", "tv_fault"),
        ("试验花园3座1202没信号+8613800138000", ("13800138000",), "试验花园3座1202", "tv", "tv_fault"),
        ("宽带断网了,禅城区祖庙街道试验花园 3座1202,电话138-0013-8000/0757-83331234",
         ("13800138000", "075783331234"), "禅城区祖庙街道试验花园3座1202", "broadband", "no_internet"),
        ("您好,家住石湾新村12栋301房，电视马赛克", (), "石湾新村12栋301房", "tv", "tv_fault"),
        ("光猫不通电 1 3 9 1 2 3 4 0 0 4 4", ("13912340044",), "", "broadband", "equipment"),
        ("试验花园３座１２０２ WiFi很慢网速慢", (), "试验花园3座1202", "broadband", "slow_speed"),
        ("大沥镇盐步村 网络时断时续 13800138000", ("13800138000",), "大沥镇盐步村", "broadband", "intermittent"),
    ],
)  # fmt: skip
def test_a_message_is_read(text: str, phones: tuple[str, ...], address: str, service: str, fault: str) -> None:
    seen = read_message(text)
    assert (seen.phones, seen.address, seen.service, seen.fault) == (phones, address, service, fault)


@pytest.mark.parametrize("text", ["没信号", "电视坏了，快来人！", "   ", "1380013", "在吗"])
def test_a_message_without_address_and_phone_is_refused_at_the_field(text: str) -> None:
    with pytest.raises(PastedNothing) as refused:
        read_message(text)
    assert refused.value.field == "text"


def test_a_whole_conversation_is_not_one_report() -> None:
    with pytest.raises(PastedTooLong):
        read_message("试验花园3座1202" * 60)


@given(st.text(max_size=200))
def test_nothing_pasted_breaks_the_reader(text: str) -> None:
    try:
        seen = read_message(text)
    except (PastedNothing, PastedTooLong):
        return
    assert all(phone.isdigit() and phone.isascii() for phone in seen.phones)


def test_an_address_is_asked_for_with_and_without_what_stands_before_it() -> None:
    assert "试验花园3座1202" in list(ways_to_ask("桂城试验花园3座1202"))
    assert "试验花园3座1202" in list(ways_to_ask("佛山市禅城区祖庙街道试验花园3座1202"))
