"""What can be wrong with a value that somebody typed or uploaded."""

from __future__ import annotations

from typing import ClassVar

from yuanxin.kernel.errors import Conflict, DomainError, NotFound


class PhoneNotValid(DomainError):
    """The text holds no phone number of China (params: text length only, never the text)."""

    code: ClassVar[str] = "parties.phone_not_valid"


class DocumentNotValid(DomainError):
    """The identity number fails GB 11643 (param reason: length, digits, region, birthday, check_digit)."""

    code: ClassVar[str] = "parties.document_not_valid"


class AddressFileNotReadable(DomainError):
    """The uploaded address file cannot be read at all (param reason: see address_import.FileFault)."""

    code: ClassVar[str] = "parties.address_file_not_readable"


class AddressFileKnown(Conflict):
    """The very same file waits for a decision, or was stored whole (param reason: staged, committed)."""

    code: ClassVar[str] = "parties.address_file_known"


class CustomerNotFound(NotFound):
    """No such customer in scope."""

    code: ClassVar[str] = "parties.customer_not_found"


class CustomerClosed(DomainError):
    """The customer has left or was closed."""

    code: ClassVar[str] = "parties.customer_closed"


class AddressNotFound(NotFound):
    """No such address in scope."""

    code: ClassVar[str] = "parties.address_not_found"


class ProposalNotFound(NotFound):
    """No such proposal for an address point in scope."""

    code: ClassVar[str] = "parties.proposal_not_found"


class ProposalDecided(Conflict):
    """Somebody decided the proposal before. Params: state."""

    code: ClassVar[str] = "parties.proposal_decided"


class DecidedByProposer(Conflict):
    """Who proposed a point does not decide on it."""

    code: ClassVar[str] = "parties.decided_by_proposer"


class AddressNotOfCustomer(DomainError):
    """The address is there, but this customer is not served at it."""

    code: ClassVar[str] = "parties.address_not_of_customer"


class AddressTaken(Conflict):
    """The estate has this door or the city this place already."""

    code: ClassVar[str] = "parties.address_taken"


class NumberTaken(Conflict):
    """A customer or account of the batch is stored already."""

    code: ClassVar[str] = "parties.number_taken"


class LanguageUnknown(DomainError):
    """We write to customers in Chinese or in English."""

    code: ClassVar[str] = "parties.language_unknown"


class NameMissing(DomainError):
    """A name is needed."""

    code: ClassVar[str] = "parties.name_missing"


class OutsideChina(DomainError):
    """The coordinates lie outside of China: often longitude and latitude are swapped."""

    code: ClassVar[str] = "parties.outside_china"


class ReasonMissing(DomainError):
    """A personal value is shown only for a reason."""

    code: ClassVar[str] = "parties.reason_missing"


class FieldNotPersonal(DomainError):
    """There is no personal field of this name."""

    code: ClassVar[str] = "parties.field_not_personal"


class BatchNotFound(NotFound):
    """No such address import in scope."""

    code: ClassVar[str] = "parties.batch_not_found"


class BatchSettled(Conflict):
    """The address import was stored or discarded before."""

    code: ClassVar[str] = "parties.batch_settled"


class BatchHasErrors(DomainError):
    """The file has bad rows, and nobody said that they may be left out."""

    code: ClassVar[str] = "parties.batch_has_errors"


class BatchOutdated(Conflict):
    """A row of the file was stored by somebody else since the preview; nothing of the file was stored."""

    code: ClassVar[str] = "parties.batch_outdated"


class SearchTooWide(DomainError):
    """The search took too long and was given up; another word narrows it."""

    code: ClassVar[str] = "parties.search_too_wide"
