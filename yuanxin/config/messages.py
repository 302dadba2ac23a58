"""Compile gettext catalogues without gettext's programs, which a bare machine does not have.

Reads what ``makemessages`` writes: comments, ``msgctxt``, ``msgid``, ``msgid_plural``, ``msgstr``, ``msgstr[n]``.
Fuzzy and untranslated entries are left out. Source: the GNU gettext manual, "The Format of GNU MO Files".
"""

import ast
import re
import struct
from dataclasses import dataclass, field
from pathlib import Path

MAGIC = 0x950412DE
_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d+)\])?\s+)?(".*")\s*$')


class BadCatalogue(ValueError):
    """A line of a .po file is neither comment, keyword nor text; the message names file and line."""


@dataclass
class _Entry:
    fuzzy: bool = False
    texts: dict[tuple[str, int], str] = field(default_factory=dict)

    def pair(self) -> tuple[bytes, bytes] | None:
        """Return source and translation as the binary format joins them, None if there is nothing to say."""
        said = [text for (keyword, _), text in sorted(self.texts.items()) if keyword == "msgstr"]
        if self.fuzzy or ("msgid", 0) not in self.texts or not any(said):
            return None
        source = self.texts["msgid", 0]
        if ("msgctxt", 0) in self.texts:
            source = f"{self.texts['msgctxt', 0]}\x04{source}"
        if ("msgid_plural", 0) in self.texts:
            source = f"{source}\x00{self.texts['msgid_plural', 0]}"
        return source.encode(), "\x00".join(said).encode()


def read_catalogue(text: str, name: str = "") -> dict[bytes, bytes]:
    """Return translations by source text, joined as the binary format wants them. Raises BadCatalogue."""
    entries = [_Entry()]
    place = ("", 0)
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            if entries[-1].texts:
                entries.append(_Entry())
            if bare.startswith("#,") and "fuzzy" in bare:
                entries[-1].fuzzy = True
            continue
        found = _LINE.match(bare)
        if not found:
            raise BadCatalogue(f"{name}:{number}: {bare}")
        keyword, index, quoted = found.groups()
        if keyword:
            place = (keyword, int(index or 0))
        entries[-1].texts[place] = entries[-1].texts.get(place, "") + str(ast.literal_eval(quoted))
    return dict(pair for pair in (entry.pair() for entry in entries) if pair)


def binary_catalogue(translations: dict[bytes, bytes]) -> bytes:
    """Return the .mo file: header, table of sources, table of translations, texts; sources in byte order."""
    rows = sorted(translations.items())
    texts = b""
    tables: list[list[int]] = [[], []]
    start = 28 + 16 * len(rows)
    for column in (0, 1):
        for row in rows:
            tables[column] += [len(row[column]), start + len(texts)]
            texts += row[column] + b"\x00"
    header = struct.pack("<7I", MAGIC, 0, len(rows), 28, 28 + 8 * len(rows), 0, 0)
    return header + b"".join(struct.pack(f"<{len(table)}I", *table) for table in tables) + texts


def compile_catalogues(folder: Path) -> list[Path]:
    """Write the .mo beside every newer .po below `folder`; return those written."""
    written = []
    for source in sorted(folder.glob("**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        target.write_bytes(binary_catalogue(read_catalogue(source.read_text(encoding="utf-8"), str(source))))
        written.append(target)
    return written
