"""The application ``supervision``."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Loads what listens to facts and what ``verify`` asks."""

    name = "yuanxin.supervision"

    def ready(self) -> None:
        """Register reactions and invariants."""
        from yuanxin.supervision import invariants, reactions  # noqa: F401
