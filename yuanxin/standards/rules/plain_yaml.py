"""YAML without surprises: no floats, no dates, no sexagesimal numbers, no aliases, no repeated keys.

``16:00`` and ``2026-03-01`` and ``0.75`` stay text, so that nothing in a rulebook changes its meaning on the way.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from yuanxin.standards.rules.errors import RulebookUnreadable

LARGEST_TEXT = 1_000_000
LINE_BREAKS = "\x85\u2028\u2029\ufeff"  # YAML would fold them, were they not written as escapes


class _Plain(yaml.SafeLoader):
    """A safe loader that resolves whole numbers, true, false and null only."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 - the base class declares it as an instance's

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not taken", event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key_node.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key_node.value!r} stands twice", key_node.start_mark
                )
            seen.add(key_node.value)
        return super().construct_mapping(node, deep=deep)


_Plain.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?(0|[1-9][0-9]{0,17})\Z"), list("-0123456789"))
_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)\Z"), list("tf"))
_Plain.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(null|~|)\Z"), ["n", "~", ""])


class _Writer(yaml.SafeDumper):
    """Writes what `_Plain` reads back unchanged; every text that could be read as something else is quoted."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_text(self, text: str) -> Any:
        style = '"' if any(mark in text for mark in LINE_BREAKS) else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _Writer.represent_text)


def read(text: str, *, file: str) -> Any:
    """Return the plain data of a YAML text. Raises RulebookUnreadable with file, line (from 1) and column."""
    if len(text) > LARGEST_TEXT:
        raise RulebookUnreadable(file=file, line=0, column=0, problem=f"longer than {LARGEST_TEXT} characters")
    try:
        return yaml.load(text, Loader=_Plain)  # noqa: S506 - a SafeLoader with fewer resolvers
    except RecursionError:
        raise RulebookUnreadable(file=file, line=0, column=0, problem="nested too deeply") from None
    except (yaml.MarkedYAMLError, yaml.reader.ReaderError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        raise RulebookUnreadable(
            file=file,
            line=mark.line + 1 if mark else 0,
            column=mark.column + 1 if mark else 0,
            problem=getattr(error, "problem", None) or str(getattr(error, "reason", error)),
        ) from None


def write(data: Any) -> str:
    """Return the YAML text of plain data; `read(write(data)) == data`."""
    return yaml.dump(data, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=120, default_flow_style=False)
