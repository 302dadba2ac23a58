"""Tables of the parties."""

from yuanxin.parties.models.files import AddressBatch, AddressBatchRow
from yuanxin.parties.models.people import BillingAccount, Contact, Customer, CustomerAddress, RealNameRecord
from yuanxin.parties.models.places import Building, Estate, StandardAddress
from yuanxin.parties.models.privacy import Consent, PersonalChange, RevealRecord
from yuanxin.parties.models.proposals import PointProposal, ProposalState
from yuanxin.parties.models.searching import SearchToken

__all__ = [
    "AddressBatch",
    "AddressBatchRow",
    "BillingAccount",
    "Building",
    "Consent",
    "Contact",
    "Customer",
    "CustomerAddress",
    "Estate",
    "PersonalChange",
    "PointProposal",
    "ProposalState",
    "RealNameRecord",
    "RevealRecord",
    "SearchToken",
    "StandardAddress",
]
