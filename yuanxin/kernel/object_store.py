"""Files in an S3 store 对象存储, by the few requests that we need: PUT, GET, HEAD, DELETE, signed by version 4.

Written here because the usual client packages want another version of a package that the job queue pins. Files are of
a few megabytes and read whole; a store that does not answer is an OSError, as a full disk is.
Source: AWS Signature Version 4, path-style addresses.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

_ALGORITHM = "AWS4-HMAC-SHA256"
_FOUND, _GONE = (200, 201, 204), 404


class StoreUnwilling(OSError):
    """The store does not answer, or refuses; the text says which request and how it answered."""


class StoreAddressWrong(ValueError):
    """The setting does not name a bucket and an endpoint."""


@dataclass(frozen=True)
class Place:
    """Where files lie, and with whose key. prefix: empty or ending with a slash."""

    endpoint: str
    bucket: str
    region: str
    access_key: str
    secret_key: str
    prefix: str = ""

    def path(self, name: str) -> str:
        """Return the path of a file, percent-encoded as it is signed."""
        return quote(f"/{self.bucket}/{self.prefix}{name}", safe="/-_.~")


def options_of(address: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Read ``s3://bucket/prefix?endpoint=https://host&region=name`` and the keys of the environment.

    Raises StoreAddressWrong.
    """
    asked = urlsplit(address)
    given = {name: values[0] for name, values in parse_qs(asked.query).items()}
    endpoint = given.get("endpoint", "")
    if asked.scheme != "s3" or not asked.hostname or urlsplit(endpoint).scheme not in {"http", "https"}:
        raise StoreAddressWrong("YUANXIN_FILES is s3://bucket/prefix?endpoint=https://host&region=name")
    prefix = asked.path.strip("/")
    return {
        "endpoint": endpoint.rstrip("/"),
        "bucket": asked.hostname,
        "region": given.get("region", "us-east-1"),
        "prefix": f"{prefix}/" if prefix else "",
        "access_key": environment.get("AWS_ACCESS_KEY_ID", ""),
        "secret_key": environment.get("AWS_SECRET_ACCESS_KEY", ""),
    }


def signed_headers(place: Place, method: str, path: str, body: bytes, at: datetime) -> dict[str, str]:
    """Return the headers of a request with its signature. at: wall time, for stores refuse old requests."""
    moment, day = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}", f"{at.astimezone(UTC):%Y%m%d}"
    digest = hashlib.sha256(body).hexdigest()
    headers = {"host": urlsplit(place.endpoint).netloc, "x-amz-content-sha256": digest, "x-amz-date": moment}
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = "\n".join((method, path, "", lines, names, digest))
    realm = f"{day}/{place.region}/s3/aws4_request"
    key = f"AWS4{place.secret_key}".encode()
    for part in realm.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    text = "\n".join((_ALGORITHM, moment, realm, hashlib.sha256(request.encode()).hexdigest()))
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    credential = f"Credential={place.access_key}/{realm}, SignedHeaders={names}, Signature={signature}"
    return headers | {"authorization": f"{_ALGORITHM} {credential}"}


@deconstructible
class ObjectStore(Storage):
    """Django's file storage on one bucket."""

    def __init__(self, **options: str) -> None:
        self.place = Place(**options)

    def _save(self, name: str, content: File[bytes]) -> str:
        content.seek(0)
        self._ask("PUT", name, content.read())
        return name

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        status, body, _length = self._ask("GET", name)
        if status == _GONE:
            raise FileNotFoundError(name)
        return File(BytesIO(body), name)

    def exists(self, name: str) -> bool:
        """Tell whether there is such a file."""
        return self._ask("HEAD", name)[0] != _GONE

    def delete(self, name: str) -> None:
        """Remove a file; one that is not there is no fault."""
        self._ask("DELETE", name)

    def size(self, name: str) -> int:
        """Return the size of a file in bytes."""
        status, _body, length = self._ask("HEAD", name)
        if status == _GONE:
            raise FileNotFoundError(name)
        return length

    def url(self, name: str | None) -> str:
        """Return our own address of a file: nobody but our pages reads from the store."""
        return f"{settings.MEDIA_URL}{quote(name or '')}"

    def _ask(self, method: str, name: str, body: bytes = b"") -> tuple[int, bytes, int]:
        """Send one request; once more when the line broke, for all of them may be sent twice."""
        try:
            return self._send(method, name, body)
        except (ConnectionError, HTTPException):
            return self._send(method, name, body)

    def _send(self, method: str, name: str, body: bytes) -> tuple[int, bytes, int]:
        endpoint, path = urlsplit(self.place.endpoint), self.place.path(name)
        line: Any = HTTPSConnection if endpoint.scheme == "https" else HTTPConnection
        connection = line(endpoint.netloc, timeout=settings.YUANXIN_FILES_WAIT_S)
        try:
            at = datetime.now(UTC)  # wall time: the store compares it with its own
            connection.request(method, path, body, signed_headers(self.place, method, path, body, at))
            answer = connection.getresponse()
            told = answer.read()
        finally:
            connection.close()
        if answer.status not in _FOUND and not (answer.status == _GONE and method != "PUT"):
            raise StoreUnwilling(f"{method} {name}: {answer.status}")
        return answer.status, told, int(answer.headers.get("Content-Length") or 0)
