"""A pasted message (微信报障): phone, address, service and fault read from what a customer wrote, by plain rules.

``桂城XX花园3座1202没信号 138 0013-8000`` holds an address before the fault and a number behind it.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from yuanxin.care.rules.faults import SERVICES_OF, FaultCode
from yuanxin.kernel.errors import DomainError
from yuanxin.published.codes import Service

_Code = TypeVar("_Code")
LONGEST_MESSAGE = 500
_MOBILE = re.compile(r"(?<!\d)(?:\+?86|0086)?[\s\-/]*(1[\s\-/]*[3-9](?:[\s\-/]*\d){9})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}[\s\-]?[2-9]\d{6,7})(?!\d)")
_DOOR = re.compile(r"\d{1,4}\s*(?:号楼|栋|座|幢|单元|梯|号|期|#)\s*[\d\-座栋梯单元层楼室房]*|(?<=\D)\d{3,4}(?:室|房)?$")
_BREAKS = re.compile(r"[\s,，。.;；:：!！?？、|…\n]+")
_ADMIN = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,8}省)?(?:[\u4e00-\u9fff]{2,6}市)?(?:[\u4e00-\u9fff]{2,5}(?:区|县))?(?:[\u4e00-\u9fff]{2,6}(?:街道|镇|乡))?"
)
_LEADING = re.compile(r"^(?:地址|住址|我家|我家在|家住|我住|在|位于|我是|您好|你好)+")


class PastedNothing(DomainError):
    """The message holds neither a phone number nor an address."""

    code = "care.pasted_nothing"


class PastedTooLong(DomainError):
    """The message is too long to be one report. Params: longest."""

    code = "care.pasted_too_long"


@dataclass(frozen=True)
class PasteWords:
    """The words of the table, lower case: by service, by fault, endings of places, and the service of a bare fault."""

    services: Mapping[str, Service]
    faults: Mapping[str, FaultCode]
    places: tuple[str, ...]
    service_of_fault: Mapping[FaultCode, Service]


@dataclass(frozen=True)
class PastedMessage:
    """What a message holds. phones: bare digits; address: as written, without the fault; either may be empty."""

    text: str
    phones: tuple[str, ...]
    address: str
    service: Service | None
    fault: FaultCode | None


def read_message(text: str, words: PasteWords) -> PastedMessage:
    """Read a pasted message. Raises PastedTooLong, PastedNothing."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if len(plain) > LONGEST_MESSAGE:
        raise PastedTooLong(field="text", longest=str(LONGEST_MESSAGE))
    phones = tuple(dict.fromkeys(_phones(plain)))
    rest = _LANDLINE.sub(" ", _MOBILE.sub(" ", plain))
    address = _address(rest, words)
    if not phones and not address:
        raise PastedNothing(field="text")
    fault = _longest(rest.casefold(), words.faults)
    service = _longest(rest.casefold(), words.services) or (words.service_of_fault.get(fault) if fault else None)
    if fault and service and service not in SERVICES_OF[fault]:
        fault = None
    return PastedMessage(plain, phones, address, service, fault)


def ways_to_ask(address: str) -> Iterator[str]:
    """Yield the address as the search box may know it: whole, without province to town, without a bare town name."""
    asked = dict.fromkeys([address, _ADMIN.sub("", address), address[2:], address[3:]])
    yield from (one for one in asked if len(one) >= 2)


def _phones(plain: str) -> Iterator[str]:
    yield from (re.sub(r"\D", "", found) for found in _MOBILE.findall(plain))
    yield from (re.sub(r"\D", "", found) for found in _LANDLINE.findall(_MOBILE.sub(" ", plain)))


def _address(rest: str, words: PasteWords) -> str:
    """Return the part with a door, else one that ends like a place; a door in the next part belongs to it."""
    parts = [_LEADING.sub("", _before_fault(part, words)) for part in _BREAKS.split(rest)]
    for index, part in enumerate(parts):
        has_door = _DOOR.search(part) is not None
        if not re.search(r"[\u4e00-\u9fff]{2}", part) or not (has_door or part.endswith(words.places)):
            continue
        while index + 1 < len(parts) and _is_more(parts[index + 1], words):
            index, part = index + 1, part + parts[index + 1]
        return part
    return ""


def _is_more(part: str, words: PasteWords) -> bool:
    """Tell whether a part goes on with the address before it: only a door, or a place with one."""
    return bool(part) and (
        re.fullmatch(r"[\d\-号楼栋座幢单元梯层室房期#]+", part) is not None or _place_and_door(part, words)
    )


def _place_and_door(part: str, words: PasteWords) -> bool:
    door = _DOOR.search(part)
    return door is not None and part[: door.start()].endswith(words.places)


def _before_fault(part: str, words: PasteWords) -> str:
    """Cut a part where the fault or the service begins."""
    lower = part.casefold()
    starts = [lower.find(word) for word in (*words.faults, *words.services) if not word.isdigit()]
    return part[: min((start for start in starts if start >= 0), default=len(part))]


def _longest(text: str, words: Mapping[str, _Code]) -> _Code | None:
    found = [word for word in words if word in text]
    return words[max(found, key=len)] if found else None
