"""Read a page: its addresses, its visible words, and what of them a reader of Chinese would stumble over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

SILENT = frozenset({"script", "style", "template", "svg", "head"})
VERBATIM = frozenset({"code", "pre", "kbd", "samp", "textarea"})
"""Elements whose content is quoted as it is: codes, keys, what somebody typed."""
EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
ADDRESSES = ("hx-get", "data-live")
SPOKEN = ("title", "placeholder", "aria-label", "alt")

_CODE = re.compile(r"(?<![\w./@:-])[a-z]+(?:_[a-z0-9]+)+(?![\w./@:-])")
_SENTENCE = re.compile(r"(?:\b[A-Za-z][a-z'’-]*[ ,]+){4,}[A-Za-z][a-z'’-]*\b")


class Reading(HTMLParser):
    """What one page says. addresses: of links and of parts that are fetched later; words: visible texts in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.addresses: list[str] = []
        self.words: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.addresses.append(given["href"])
        self.addresses += [given[name] for name in ADDRESSES if given.get(name)]
        is_foreign = given.get("lang", "").startswith("en") and tag != "html"
        is_quiet = self._is_quiet or tag in SILENT or tag in VERBATIM or is_foreign or given.get("translate") == "no"
        if not is_quiet:
            self.words += [given[name] for name in SPOKEN if given.get(name)]
        if tag not in EMPTY:
            self._open.append((tag, is_quiet))

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._is_quiet:
            self.words.append(" ".join(data.split()))

    @property
    def _is_quiet(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def untranslated(words: list[str]) -> Iterator[str]:
    """Yield codes such as ``no_internet`` and English sentences of five words or more, each once."""
    seen: set[str] = set()
    for text in words:
        for pattern in (_CODE, _SENTENCE):
            for match in pattern.finditer(text):
                if match[0] not in seen:
                    seen.add(match[0])
                    yield match[0]
