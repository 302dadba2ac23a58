"""What the processes say on their error stream: an unexpected error with its traceback.

What a stranger sends on purpose (foreign hosts, oversized bodies) is answered and not written down: he must not be able
to fill the disk.
"""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "errors": {"class": "logging.StreamHandler", "formatter": "line", "level": "ERROR"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        "django": {"handlers": ["errors"], "level": "INFO", "propagate": False},
        "django.security": {"handlers": ["nowhere"], "propagate": False},
    },
}
