"""Middleware, templates, entry points."""

from pathlib import Path

ROOT_URLCONF = "yuanxin.config.urls"
WSGI_APPLICATION = "yuanxin.config.wsgi.application"
CSRF_FAILURE_VIEW = "yuanxin.web.http.errors.csrf_refused"

MIDDLEWARE = [
    "yuanxin.web.http.headers.SecurityHeaders",
    "yuanxin.web.http.live.LiveVersions",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yuanxin.web.http.language.ChosenLanguage",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yuanxin.web.http.sessions.SessionLimits",
    "yuanxin.web.http.sessions.SecondFactor",
    "yuanxin.web.http.machine.MachineTokens",
    "yuanxin.web.http.errors.NamedErrors",
    "yuanxin.web.middleware.OneTransactionInScope",
    "allauth.account.middleware.AccountMiddleware",  # inside the transaction: it answers an exception with queries
]

_WEB = Path(__file__).resolve().parents[2] / "web"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted(_WEB.rglob("templates")),  # before the applications': ours dress allauth's pages
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yuanxin.web.components.frame.frame",
            ],
            "libraries": {
                "service_desk": "yuanxin.web.desks.service_desk.tags",
                "thread": "yuanxin.web.components.templatetags.thread",
                "yuanxin": "yuanxin.web.components.templatetags.yuanxin",
            },
        },
    }
]
