"""Choices of columns that several tables share."""

from enum import StrEnum

from yuanxin.published.codes import Channel, Service


def choices_of(codes: type[StrEnum]) -> list[tuple[str, str]]:
    """Return the codes as Django wants its choices; their words in two languages live in ``web``."""
    return [(code.value, code.value) for code in codes]


CHANNELS = choices_of(Channel)
SERVICES = choices_of(Service)
