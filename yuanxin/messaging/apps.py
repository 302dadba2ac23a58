"""The application ``messaging``."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Loads what listens to facts, what the worker runs and what ``verify`` asks."""

    name = "yuanxin.messaging"

    def ready(self) -> None:
        """Register reactions, tasks and invariants."""
        from yuanxin.messaging import invariants, reactions, tasks  # noqa: F401
