"""Read a pasted message with the words of the table ``pasting.yaml``."""

from functools import lru_cache
from pathlib import Path

import yaml

from yuanxin.care.rules.faults import FaultCode
from yuanxin.care.rules.pasting import PastedMessage, PasteWords
from yuanxin.care.rules.pasting import read_message as read
from yuanxin.published.codes import Service


def read_message(text: str) -> PastedMessage:
    """Read a pasted message. Raises PastedTooLong, PastedNothing. No statement."""
    return read(text, words())


@lru_cache(maxsize=1)
def words() -> PasteWords:
    """Return the words of the table."""
    table = yaml.safe_load((Path(__file__).parents[1] / "pasting.yaml").read_text(encoding="utf-8"))
    return PasteWords(
        services={word.casefold(): Service(code) for code, known in table["services"].items() for word in known},
        faults={word.casefold(): FaultCode(code) for code, known in table["faults"].items() for word in known},
        places=tuple(table["places"]),
        service_of_fault={FaultCode(fault): Service(code) for fault, code in table["service_of_fault"].items()},
    )
