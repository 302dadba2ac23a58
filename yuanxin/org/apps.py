"""Organisation application."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    """Staff, units and roles."""

    name = "yuanxin.org"
