"""A rule's numbers are read in words: every field and every code of the shipped rulebooks has its Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from django.conf import settings
from django.utils import translation

from yuanxin.web.components.codes import FAMILIES, words_among
from yuanxin.web.components.words_of_values import VALUES
from yuanxin.web.desks.standards_desk.measures import SPOKEN


def values() -> Iterator[dict[str, Any]]:
    for file in sorted(settings.YUANXIN_RULEBOOKS.glob("**/*.yaml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8")).get("entries", []):
            if (entry.get("measure") or {}).get("kind") == "values":
                yield entry["measure"]["values"]


def test_every_field_of_a_rule_has_its_words() -> None:
    names = {name for fields in values() for name in fields}
    assert sorted(names - set(VALUES)) == []
    assert sorted(set(VALUES) - names) == []


def test_every_code_in_a_list_of_a_rule_has_its_words() -> None:
    codes = {str(one) for fields in values() for value in fields.values() if isinstance(value, list) for one in value}
    with translation.override("zh-hans"):
        assert sorted(code for code in codes if words_among(code, *SPOKEN).isascii()) == []


def test_every_clock_of_an_order_has_its_words() -> None:
    topics = {
        entry["topic"]
        for file in sorted(settings.YUANXIN_RULEBOOKS.glob("**/*.yaml"))
        for entry in yaml.safe_load(file.read_text(encoding="utf-8")).get("entries", [])
        if entry.get("start") and (entry.get("measure") or {}).get("kind") in {"elapsed", "by_time_of_day", "slot"}
    }
    assert sorted(topics - set(FAMILIES["topic"])) == []
