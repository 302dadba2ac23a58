"""The application ``simulation``: it has no tables, only management commands."""

from django.apps import AppConfig


class SimulationConfig(AppConfig):
    """Makes the commands known."""

    name = "yuanxin.simulation"
