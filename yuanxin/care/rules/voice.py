"""Voice recordings: what is really in the file, by its first bytes, within a size limit.

Phones record m4a (iOS), webm or ogg (browsers), amr (older handsets) and mp3. A film in the same container is refused.
Source: ISO 14496-12 (ftyp and hdlr boxes), RFC 3533 and 7845 (Ogg, Opus), Matroska doctype, RFC 4867 (AMR file header),
ISO 11172-3 (frame header of MPEG audio).
"""

from dataclasses import dataclass
from hashlib import sha256

from yuanxin.kernel.errors import DomainError

_MP4_BRANDS = (b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso5", b"iso6", b"3gp4", b"3gp5", b"dash")
_OGG_CODECS = (b"OpusHead", b"\x01vorbis", b"Speex   ")
_HEAD = 4096  # bytes: codec names stand in the first page or the track list
_TYPES = {
    "audio/mp4": ("m4a", (".m4a", ".mp4", ".aac")),
    "audio/mpeg": ("mp3", (".mp3",)),
    "audio/ogg": ("ogg", (".ogg", ".oga", ".opus")),
    "audio/webm": ("webm", (".webm",)),
    "audio/amr": ("amr", (".amr",)),
}


class VoiceRefused(DomainError):
    """A file is not a voice recording that may be stored. Params: found."""

    code = "care.voice_refused"


class VoiceTooHeavy(VoiceRefused):
    """The recording has more bytes than allowed. Params: bytes, allowed."""

    code = "care.voice_too_heavy"


class VoiceTypeDiffers(VoiceRefused):
    """The content is of another type than its name. Params: found."""

    code = "care.voice_type_differs"


@dataclass(frozen=True, slots=True)
class Voice:
    """A checked recording. ending: of the stored file, without the dot."""

    content: bytes
    content_type: str
    ending: str
    sha256: str


def checked_voice(content: bytes, *, name: str, max_bytes: int) -> Voice:
    """Return the recording when it is one. Raises VoiceTooHeavy, VoiceRefused, VoiceTypeDiffers."""
    if len(content) > max_bytes:
        raise VoiceTooHeavy(field="voice", bytes=str(len(content)), allowed=str(max_bytes))
    content_type = _type_of(content)
    if content_type is None:
        raise VoiceRefused(field="voice", found=content[:4].hex())
    ending, endings = _TYPES[content_type]
    if name and not name.lower().endswith(endings):
        raise VoiceTypeDiffers(field="voice", found=content_type)
    return Voice(content, content_type, ending, sha256(content).hexdigest())


def _type_of(content: bytes) -> str | None:
    head = content[:_HEAD]
    if head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS and b"hdlr" in content and b"vide" not in content:
        return "audio/mp4"
    if head.startswith(b"OggS") and any(codec in head for codec in _OGG_CODECS):
        return "audio/ogg"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64] and b"A_" in head and b"V_" not in head:
        return "audio/webm"
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "audio/amr"
    return "audio/mpeg" if _is_mpeg(content) else None


def _is_mpeg(content: bytes) -> bool:
    """Tell whether a frame of MPEG audio stands at the start, or behind the ID3 tag that a recorder put there."""
    start = 0
    if content.startswith(b"ID3") and len(content) > 10:
        size = content[6:10]
        start = 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])
    frame = content[start : start + 4]
    if len(frame) < 4 or frame[0] != 0xFF or frame[1] & 0xE0 != 0xE0:
        return False
    version, layer = frame[1] >> 3 & 3, frame[1] >> 1 & 3
    bitrate, rate = frame[2] >> 4, frame[2] >> 2 & 3
    return version != 1 and layer == 1 and 0 < bitrate < 15 and rate != 3
