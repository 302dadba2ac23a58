"""Facts, command bodies and answers as JSON and back, by their type annotations."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python


@lru_cache(maxsize=1024)
def _adapter(type_: Any) -> TypeAdapter[Any]:
    return TypeAdapter(type_)


def to_json(type_: Any, value: Any) -> Any:
    """Return ``value`` of an annotated type as JSON data."""
    return _adapter(type_).dump_python(value, mode="json")


def from_json(type_: Any, data: Any) -> Any:
    """Return the value that ``to_json`` wrote."""
    return _adapter(type_).validate_python(data)


def digest(arguments: dict[str, Any]) -> bytes:
    """Return the SHA-256 of a command's arguments, whatever their order; files count by their content."""
    plain = to_jsonable_python(arguments, bytes_mode="base64", fallback=repr)
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).digest()
