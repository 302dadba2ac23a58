"""What a kind of order needs before a person has looked at it: skills. Minutes and value come from the rulebook."""

from yuanxin.published.codes import OrderKind, Service


def skills_needed(kind: OrderKind, service: Service) -> dict[str, int]:
    """Return skill codes with their least level: the service's own skill; a patrol needs none.

    The codes are those of ``academy``: ``tv``, ``broadband``, ``mobile``.
    """
    return {} if kind is OrderKind.PATROL else {str(service): 1}
