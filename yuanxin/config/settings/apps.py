"""Installed applications, floor by floor."""

CONTEXTS = [
    "yuanxin.org",
    "yuanxin.standards",
    "yuanxin.parties",
    "yuanxin.academy",
    "yuanxin.inventory",
    "yuanxin.ledger",
    "yuanxin.messaging",
    "yuanxin.care",
    "yuanxin.supervision",
    "yuanxin.fieldwork",
    "yuanxin.quality",
]

INSTALLED_APPS = [
    "yuanxin.kernel",
    *CONTEXTS,
    "yuanxin.simulation",
    "yuanxin.web",
    "yuanxin.web.accounts",
    "yuanxin.web.desks.admin_desk.apps.ConfigurationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
]
