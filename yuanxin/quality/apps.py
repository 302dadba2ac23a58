"""Django's handle on quality."""

from __future__ import annotations

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """Quality 考核与激励."""

    name = "yuanxin.quality"

    def ready(self) -> None:
        """Register reactions, sweeps and invariants."""
        from yuanxin.quality import invariants, reactions, tasks  # noqa: F401
