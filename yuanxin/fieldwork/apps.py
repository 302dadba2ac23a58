"""Django's handle on field service."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    """Field service 装维."""

    name = "yuanxin.fieldwork"

    def ready(self) -> None:
        """Register what this context hears and what ``manage verify`` asks."""
        from yuanxin.fieldwork import invariants, reactions, tasks  # noqa: F401
