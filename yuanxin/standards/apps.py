"""Standards application."""

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    """Rulebooks and clocks."""

    name = "yuanxin.standards"

    def ready(self) -> None:
        from yuanxin.standards import invariants, tasks  # noqa: F401 - registers what verify asks and what ticks
