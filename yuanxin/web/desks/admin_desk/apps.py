"""django.contrib.admin with our site."""

from django.contrib.admin.apps import AdminConfig


class ConfigurationConfig(AdminConfig):
    """Configuration 配置."""

    default_site = "yuanxin.web.desks.admin_desk.site.ConfigurationSite"
