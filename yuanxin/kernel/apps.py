"""Kernel application."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The kernel's tables and its own invariants."""

    name = "yuanxin.kernel"

    def ready(self) -> None:
        from yuanxin.kernel import invariants  # noqa: F401 - registers what verify asks
