"""The thread of an order: what may be written and attached, who is called, what is told."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from yuanxin.care import api as care
from yuanxin.care.rules import intake, thread, voice
from yuanxin.care.rules.errors import MessageUnknown, TicketUnknown
from yuanxin.care.tests import make, voices
from yuanxin.kernel.errors import KeyReused
from yuanxin.kernel.ids import new_id
from yuanxin.kernel.models import FactRecord
from yuanxin.kernel.pictures import PictureTypeRefused
from yuanxin.kernel.tests.make import at, key
from yuanxin.published.codes import Segment
from yuanxin.published.refs import WrongSubject
from yuanxin.standards.tests import make as make_standards

MONDAY = at("2026-11-23 09:10")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ticket(foshan: str) -> str:
    """The seed rulebooks bind; somebody reported a fault."""
    make_standards.rulebooks()
    make_standards.calendar()
    return f"ticket:{make.ticket(at=MONDAY).id}"


def picture() -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (300, 200), (10, 90, 160))
    exif = image.getexif()
    exif[0x010F] = "a telephone"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_message_calls_the_head_end_and_is_told_without_its_words(ticket: str) -> None:
    said = care.post_message(
        subject=ticket, text=" 请查光功率 ", mentions=[Segment.HEADEND, Segment.HEADEND, Segment.LINE], at=MONDAY
    )
    (seen,) = care.thread(ticket)
    assert (seen.id, seen.kind, seen.text, seen.media) == (said, "note", "请查光功率", "")
    assert seen.mentions == (Segment.LINE, Segment.HEADEND)
    fact = FactRecord.objects.get(name="ThreadMessagePosted")
    assert (fact.subject, fact.body["mentions"]) == (ticket, ["line", "headend"])
    assert "光功率" not in str(fact.body)


def test_a_thread_is_told_in_order_of_time_and_a_second_click_says_nothing_twice(ticket: str) -> None:
    once = key()
    for _ in range(2):
        care.post_message(subject=ticket, text="到楼下了", at=MONDAY + MINUTE, key=once)
    care.post_message(subject=ticket, text="先到", at=MONDAY)
    assert [one.text for one in care.thread(ticket)] == ["先到", "到楼下了"]
    with pytest.raises(KeyReused):
        care.post_message(subject=ticket, text="别的话", at=MONDAY, key=once)


def test_a_picture_is_stored_without_what_the_camera_added(ticket: str) -> None:
    sent = picture()
    said = care.post_message(subject=ticket, picture=sent, file_name="box.jpg", at=MONDAY)
    (seen,) = care.thread(ticket)
    stored = care.attachment(said)
    assert (seen.attachment_id, seen.media, stored.subject, stored.content_type) == (
        said, "picture", ticket, "image/jpeg"
    )  # fmt: skip
    assert b"telephone" in sent
    assert b"telephone" not in stored.content


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (voices.M4A, "a.m4a", "audio/mp4"),
        (voices.OGG, "a.ogg", "audio/ogg"),
        (voices.WEBM, "a.webm", "audio/webm"),
        (voices.AMR, "a.amr", "audio/amr"),
        (voices.MP3, "a.mp3", "audio/mpeg"),
        (voices.TAGGED_MP3, "a.mp3", "audio/mpeg"),
    ],
)
def test_recordings_of_phones_and_browsers_are_taken(content: bytes, name: str, kind: str) -> None:
    assert voice.checked_voice(content, name=name, max_bytes=10_000).content_type == kind


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (voices.FILM, "a.m4a", voice.VoiceRefused),
        (voices.WEBM_FILM, "a.webm", voice.VoiceRefused),
        (b"MZ" + bytes(500), "a.mp3", voice.VoiceRefused),
        (b"", "a.mp3", voice.VoiceRefused),
        (b"<html>", "a.ogg", voice.VoiceRefused),
        (b"\xff\xd8\xff" + bytes(500), "a.mp3", voice.VoiceRefused),
        (b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + bytes(500), "a.mp3", voice.VoiceRefused),
        (voices.OGG, "a.mp3", voice.VoiceTypeDiffers),
        (voices.MP3 + bytes(10_000), "a.mp3", voice.VoiceTooHeavy),
    ],
)
def test_what_is_no_recording_is_refused(content: bytes, name: str, error: type[voice.VoiceRefused]) -> None:
    with pytest.raises(error) as refused:
        voice.checked_voice(content, name=name, max_bytes=10_000)
    assert refused.value.field == "voice"


def test_nothing_is_half_written(ticket: str) -> None:
    for wrong, error in (
        ({"text": "  "}, intake.TextMissing),
        ({"text": "x" * 3000}, intake.TextTooLong),
        ({"picture": b"<svg/>", "file_name": "a.jpg"}, PictureTypeRefused),
        ({"voice": b"MZ", "file_name": "a.mp3"}, voice.VoiceRefused),
        ({"picture": picture(), "voice": voices.OGG, "file_name": "a.jpg"}, thread.OneAttachmentOnly),
    ):
        with pytest.raises(error):
            care.post_message(subject=ticket, at=MONDAY, **wrong)
    assert care.thread(ticket) == []


def test_a_thread_hangs_on_a_ticket_or_a_work_order(ticket: str) -> None:
    order = f"work_order:{new_id()}"
    care.post_message(subject=order, text="新装，业主要求下午到", at=MONDAY)
    assert len(care.thread(order)) == 1
    for subject, error in (
        (f"ticket:{new_id()}", TicketUnknown),
        (f"customer:{new_id()}", thread.ThreadUnknown),
        ("ticket:none", WrongSubject),
    ):
        with pytest.raises(error):
            care.post_message(subject=subject, text="x", at=MONDAY)
    with pytest.raises(MessageUnknown):
        care.attachment(new_id())
