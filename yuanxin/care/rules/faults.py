"""The short list of faults (障碍现象) that a ticket may carry, and the services in which each can occur.

What the customer sees, not what is broken: the cause is found on site and belongs to the work order.
"""

from enum import StrEnum
from types import MappingProxyType

from yuanxin.kernel.errors import DomainError
from yuanxin.published.codes import Service


class FaultCode(StrEnum):
    """障碍现象: what the customer sees."""

    NO_INTERNET = "no_internet"
    SLOW_SPEED = "slow_speed"
    INTERMITTENT = "intermittent"
    TV_FAULT = "tv_fault"
    PHONE_FAULT = "phone_fault"
    OUTAGE = "outage"
    EQUIPMENT = "equipment"
    OTHER = "other"


_ALL = frozenset(Service)
SERVICES_OF: MappingProxyType[FaultCode, frozenset[Service]] = MappingProxyType(
    {
        FaultCode.NO_INTERNET: frozenset({Service.BROADBAND, Service.MOBILE}),
        FaultCode.SLOW_SPEED: frozenset({Service.BROADBAND, Service.MOBILE}),
        FaultCode.INTERMITTENT: _ALL,
        FaultCode.TV_FAULT: frozenset({Service.TV}),
        FaultCode.PHONE_FAULT: frozenset({Service.BROADBAND, Service.MOBILE}),
        FaultCode.OUTAGE: _ALL,
        FaultCode.EQUIPMENT: _ALL,
        FaultCode.OTHER: _ALL,
    }
)


class UnknownFault(DomainError):
    """There is no such fault, or not in this service. Params: fault_code, service."""

    code = "care.unknown_fault"


def fault_of(code: str, service: Service) -> FaultCode:
    """Return the fault of this code. Raises UnknownFault when the service has no such fault."""
    try:
        fault = FaultCode(code)
    except ValueError:
        fault = None
    if fault is None or service not in SERVICES_OF[fault]:
        raise UnknownFault(field="fault_code", fault_code=code[:40], service=service.value)
    return fault


def faults_of(service: Service) -> tuple[FaultCode, ...]:
    """List the faults of a service in the order in which a form offers them."""
    return tuple(fault for fault in FaultCode if service in SERVICES_OF[fault])
