"""Words: every named error has them, every message is translated, every list's labels too."""

from __future__ import annotations

import gettext
import importlib
import importlib.util
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import yuanxin
from yuanxin.kernel.errors import DomainError
from yuanxin.kernel.listing import Listing
from yuanxin.web.components.words import ERRORS, error_words

CATALOGUE = Path(__file__).parents[1] / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def all_errors() -> Iterator[type[DomainError]]:
    """Import every module of ours and yield every named error."""
    for module in pkgutil.walk_packages(yuanxin.__path__, "yuanxin."):
        if not re.search(r"\.(tests|migrations|config|management)(\.|$)", module.name):
            importlib.import_module(module.name)
    waiting = [DomainError]
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        if error.__module__.startswith("yuanxin.") and ".tests" not in error.__module__:
            yield error


def test_every_named_error_has_words() -> None:
    assert sorted({error.code for error in all_errors()} - set(ERRORS)) == []


def test_every_message_is_translated_and_compiled() -> None:
    entries = re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', CATALOGUE.read_text("utf-8"), flags=re.M)
    assert entries
    assert [source for source, words in entries if not words] == []
    with CATALOGUE.with_suffix(".mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    assert [
        source
        for source, _ in entries
        if source.isascii() and "\\" not in source and catalogue.gettext(source) == source
    ] in (
        [],
        ["App"],
    )


def test_every_label_of_every_list_is_translated() -> None:
    with translation.override("zh-hans"):
        labels = {label for one in all_lists() for label in labels_of(one)}
        assert sorted(label for label in labels if translation.gettext(label) == label) == []


def all_lists() -> Iterator[Listing]:
    """Yield every list that a context declares at its door."""
    for context in pkgutil.iter_modules(yuanxin.__path__, "yuanxin."):
        if importlib.util.find_spec(f"{context.name}.api") if context.ispkg else None:
            yield from (
                one for one in vars(importlib.import_module(f"{context.name}.api")).values() if type(one) is Listing
            )


def labels_of(one: Listing) -> Iterator[str]:
    yield one.title
    yield from (column.label for column in one.columns)
    yield from (asked.label for asked in one.filters)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_words_take_the_parameters_of_the_error(language: str) -> None:
    with translation.override(language):
        assert error_words(DomainError()) not in {"", DomainError.code}
