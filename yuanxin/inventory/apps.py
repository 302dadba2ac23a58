"""Django's view of the inventory."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """The context of subscribers, devices and the network."""

    name = "yuanxin.inventory"

    def ready(self) -> None:
        """Make the invariants known to ``manage verify``."""
        from yuanxin.inventory import invariants  # noqa: F401
