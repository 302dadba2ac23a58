"""Invented evidence of a visit: a plain photo and a scribbled signature, small and really decodable."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw


@cache
def photo() -> bytes:
    """Return a small JPEG."""
    out = BytesIO()
    Image.new("RGB", (320, 240), (90, 120, 150)).save(out, "JPEG")
    return out.getvalue()


@cache
def signature() -> bytes:
    """Return a small PNG with a line on white."""
    picture = Image.new("RGB", (240, 80), "white")
    ImageDraw.Draw(picture).line([(10, 60), (60, 20), (110, 60), (160, 25), (230, 50)], fill="black", width=3)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
