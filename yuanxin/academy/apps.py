"""The application ``academy``."""

from django.apps import AppConfig


class AcademyConfig(AppConfig):
    """Loads the sweep of expiring certificates and what ``verify`` asks."""

    name = "yuanxin.academy"

    def ready(self) -> None:
        """Register tasks and invariants."""
        from yuanxin.academy import invariants, tasks  # noqa: F401
