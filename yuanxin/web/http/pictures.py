"""Pictures that people send: checked before they are decoded, decoded small, written anew without hidden data."""

from __future__ import annotations

import io

from django.forms import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageFile

MAX_PHOTO_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 30_000_000
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG")


def clean_photo(sent: bytes) -> bytes:
    """Return the picture as JPEG, at most LONGEST_SIDE pixels long. Raises ValidationError."""
    with _opened(sent) as picture:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        return _written(picture.convert("RGB"), "JPEG")


def clean_signature(sent: bytes) -> bytes:
    """Return the signature as PNG. Raises ValidationError."""
    with _opened(sent) as picture:
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        return _written(picture.convert("RGBA"), "PNG")


def _opened(sent: bytes) -> ImageFile.ImageFile:
    """Open and load; the size is read from the header, before a single pixel is unpacked."""
    try:
        picture = Image.open(io.BytesIO(sent), formats=FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise ValidationError(_("The picture has too many pixels."))
        picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise ValidationError(_("This is not a JPEG or PNG picture.")) from None
    return picture


def _written(picture: Image.Image, form: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, quality=85)
    return buffer.getvalue()
