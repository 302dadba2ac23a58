"""Phone numbers of China: what people type, brought to bare digits that can be compared and searched."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from yuanxin.parties.rules.errors import PhoneNotValid

_MOBILE = re.compile(r"1[3-9]\d{9}")
# Two-digit area codes are 010 and 02x, all others have three digits after the zero.
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})([2-9]\d{6,7})")
_LOCAL = re.compile(r"[2-9]\d{6,7}")
_SHARED = re.compile(r"[48]00\d{7}")
_HOTLINE = re.compile(r"1\d{2,5}|9[5-6]\d{3,5}")
_EXTENSION = re.compile(r"(?:转|ext\.?|分机|#|(?<=\d)-)(\d{1,5})$", re.IGNORECASE)
_SEVERAL = re.compile(r"[/、,;，；|]+")
_FILLER = re.compile(r"[\s\-().·_]+")
_COUNTRY = re.compile(r"^(?:\+|00)86|^86(?=1[3-9]\d{9}$|0\d{9,11}$)")


class PhoneKind(StrEnum):
    """Kind of number: 手机, 固话, 400/800 号码, 短号."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    SHARED = "shared"
    HOTLINE = "hotline"


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number as bare digits; a landline with its area code, an extension apart."""

    digits: str
    kind: PhoneKind
    local: str = ""
    extension: str = ""

    @property
    def last_four(self) -> str:
        """The four digits that customers are asked for."""
        return self.digits[-4:]


def parse_phone(text: str, *, area_code: str = "") -> Phone:
    """Read one number; area_code (such as "0757") is put before a landline typed without one.

    Raises PhoneNotValid.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    whole = _read(_FILLER.sub("", typed), area_code)
    if whole is not None:
        return whole
    tail = _EXTENSION.search(typed)
    if tail is not None:
        main = _read(_FILLER.sub("", typed[: tail.start()]), area_code)
        if main is not None:
            return Phone(main.digits, main.kind, main.local, tail.group(1))
    raise PhoneNotValid(field="phone", length=len(text))


def parse_phones(text: str, *, area_code: str = "") -> tuple[Phone, ...]:
    """Read every number of a field such as ``0757-83331234/138 0013 8000``, without repeats, in the order typed.

    Raises PhoneNotValid for the first part that is none, and for an empty text.
    """
    parts = [part for part in _SEVERAL.split(unicodedata.normalize("NFKC", text)) if part.strip()]
    if not parts:
        raise PhoneNotValid(field="phone", length=len(text))
    return tuple(dict.fromkeys(parse_phone(part, area_code=area_code) for part in parts))


def parse_own_phones(text: str, *, area_code: str = "") -> tuple[Phone, ...]:
    """Read the numbers of a person or unit: a hotline such as 12345 is nobody's own. Raises PhoneNotValid."""
    phones = parse_phones(text, area_code=area_code)
    if any(phone.kind is PhoneKind.HOTLINE for phone in phones):
        raise PhoneNotValid(field="phone", length=len(text))
    return phones


def _read(digits: str, area_code: str) -> Phone | None:
    digits = _COUNTRY.sub("", digits)
    if not digits.isascii() or not digits.isdigit():
        return None
    if _MOBILE.fullmatch(digits):
        return Phone(digits, PhoneKind.MOBILE)
    if digits[0] == "0" and _MOBILE.fullmatch(digits[1:]):  # the old trunk zero before a mobile number
        return Phone(digits[1:], PhoneKind.MOBILE)
    if landline := _LANDLINE.fullmatch(digits):
        return Phone(digits, PhoneKind.LANDLINE, local=landline.group(2))
    if _SHARED.fullmatch(digits):
        return Phone(digits, PhoneKind.SHARED)
    if area_code and _LOCAL.fullmatch(digits):
        return Phone(area_code + digits, PhoneKind.LANDLINE, local=digits)
    if _HOTLINE.fullmatch(digits):
        return Phone(digits, PhoneKind.HOTLINE)
    return None
