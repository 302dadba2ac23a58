"""What a page may not contain, because one strict content security policy holds for every URL."""

import re
from html.parser import HTMLParser

from tests.architecture.sources import Source

HANDLER = re.compile(r"on[a-z]+$|hx-on(:|$)")
_TAG = re.compile(r"{%.*?%}|{#.*?#}", re.DOTALL)
_VALUE = re.compile(r"{{.*?}}", re.DOTALL)
_UNSAFE = re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off|\|\s*safeseq\b")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.faults: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        line = self.getpos()[0]
        for name in given:
            if HANDLER.match(name):
                self.faults.append((line, f"{name}= is a script in an attribute"))
        if "style" in given:
            self.faults.append((line, "style= needs unsafe-inline; use a class"))
        if (given.get("href") or given.get("src") or "").strip().lower().startswith("javascript:"):
            self.faults.append((line, "javascript: address"))
        if tag == "script" and "src" not in given and "nonce" not in given and not _is_data(given):
            self.faults.append((line, "script without src or nonce"))
        if tag == "style" and "nonce" not in given:
            self.faults.append((line, "style element without nonce"))

    handle_startendtag = handle_starttag


def _is_data(attributes: dict[str, str | None]) -> bool:
    return (attributes.get("type") or "") in {"application/json", "application/ld+json"}


def page_faults(source: Source) -> list[str]:
    """Return one line per inline style, handler, script, or unescaped value of a template."""
    found = [
        (source.text.count("\n", 0, match.start()) + 1, f"{match[0].strip()} switches escaping off")
        for match in _UNSAFE.finditer(source.text)
    ]
    page = _Page()
    page.feed(_VALUE.sub(_blank, _TAG.sub(_blank, source.text)))
    page.close()
    return [f"{source.path}:{line}: {fault}" for line, fault in sorted(found + page.faults)]


def _blank(match: re.Match[str]) -> str:
    """Keep the lines, so that a fault is shown where it stands."""
    return "\n" * match[0].count("\n") or "x" * match[0].startswith("{{")
