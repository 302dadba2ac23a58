"""Files in an S3 store: our signature is the one that others compute, and a store on the loopback keeps the files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage

from yuanxin.kernel.object_store import (
    ObjectStore,
    Place,
    StoreAddressWrong,
    StoreUnwilling,
    options_of,
    signed_headers,
)

KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
AT = datetime(2026, 11, 24, 1, 10, tzinfo=UTC)
KNOWN = "72b449808ea986d0a9c718b7bf5659f8856637d9b9c73d3da1d17e78e148a368"  # botocore 1.44.5, the same request


class Bucket(BaseHTTPRequestHandler):
    """A store that keeps files in memory and checks every signature anew."""

    files: ClassVar[dict[str, bytes]] = {}
    place: ClassVar[Place]
    broken: ClassVar[list[str]] = []

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.broken:
            self.broken.pop()
            self.connection.close()
            return
        at = datetime.strptime(self.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        wanted = signed_headers(self.place, self.command, self.path, body, at)["authorization"]
        status, told = 403, b""
        if self.headers["authorization"] == wanted:
            status, told = self._keep(body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(told)

    def _keep(self, body: bytes) -> tuple[int, bytes]:
        if self.command == "PUT":
            self.files[self.path] = body
            return 200, b""
        if self.command == "DELETE":
            self.files.pop(self.path, None)
            return 204, b""
        return (200, self.files[self.path]) if self.path in self.files else (404, b"")

    do_PUT = do_GET = do_HEAD = do_DELETE = _answer  # noqa: N815 - the names that http.server calls

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def bucket() -> Iterator[ObjectStore]:
    Bucket.files.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    store = ObjectStore(**options_of(f"s3://yuanxin/files?endpoint={endpoint}&region=cn-north-1", KEYS))
    Bucket.place = store.place
    yield store
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["directory", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Any, bucket: ObjectStore) -> Storage:
    return bucket if request.param == "bucket" else FileSystemStorage(location=tmp_path)


def test_what_was_stored_is_read_again_and_gone_when_deleted(storage: Storage) -> None:
    name = storage.save("2026/照片 1.jpg", ContentFile(b"\xff\xd8picture"))
    assert storage.exists(name)
    assert storage.size(name) == 9
    with storage.open(name) as stored:
        assert stored.read() == b"\xff\xd8picture"
    storage.delete(name)
    assert not storage.exists(name)
    with pytest.raises(FileNotFoundError):
        storage.open(name)


def test_a_second_file_of_the_same_name_replaces_nothing(storage: Storage) -> None:
    first, second = (storage.save("a.jpg", ContentFile(content)) for content in (b"one", b"two"))
    assert first != second
    assert storage.open(first).read() == b"one"


def test_a_broken_line_is_tried_once_more(bucket: ObjectStore) -> None:
    Bucket.broken.append("once")
    assert bucket.save("b.jpg", ContentFile(b"x")) == "b.jpg"
    assert Bucket.files["/yuanxin/files/b.jpg"] == b"x"


def test_a_wrong_key_is_refused_and_an_absent_store_is_an_error_of_the_system(bucket: ObjectStore) -> None:
    thief = ObjectStore(**(vars(bucket.place) | {"secret_key": "wrong"}))
    with pytest.raises(StoreUnwilling):
        thief.save("c.jpg", ContentFile(b"x"))
    nobody = ObjectStore(**(vars(bucket.place) | {"endpoint": "http://127.0.0.1:1"}))
    with pytest.raises(ConnectionRefusedError):
        nobody.exists("c.jpg")


def test_the_signature_is_the_one_that_the_usual_client_computes() -> None:
    place = Place("https://s3.example.com", "yuanxin", "cn-north-1", *KEYS.values())
    headers = signed_headers(place, "PUT", place.path("2026/照片 1.jpg"), b"picture", AT)
    assert headers["authorization"].endswith(f"Signature={KNOWN}")


@pytest.mark.parametrize("address", ["s3://", "s3://bucket", "file:///tmp", "s3://bucket?endpoint=host"])
def test_an_address_that_names_no_bucket_and_endpoint_stops_the_start(address: str) -> None:
    with pytest.raises(StoreAddressWrong):
        options_of(address, KEYS)
