"""A file of addresses at the counter: looked at row by row, then stored as a whole or not at all."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yuanxin.org import api as org
from yuanxin.parties import api as parties
from yuanxin.web.tests import city, make

pytestmark = pytest.mark.django_db
HOME = "/import/addresses/"
GOOD = "小区,区县,镇街,地址,经度,纬度,坐标系\n汇信华府,禅城区,祖庙,人民路1号,113.12,23.02,wgs84\n大榄村,440604,,,,,\n"
BAD = GOOD + ",禅城区,,,,,\n汇信华府,禅城区,,,,,\n东方花园,番禺区,,,,,\n远方,禅城区,,,12.5,41.9,wgs84\n"


@pytest.fixture
def clerk() -> Client:
    clerk = make.client("clerk")
    with city.inside("4406"):
        org.create_unit(code="440604", name="禅城区", level="district", parent_code="4406")
    return clerk


def upload(browser: Client, content: bytes | str, name: str = "佛山.csv", **told: Any) -> Any:
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, content, "text/csv")
    return browser.post(HOME, {"key": uuid4(), "file": file, **told})


def places() -> list[str]:
    with city.inside("4406"):
        return sorted(place.name for place in parties.places())


def batches() -> int:
    with city.inside("4406"):
        return len(parties.import_batches())


def test_a_good_file_is_seen_and_then_stored(clerk: Client) -> None:
    preview = upload(clerk, GOOD)["Location"]
    page = clerk.get(preview).content.decode()
    for words in ("汇信华府", "大榄村", "113.12, 23.02", "待确认", "可入库行"):
        assert words in page
    assert places() == []
    key = uuid4()
    for _ in range(2):
        assert clerk.post(f"{preview}commit/", {"key": key})["Location"] == HOME
    assert places() == ["大榄村", "汇信华府"]
    page = clerk.get(HOME).content.decode()
    assert "已入库2个地址" in page
    assert "佛山.csv" in page


def test_bad_rows_stand_there_with_line_and_reason_and_block_until_they_are_left_out(clerk: Client) -> None:
    preview = upload(clerk, BAD)["Location"]
    page = clerk.get(preview).content.decode()
    for words in ("缺少名称", "地址重复", "见第2行", "没有这个区县", "番禺区", "坐标在中国境外"):
        assert words in page, words
    answer = clerk.post(f"{preview}commit/", {"key": uuid4()})
    assert answer.status_code == 422
    assert "文件中有错误行" in answer.content.decode()
    assert places() == []
    assert clerk.post(f"{preview}commit/", {"key": uuid4(), "leave_out_bad_rows": "on"}).status_code == 302
    assert places() == ["大榄村", "汇信华府"]


def test_a_file_is_thrown_away_and_nothing_of_it_stays(clerk: Client) -> None:
    preview = upload(clerk, GOOD)["Location"]
    assert clerk.post(f"{preview}discard/", {"key": uuid4()}).status_code == 302
    for step in ("commit", "discard"):
        answer = clerk.post(f"{preview}{step}/", {"key": uuid4()})
        assert answer.status_code == 422
        assert "已保存或已放弃" in answer.content.decode()
    assert places() == []
    assert upload(clerk, GOOD).status_code == 302


def zipped() -> bytes:
    """Return an archive that unpacks to far more than it is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("addresses.csv", bytes(30 * 1024 * 1024))
    return buffer.getvalue()


WRONG = {
    "nothing": (b"", "没有数据行"),
    "blank": (b" \n\n", "没有数据行"),
    "header only": ("小区,区县\n".encode(), "没有数据行"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "不是UTF-8"),
    "page": (b"<html><script>1</script></html>", "第一行须为列名"),
    "no district": ("小区,地址\n甲,乙\n".encode(), "第一行须为列名"),
    "one huge cell": (('小区,区县\n"' + "长" * 200_000).encode(), "CSV"),
    "50 MB": (b"a,b\n" * (50 * 1024 * 1024 // 4), "文件过大"),
}


@pytest.mark.parametrize("kind", [*WRONG, "zip"])
def test_a_wrong_file_is_named_at_the_field_and_leaves_nothing(clerk: Client, kind: str) -> None:
    content, words = WRONG.get(kind) or (zipped(), "压缩包")
    content = content.encode() if isinstance(content, str) else content
    started = time.monotonic()
    answer = upload(clerk, content, "../../etc/a.csv" if kind == "page" else "a.csv")
    assert time.monotonic() - started < 5
    assert answer.status_code == 422
    assert words in at_the_field(answer)
    assert batches() == 0


def at_the_field(answer: Any) -> str:
    """Return what the page says at the file's field."""
    return " ".join(answer.context["form"].errors.get("file", []))


def test_no_file_and_a_late_form_are_said_in_words(clerk: Client) -> None:
    answer = clerk.post(HOME, {"key": uuid4()})
    assert answer.status_code == 422
    assert at_the_field(answer)
    assert upload(clerk, GOOD, key="").status_code == 422
    assert batches() == 0


def test_the_same_file_twice_is_named_and_a_second_click_is_once(clerk: Client) -> None:
    key = uuid4()
    first, again = (upload(clerk, GOOD, key=key)["Location"] for _ in range(2))
    assert first == again
    answer = upload(clerk, GOOD, "other-name.csv")
    assert answer.status_code == 422
    assert "已上传" in at_the_field(answer)
    clerk.post(f"{first}commit/", {"key": uuid4()})
    assert "已经入库" in at_the_field(upload(clerk, GOOD))
    changed = upload(clerk, GOOD + "新村,禅城区,,,,,\n")["Location"]
    assert "地址重复" in clerk.get(changed).content.decode()
    assert batches() == 2


def test_only_who_keeps_addresses_opens_it(clerk: Client) -> None:
    preview = upload(clerk, GOOD)["Location"]
    assert make.client("stock_keeper").get(preview).status_code == 200
    for role in ("agent", "technician", "finance_auditor"):
        assert make.client(role).get(HOME).status_code == 403
        assert make.client(role).post(f"{preview}commit/", {"key": uuid4()}).status_code == 403
    there = make.client("clerk", city="4401")
    assert there.get(preview).status_code == 404
    for step in ("commit", "discard"):
        assert there.post(f"{preview}{step}/", {"key": uuid4()}).status_code == 404
    assert "佛山.csv" not in there.get(HOME).content.decode()
    assert places() == []
    assert "地址导入" in clerk.get(HOME).content.decode()
    assert "地址导入" not in make.client("agent").get("/service/").content.decode()
