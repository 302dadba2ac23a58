"""What can be wrong with a value that somebody typed or uploaded."""

from __future__ import annotations

from typing import ClassVar

from yuanxin.kernel.errors import DomainError


class PhoneNotValid(DomainError):
    """The text holds no phone number of China (params: text length only, never the text)."""

    code: ClassVar[str] = "parties.phone_not_valid"


class DocumentNotValid(DomainError):
    """The identity number fails GB 11643 (param reason: length, digits, region, birthday, check_digit)."""

    code: ClassVar[str] = "parties.document_not_valid"


class AddressFileNotReadable(DomainError):
    """The uploaded address file cannot be read at all (param reason: see address_import.FileFault)."""

    code: ClassVar[str] = "parties.address_file_not_readable"
