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

WEB = Path(__file__).parents[1]
CATALOGUES = sorted(WEB.glob("**/locale/zh_Hans/LC_MESSAGES/django.po"))
ENTRY = re.compile(r'^msgid "(.+)"\nmsgstr "(.*)"$', flags=re.M)
IN_PAGES = re.compile(r"""\{% translate (?:"([^"]+)"|'([^']+)')""")
IN_CODE = re.compile(r"""(?<![A-Za-z_.])(?:_|gettext|gettext_lazy|gettext_noop)\(\s*"((?:[^"\\]|\\.)+)"\s*[,)]""")


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


@pytest.mark.parametrize("source", CATALOGUES, ids=lambda path: path.parents[3].name)
def test_every_message_is_translated_and_compiled(source: Path) -> None:
    entries = ENTRY.findall(source.read_text("utf-8"))
    assert entries
    assert [english for english, words in entries if not words] == []
    with source.with_suffix(".mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    assert [
        english
        for english, _ in entries
        if english.isascii() and "\\" not in english and catalogue.gettext(english) == english
    ] in (
        [],
        ["App"],
    )


def test_every_sentence_of_pages_and_code_has_its_chinese() -> None:
    known = {english for source in CATALOGUES for english, _ in ENTRY.findall(source.read_text("utf-8"))}
    said = {
        one or other for page in WEB.glob("**/*.html") for one, other in IN_PAGES.findall(page.read_text("utf-8"))
    } | {
        sentence
        for module in WEB.glob("**/*.py")
        if "tests" not in module.parts
        for sentence in IN_CODE.findall(module.read_text("utf-8"))
    }
    with translation.override("zh-hans"):
        unknown = {one for one in said - known if translation.gettext(one) == one}
    assert sorted(unknown) == []


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
