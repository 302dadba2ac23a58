"""Hostile and honest uploads."""

import io
import resource
import struct
import time
import zipfile
import zlib
from collections.abc import Callable

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from yuanxin.kernel import pictures
from yuanxin.kernel.pictures import PictureLimits, clean_photo, clean_signature

LIMITS = PictureLimits(max_bytes=8_000_000, max_pixels=16_000_000, kept_side=1920, quality=80)
MEMORY_LIMIT_KIB = 200 * 1024


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **save: object) -> bytes:
    """Return an honest picture."""
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind, **save)
    return out.getvalue()


def huge_png(side: int = 50_000) -> bytes:
    """Return a PNG whose header promises 50,000 x 50,000 pixels: a few kilobytes that decode to gigabytes."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 3_000_000, 9)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def zip_bomb() -> bytes:
    """Return an archive that unpacks to 100 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(10):
            archive.writestr(f"photo{number}.jpg", b"\0" * 10_000_000)
    return out.getvalue()


def text_bomb() -> bytes:
    """Return a small PNG with a compressed text that unpacks to 60 MB."""
    info = PngInfo()
    info.add_text("note", "\0" * 60_000_000, zip=True)
    return picture("PNG", (8, 8), pnginfo=info)


def animation() -> bytes:
    """Return a WebP of two frames."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "content", "refused"),
    [
        ("photo.jpg", zip_bomb, pictures.PictureTypeRefused),
        ("photo.png", huge_png, pictures.PictureTooLarge),
        ("photo.png", text_bomb, pictures.PictureBroken),
        ("photo.svg", lambda: SVG, pictures.PictureTypeRefused),
        ("photo.jpg", lambda: SVG, pictures.PictureTypeRefused),
        ("photo.jpg", lambda: b"", pictures.PictureTypeRefused),
        ("photo.jpg", lambda: b"MZ\x90\0" + bytes(500), pictures.PictureTypeRefused),
        ("photo.jpg", lambda: b"GIF89a" + bytes(500), pictures.PictureTypeRefused),
        ("photo.jpg", lambda: picture("PNG"), pictures.PictureTypeDiffers),
        ("photo.jpg", lambda: picture()[:2000], pictures.PictureBroken),
        ("photo.jpg", lambda: b"\xff\xd8\xff" + bytes(2000), pictures.PictureBroken),
        ("photo.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), pictures.PictureBroken),
        ("photo.webp", animation, pictures.PictureTypeRefused),
        ("photo.jpg", lambda: picture() + bytes(9_000_000), pictures.PictureTooHeavy),
        ("photo.png", lambda: picture("PNG", (5000, 4000), compress_level=0)[:7_000_000], pictures.PictureTooLarge),
        *(
            (name, picture, pictures.PictureNameRefused)
            for name in (
                "../../etc/cron.jpg",
                "a/b.jpg",
                "a\\b.jpg",
                "C:photo.jpg",
                "photo.jpg\0.png",
                ".jpg",
                "x" * 300 + ".jpg",
                "photo",
                "photo..jpg",
                "",
                "a\nb.jpg",
            )
        ),
    ],
)
def test_a_hostile_upload_is_refused_in_time_and_memory(
    name: str, content: Callable[[], bytes], refused: type[pictures.PictureRefused]
) -> None:
    upload = content()
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(refused):
        clean_photo(upload, name=name, limits=LIMITS)
    assert time.monotonic() - begun < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY_LIMIT_KIB


def test_the_declared_type_must_be_true() -> None:
    with pytest.raises(pictures.PictureTypeDiffers):
        clean_photo(picture(), name="photo.jpg", declared_type="image/png", limits=LIMITS)


def test_a_photo_loses_its_position_and_device_and_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[2] = (23.0, 1.0, 12.0)
    clean = clean_photo(picture(exif=exif) + b"<?php evil() ?>", name="现场 photo(1).JPG", limits=LIMITS)
    stored = Image.open(io.BytesIO(clean.content))
    assert stored.format == "JPEG"
    assert stored.size == (480, 640) == (clean.width, clean.height)
    assert not stored.getexif()
    assert b"PhoneMaker" not in clean.content
    assert b"php" not in clean.content


def test_a_large_honest_photo_is_made_smaller() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    clean = clean_photo(picture(size=(4600, 3400), quality=60), name="photo.jpg", limits=LIMITS)
    assert max(clean.width, clean.height) == 1920
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY_LIMIT_KIB


def test_a_signature_stays_a_png_with_its_transparency() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (300, 100), (0, 0, 0, 0)).save(out, "PNG")
    clean = clean_signature(out.getvalue(), name="signature.png", limits=LIMITS)
    assert clean.content_type == "image/png"
    assert Image.open(io.BytesIO(clean.content)).mode == "RGBA"
