"""Phones, names, masks and identity numbers as people type them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanxin.parties.rules.errors import DocumentNotValid, PhoneNotValid
from yuanxin.parties.rules.masking import mask_document, mask_door, mask_name, mask_phone
from yuanxin.parties.rules.names import initials_of, surname_of
from yuanxin.parties.rules.phone import Phone, PhoneKind, parse_phone, parse_phones
from yuanxin.parties.rules.realname import check_digit_of, parse_identity_number

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "0086 13800138000",
        "8613800138000",
        "１３８００１３８０００",
        "013800138000",
    ],
)
def test_one_mobile_number_is_typed_in_many_ways(typed: str) -> None:
    phone = parse_phone(typed)
    assert (phone.digits, phone.kind, phone.last_four) == ("13800138000", PhoneKind.MOBILE, "8000")


def test_a_landline_keeps_its_area_code_and_is_known_without_it() -> None:
    assert parse_phone("(0757) 8333-1234") == Phone("075783331234", PhoneKind.LANDLINE, local="83331234")
    assert parse_phone("+86 757 83331234".replace("86 757", "86 0757")).digits == "075783331234"
    assert parse_phone("010-62770000").local == "62770000"
    assert parse_phone("83331234", area_code="0757").digits == "075783331234"
    assert parse_phone("0757-83331234转801").extension == "801"
    assert parse_phone("0757-83331234-8").extension == "8"
    assert parse_phone("400-810-0000").kind is PhoneKind.SHARED
    assert parse_phone("10099").kind is PhoneKind.HOTLINE


def test_a_field_may_hold_several_numbers() -> None:
    phones = parse_phones("0757-83331234/138 0013 8000、13800138000")
    assert [phone.digits for phone in phones] == ["075783331234", "13800138000"]


@pytest.mark.parametrize(
    "typed", ["", "  ", "abc", "12", "1380013800", "138001380001", "83331234", "0757", "13800138000/x", "٣"]
)
def test_what_is_no_number_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(PhoneNotValid) as refused:
        parse_phones(typed)
    assert refused.value.field == "phone"
    assert not typed.strip() or typed not in str(refused.value)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.lists(st.integers(0, 10), max_size=4))
def test_gaps_never_change_a_number(digits: str, gaps: list[int]) -> None:
    typed = digits
    for place in gaps:
        typed = typed[: place + 1] + " " + typed[place + 1 :]
    assert parse_phone(typed).digits == digits


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_a_named_refusal(typed: str) -> None:
    with suppress(PhoneNotValid):
        assert parse_phone(typed).digits.isdigit()


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("张三", "zs"),
        ("张三丰", "zsf"),
        ("区少强", "osq"),
        ("单田芳", "stf"),
        ("欧阳锋", "oyf"),
        ("万俟卨", "mqx"),
        ("仇英", "qy"),
        ("Anna Li", "annali"),
        ("尉迟恭", "ycg"),
        ("", ""),
        ("买买提·艾力", "mmtal"),
    ],
)
def test_initials_follow_the_reading_of_surnames(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_masks_show_as_much_as_a_clerk_needs() -> None:
    assert mask_phone("13800138000") == "138****8000"
    assert mask_phone("075783331234") == "0757******34"
    assert mask_phone("02083331234") == "020******34"
    assert mask_phone("10099") == "10099"
    assert mask_document("440604199001011234") == "4406**********1234"
    assert mask_document("E12345678") == "E*******8"
    assert mask_name("张三") == "张*"
    assert mask_name("张") == "*"
    assert mask_name("欧阳锋") == "欧阳*"
    assert mask_door("3栋2单元1201") == "*栋*单元****"
    assert surname_of("") == mask_name("") == mask_document("") == mask_phone("") == ""


@given(st.from_regex(r"[0-9]{7,12}", fullmatch=True))
def test_a_masked_phone_hides_at_least_a_quarter(digits: str) -> None:
    masked = mask_phone(digits)
    assert len(masked) == len(digits)
    assert masked.count("*") * 4 >= len(digits) - 3


def test_an_identity_number_says_birthday_region_and_sex() -> None:
    first = "44060419900229123"
    with pytest.raises(DocumentNotValid) as refused:  # 1990 had no 29 February
        parse_identity_number(first + check_digit_of(first), today=TODAY)
    assert refused.value.params["reason"] == "birthday"
    first = "44060419920229122"
    read = parse_identity_number(f" {first}{check_digit_of(first).lower()} ", today=TODAY)
    assert (read.region_code, read.born_on, read.is_female) == ("440604", date(1992, 2, 29), True)
    assert check_digit_of("11010519491231002") == "X"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("44060419900101", "length"),
        ("4406041990010112AB", "digits"),
        ("990604199001011234", "region"),
        ("440604209901011234", "birthday"),
        ("110105194912310021", "check_digit"),
    ],
)
def test_a_bad_identity_number_is_refused_with_the_reason(number: str, reason: str) -> None:
    with pytest.raises(DocumentNotValid) as refused:
        parse_identity_number(number, today=TODAY)
    assert refused.value.params == {"reason": reason}


@given(
    st.dates(date(1950, 1, 1), TODAY).map(lambda day: f"440604{day:%Y%m%d}123"),
    st.integers(0, 16),
    st.integers(1, 9),
)
def test_one_mistyped_digit_is_always_found(first: str, place: int, shift: int) -> None:
    number = first + check_digit_of(first)
    assert parse_identity_number(number, today=TODAY).number == number
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(DocumentNotValid):
        parse_identity_number(wrong, today=TODAY)
