"""Django application of the sign-in records."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Sign-in 登录."""

    name = "yuanxin.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
