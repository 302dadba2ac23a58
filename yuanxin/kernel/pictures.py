"""Uploaded pictures: what is really in the file, within limits, and without what the camera added.

A picture is judged by its content. Pixels are counted from the header before anything is decoded, metadata
(position, device, thumbnails) are lost because the picture is written anew.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from warnings import catch_warnings, simplefilter

from PIL import Image, ImageDraw, ImageFont, ImageOps

from yuanxin.kernel.errors import DomainError

FORMATS = {
    "JPEG": ("image/jpeg", (".jpg", ".jpeg")),
    "PNG": ("image/png", (".png",)),
    "WEBP": ("image/webp", (".webp",)),
}
_NAME = re.compile(r"[\w\u4e00-\u9fff][\w\u4e00-\u9fff .()\-]{0,119}\.[A-Za-z]{3,4}")
_SMALLEST_LETTER = 10  # pixels
_LETTERS_HIGH = 24  # of the shorter side: a letter is a 24th of it
_BAR, _INK = (0, 0, 0), (255, 255, 255)


class PictureRefused(DomainError):
    """A file is not a picture that may be stored."""

    code = "kernel.picture_refused"


class PictureTooHeavy(PictureRefused):
    """The file has more bytes than allowed."""

    code = "kernel.picture_too_heavy"


class PictureTooLarge(PictureRefused):
    """The picture has more pixels than allowed, whatever it would show."""

    code = "kernel.picture_too_large"


class PictureTypeRefused(PictureRefused):
    """The content is not a JPEG, PNG or WebP picture."""

    code = "kernel.picture_type_refused"


class PictureTypeDiffers(PictureRefused):
    """The content is of another type than its name or its declared type."""

    code = "kernel.picture_type_differs"


class PictureNameRefused(PictureRefused):
    """The file name contains a path or characters that no camera writes."""

    code = "kernel.picture_name_refused"


class PictureBroken(PictureRefused):
    """The content begins like a picture but cannot be decoded."""

    code = "kernel.picture_broken"


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """Limits of one upload; whoever takes pictures in has them in a rulebook.

    max_bytes: of the file. max_pixels: width times height. kept_side: pixels of the longer side that is kept.
    quality: of the stored JPEG, 1-95.
    """

    max_bytes: int
    max_pixels: int
    kept_side: int
    quality: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean picture. content_type: of ``content``, which holds pixels and nothing else."""

    content: bytes
    content_type: str
    width: int
    height: int
    sha256: str


def clean_photo(
    content: bytes, *, name: str, limits: PictureLimits, declared_type: str = "", stamp: str = ""
) -> Picture:
    """Return the photo as a JPEG without metadata. Raises the errors of PictureRefused.

    stamp: a line of ASCII that is written visibly into the picture (水印); the hash is of the stamped picture.
    """
    picture = _decode(content, name, declared_type, limits).convert("RGB")
    if stamp:
        _write(picture, stamp)
    return _encoded(picture, "JPEG", limits)


def clean_signature(content: bytes, *, name: str, limits: PictureLimits, declared_type: str = "") -> Picture:
    """Return the signature as a PNG without metadata. Raises the errors of PictureRefused."""
    picture = _decode(content, name, declared_type, limits)
    return _encoded(picture.convert("RGBA" if "A" in picture.getbands() else "L"), "PNG", limits)


def _write(picture: Image.Image, stamp: str) -> None:
    """Write a line into the lower edge, light on a dark bar, as large as the width lets it be."""
    size = max(_SMALLEST_LETTER, min(picture.width, picture.height) // _LETTERS_HIGH)
    pen = ImageDraw.Draw(picture)
    width = pen.textlength(stamp, font=ImageFont.load_default(size))
    if width > picture.width - size:
        size = max(1, int(size * (picture.width - size) / width))
    top = picture.height - 2 * size
    pen.rectangle((0, top, picture.width, picture.height), fill=_BAR)
    pen.text((size // 2, top + size // 2), stamp, font=ImageFont.load_default(size), fill=_INK)


def _decode(content: bytes, name: str, declared_type: str, limits: PictureLimits) -> Image.Image:
    if len(content) > limits.max_bytes:
        raise PictureTooHeavy(bytes=len(content), allowed=limits.max_bytes)
    if not _NAME.fullmatch(name) or ".." in name:
        raise PictureNameRefused(length=len(name))
    with catch_warnings():
        simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _opened(content, name, declared_type, limits)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
            raise PictureTooLarge(allowed=limits.max_pixels) from bomb
        except (OSError, SyntaxError, ValueError, EOFError, MemoryError, OverflowError) as broken:
            raise PictureBroken(bytes=len(content)) from broken


def _opened(content: bytes, name: str, declared_type: str, limits: PictureLimits) -> Image.Image:
    kind = _kind_of(content)
    content_type, endings = FORMATS[kind]
    if not name.lower().endswith(endings) or declared_type not in ("", content_type):
        raise PictureTypeDiffers(found=content_type, declared=declared_type[:40])
    picture: Image.Image = Image.open(BytesIO(content), formats=(kind,))
    width, height = picture.size
    if width * height > limits.max_pixels or width < 1 or height < 1:
        raise PictureTooLarge(width=width, height=height, allowed=limits.max_pixels)
    if getattr(picture, "n_frames", 1) != 1:
        raise PictureTypeRefused(found="animation")
    if kind == "JPEG":
        picture.draft("RGB", (limits.kept_side, limits.kept_side))  # decode no more than is kept
    picture.load()
    picture.thumbnail((limits.kept_side, limits.kept_side))
    return ImageOps.exif_transpose(picture)


def _kind_of(content: bytes) -> str:
    """Return the format by the first bytes; text, archives and programs have none of these."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    raise PictureTypeRefused(found=content[:4].hex())


def _encoded(picture: Image.Image, kind: str, limits: PictureLimits) -> Picture:
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    out = BytesIO()
    bare.save(out, kind, quality=limits.quality, optimize=True)
    content = out.getvalue()
    return Picture(content, FORMATS[kind][0], bare.width, bare.height, sha256(content).hexdigest())
