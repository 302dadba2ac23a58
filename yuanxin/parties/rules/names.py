"""Names of people and places: a comparable form, the surname, the initials of the pinyin."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from pypinyin import Style, lazy_pinyin

_GAP = re.compile(r"[\s·•.\-'’、,，()（）]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f]")
_COMPOUND = "欧阳上官司马司徒诸葛东方夏侯皇甫尉迟公孙慕容令狐长孙宇文端木百里南宫独孤轩辕万俟闻人澹台"
_COMPOUND_SURNAMES = frozenset(_COMPOUND[i : i + 2] for i in range(0, len(_COMPOUND), 2))
# A surname read otherwise than the common reading of its character: only the initials that differ.
_SURNAME_INITIALS = {
    "单": "s", "仇": "q", "区": "o", "翟": "z", "查": "z", "解": "x", "曾": "z", "乐": "y", "盖": "g", "种": "c",
    "繁": "p", "覃": "q", "秘": "b", "折": "s", "召": "s", "重": "c", "尉迟": "yc", "万俟": "mq", "澹台": "tt",
}  # fmt: skip
_LONGEST_INITIALS = 16


def comparable(text: str) -> str:
    """Bring a text to the form that is stored as a token: NFKC, lower case, without gaps and punctuation."""
    return _GAP.sub("", unicodedata.normalize("NFKC", text).casefold())


def is_chinese(text: str) -> bool:
    """Tell whether the text holds at least one Chinese character."""
    return _HAN.search(text) is not None


def surname_of(name: str) -> str:
    """Return the surname of a Chinese name (one character, two for the compound ones); "" for an empty name."""
    return name[:2] if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else name[:1]


def initials_of(name: str) -> str:
    """Return the first letters of the pinyin: 张三丰 -> ``zsf``, 区少强 -> ``osq``, 欧阳锋 -> ``oyf``.

    Letters and digits stand for themselves; at most 16 characters.
    """
    plain = comparable(name)
    surname = surname_of(plain)
    start = _SURNAME_INITIALS.get(surname) or "".join(map(_initial_of, surname))
    return (start + "".join(map(_initial_of, plain[len(surname) :])))[:_LONGEST_INITIALS]


@cache
def _initial_of(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() else ""
    first = lazy_pinyin(character, style=Style.FIRST_LETTER, errors="ignore")
    return first[0] if first else ""
