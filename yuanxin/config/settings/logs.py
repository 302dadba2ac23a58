"""What the processes say on their error stream: an unexpected error with its traceback."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"errors": {"class": "logging.StreamHandler", "formatter": "line", "level": "ERROR"}},
    "loggers": {"django": {"handlers": ["errors"], "level": "INFO", "propagate": False}},
}
