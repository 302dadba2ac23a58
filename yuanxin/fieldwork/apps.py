"""Django's handle on field service."""

from django.apps import AppConfig
from django.conf import settings


class FieldworkConfig(AppConfig):
    """Field service 装维."""

    name = "yuanxin.fieldwork"

    def ready(self) -> None:
        """Register what this context hears, what is verified and warmed up; a wrong road server stops the start."""
        from yuanxin.engines.routing.warming import warm
        from yuanxin.fieldwork import invariants, planning_tasks, reactions, tasks  # noqa: F401
        from yuanxin.fieldwork.parameters import road_server
        from yuanxin.kernel.starting import at_start

        road_server(settings.YUANXIN_ROADS)
        at_start(warm)
