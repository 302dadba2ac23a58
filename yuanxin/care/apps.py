"""The application ``care``."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """Loads what listens to facts, what the ticker runs and what ``verify`` asks."""

    name = "yuanxin.care"

    def ready(self) -> None:
        """Register reactions, tasks and invariants."""
        from yuanxin.care import invariants, reactions, tasks  # noqa: F401
