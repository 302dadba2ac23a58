"""The watermark 水印 of a photo: which order, when, how far from the address. No personal data, only ASCII."""

from datetime import datetime


def watermark(number: str, local: datetime, *, distance_m: int | None, grid_code: str) -> str:
    """Return the line that is written into a photo.

    local: the instant in the city's own time. distance_m: check-in to address; the grid's code stands instead of it
    while the distance is unknown.
    """
    where = f"{distance_m} m" if distance_m is not None else grid_code
    return "  ".join(part for part in (number, f"{local:%Y-%m-%d %H:%M}", where) if part)
