"""Who acts: a member of staff, a customer, a partner or the system itself. The kernel stores the text form."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class StaffActor:
    """A member of staff 员工."""

    id: UUID

    def __str__(self) -> str:
        return f"staff:{self.id}"


@dataclass(frozen=True)
class CustomerActor:
    """A customer 客户 in self-service."""

    id: UUID

    def __str__(self) -> str:
        return f"customer:{self.id}"


@dataclass(frozen=True)
class PartnerActor:
    """A partner 合作方 or an integrated system."""

    name: str

    def __str__(self) -> str:
        return f"partner:{self.name}"


@dataclass(frozen=True)
class SystemActor:
    """The platform itself: a ticker, a reaction, a seed."""

    name: str

    def __str__(self) -> str:
        return f"system:{self.name}"


Actor = StaffActor | CustomerActor | PartnerActor | SystemActor
