"""Django's handle on field service."""

from django.apps import AppConfig
from django.conf import settings


class FieldworkConfig(AppConfig):
    """Field service 装维."""

    name = "yuanxin.fieldwork"

    def ready(self) -> None:
        """Register what this context hears and what ``manage verify`` asks; a wrong road server stops the start."""
        from yuanxin.fieldwork import invariants, planning_tasks, reactions, tasks  # noqa: F401
        from yuanxin.fieldwork.parameters import road_server

        road_server(settings.YUANXIN_ROADS)
