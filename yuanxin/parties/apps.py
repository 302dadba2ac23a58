"""Django's view of the parties."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """The context of customers and addresses."""

    name = "yuanxin.parties"

    def ready(self) -> None:
        """Make the invariants known to ``manage verify``."""
        from yuanxin.parties import invariants  # noqa: F401
