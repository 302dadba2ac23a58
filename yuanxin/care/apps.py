"""The application ``care``."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """Loads what listens to facts and what ``verify`` asks."""

    name = "yuanxin.care"

    def ready(self) -> None:
        """Register reactions and invariants."""
        from yuanxin.care import invariants, reactions  # noqa: F401
