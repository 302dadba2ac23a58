"""One question to a road server over HTTP, with an end that holds even when the answer comes drop by drop."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import monotonic
from typing import Any
from urllib.parse import SplitResult

from yuanxin.engines.routing.roads.errors import RoadsDown, RoadsUnwilling

LARGEST_ANSWER = 32 * 1024 * 1024  # bytes; a block of 100 x 100 is far below it
_PIECE = 64 * 1024


def ask(endpoint: SplitResult, method: str, path: str, body: Any | None, *, wait_s: float) -> Any:
    """Return the JSON answer to one question. wait_s: from the first byte asked to the last byte read.

    Raises RoadsDown, RoadsUnwilling.
    """
    line = HTTPSConnection if endpoint.scheme == "https" else HTTPConnection
    connection = line(endpoint.netloc, timeout=wait_s)
    until = monotonic() + wait_s
    sent = None if body is None else json.dumps(body, separators=(",", ":")).encode()
    headers = {"accept": "application/json"} | ({"content-type": "application/json"} if sent else {})
    try:
        connection.request(method, f"{endpoint.path.rstrip('/')}{path}", sent, headers)
        answer = connection.getresponse()
        told = _read(connection, answer, until)
    except (OSError, HTTPException) as broken:
        if isinstance(broken, RoadsUnwilling):
            raise
        raise RoadsDown(f"{type(broken).__name__}: {broken}") from broken
    finally:
        connection.close()
    if answer.status >= 500:
        raise RoadsDown(f"status {answer.status}")
    try:
        found = json.loads(told)
    except ValueError as broken:
        raise RoadsUnwilling(f"status {answer.status}, not JSON") from broken
    if answer.status != 200:
        raise RoadsUnwilling(f"status {answer.status}, {_said(found)}")
    return found


def _read(connection: HTTPConnection, answer: Any, until: float) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := answer.read1(_PIECE):
        pieces.append(piece)
        size += len(piece)
        left = until - monotonic()
        if left <= 0:
            raise RoadsDown("the answer took too long")
        if size > LARGEST_ANSWER:
            raise RoadsUnwilling("the answer is too long")
        if connection.sock is not None:
            connection.sock.settimeout(left)
    return b"".join(pieces)


def _said(found: Any) -> str:
    """Return the server's own code, cut short."""
    return str(found.get("code") or found.get("error_code") or "")[:40] if isinstance(found, dict) else ""
