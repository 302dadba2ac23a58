"""Identity numbers of citizens.

Source: GB 11643-1999 (18 digits: region, birthday, sequence, check digit by ISO 7064 MOD 11-2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yuanxin.parties.rules.errors import DocumentNotValid

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
# GB/T 2260 provinces; 81-83 are the numbers of residents from Hong Kong, Macao and Taiwan.
_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(first, last + 1)
)
_EARLIEST_BIRTH_YEAR = 1880


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A valid identity number (公民身份号码) and what it says."""

    number: str
    region_code: str
    born_on: date
    is_female: bool


def parse_identity_number(text: str, *, today: date) -> IdentityNumber:
    """Check and read an identity number; a birthday after today is refused.

    Raises DocumentNotValid with the reason, never with the number.
    """
    number = text.strip().replace(" ", "").upper()
    if len(number) != 18:
        raise DocumentNotValid(field="document_number", reason="length")
    if not (number.isascii() and number[:17].isdigit() and number[17] in _CHECK_DIGITS):
        raise DocumentNotValid(field="document_number", reason="digits")
    if number[:2] not in _PROVINCES:
        raise DocumentNotValid(field="document_number", reason="region")
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise DocumentNotValid(field="document_number", reason="birthday") from None
    if born_on > today or born_on.year < _EARLIEST_BIRTH_YEAR:
        raise DocumentNotValid(field="document_number", reason="birthday")
    if number[17] != check_digit_of(number[:17]):
        raise DocumentNotValid(field="document_number", reason="check_digit")
    return IdentityNumber(number, number[:6], born_on, int(number[16]) % 2 == 0)


def check_digit_of(first_seventeen: str) -> str:
    """Return the check digit, 0-9 or X."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11]
