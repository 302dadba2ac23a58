"""The database. The process chooses its role; ``DATABASE_URL`` wins over the PostgreSQL in the box."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from yuanxin.kernel.pool import forget_everything
from yuanxin.kernel.server import Server

DATABASE_ROLE = os.environ.get("YUANXIN_DATABASE_ROLE", "app")  # owner | app | job
YUANXIN_HOME = Path(os.environ.get("YUANXIN_HOME", Path(__file__).resolve().parents[3] / ".local"))

_url = urlsplit(os.environ.get("DATABASE_URL", ""))
_socket = parse_qs(_url.query).get("host", [""])[0] or os.environ.get("YUANXIN_DATABASE_HOST", "")


def _host() -> str:
    """Return the host or socket directory: of the URL, of the environment, or of the PostgreSQL in the box."""
    return _url.hostname or _socket or str(Server(YUANXIN_HOME / "postgres").socket_dir)


DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("YUANXIN_DATABASE") or _url.path.lstrip("/") or "yuanxin",
        "USER": DATABASE_ROLE,
        "PASSWORD": os.environ.get("YUANXIN_DATABASE_PASSWORD", unquote(_url.password or "")),
        "HOST": _host(),
        "PORT": _url.port or os.environ.get("YUANXIN_DATABASE_PORT", ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "options": "-c timezone=UTC -c lock_timeout=2s -c idle_in_transaction_session_timeout=15s",
            "prepare_threshold": 5,  # Django's None would silence kernel.prepared; its own cursors prepare nothing
        },
    }
}
if DATABASE_ROLE != "owner":
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 2,
        "max_size": int(os.environ.get("YUANXIN_POOL_SIZE", "6")),
        "timeout": 2,
        "reset": forget_everything,
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
