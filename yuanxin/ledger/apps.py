"""Django's handle on the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Ledger 账本."""

    name = "yuanxin.ledger"

    def ready(self) -> None:
        """Register the invariants that ``manage verify`` asks."""
        from yuanxin.ledger import invariants  # noqa: F401
