"""Masks: how personal values look to everybody who has not asked, with a reason, to see them."""

from __future__ import annotations

import re

from yuanxin.parties.rules.names import surname_of

_STAR = "*"
_DOOR = re.compile(r"\d|[A-Za-z]")


def mask_phone(digits: str) -> str:
    """138****8000; a landline keeps its area code and last two digits; short numbers (hotlines) stay."""
    if len(digits) < 7:
        return digits
    if len(digits) == 11 and digits[0] == "1":
        return f"{digits[:3]}****{digits[-4:]}"
    kept = (3 if digits.startswith(("010", "02")) else 4) if digits[0] == "0" else 3
    return digits[:kept] + _STAR * (len(digits) - kept - 2) + digits[-2:]


def mask_document(number: str) -> str:
    """4406**********1234: region and last four of an identity number; of others the first and the last character."""
    if len(number) == 18:
        return number[:4] + _STAR * 10 + number[-4:]
    if len(number) <= 2:
        return _STAR * len(number)
    return number[0] + _STAR * (len(number) - 2) + number[-1]


def mask_name(name: str) -> str:
    """张*: the surname stays, each further character becomes a star."""
    if len(name) <= 1:
        return _STAR * len(name)
    surname = surname_of(name)
    return surname + _STAR * (len(name) - len(surname))


def mask_door(door: str) -> str:
    """Hide the digits and letters of a door such as 3栋2单元1201: *栋*单元****."""
    return _DOOR.sub(_STAR, door)
