"""Catalogues compiled by us are read by Python's gettext as if msgfmt had made them."""

import gettext
import io
import os
from pathlib import Path

import pytest

from yuanxin.config.messages import BadCatalogue, binary_catalogue, compile_catalogues, read_catalogue

CATALOGUE = r"""
# head
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"

#: somewhere.html:3
msgid "Open a ticket"
msgstr "新建工单"

msgctxt "verb"
msgid "Open"
msgstr "打开"

msgid "long "
"text\n"
msgstr "长\"文\"\n"

#, python-format
msgid "%(n)s ticket"
msgid_plural "%(n)s tickets"
msgstr[0] "%(n)s 张工单"

#, fuzzy
msgid "Close"
msgstr "猜的"

msgid "Nothing yet"
msgstr ""
"""


def test_gettext_reads_what_we_wrote() -> None:
    found = gettext.GNUTranslations(io.BytesIO(binary_catalogue(read_catalogue(CATALOGUE))))
    assert found.gettext("Open a ticket") == "新建工单"
    assert found.pgettext("verb", "Open") == "打开"
    assert found.gettext("long text\n") == '长"文"\n'
    assert found.ngettext("%(n)s ticket", "%(n)s tickets", 5) == "%(n)s 张工单"


def test_guesses_and_gaps_fall_back_to_the_source() -> None:
    found = gettext.GNUTranslations(io.BytesIO(binary_catalogue(read_catalogue(CATALOGUE))))
    assert found.gettext("Close") == "Close"
    assert found.gettext("Nothing yet") == "Nothing yet"


def test_bad_line_is_named() -> None:
    with pytest.raises(BadCatalogue, match=r"zh\.po:2"):
        read_catalogue('msgid "a"\nmsgstr nonsense\n', "zh.po")


def test_only_newer_sources_are_compiled(tmp_path: Path) -> None:
    source = tmp_path / "web" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE, encoding="utf-8")
    assert compile_catalogues(tmp_path) == [source.with_suffix(".mo")]
    assert compile_catalogues(tmp_path) == []
    later = source.stat().st_mtime_ns + 10**9
    os.utime(source, ns=(later, later))
    assert compile_catalogues(tmp_path) == [source.with_suffix(".mo")]
