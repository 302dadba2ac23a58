"""The web application: templates, static files and translations shared by all faces, and the sign-in records."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Web 网页."""

    name = "yuanxin.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
