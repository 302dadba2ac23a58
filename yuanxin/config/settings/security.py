"""Keys, cookies, headers."""

import os

from yuanxin.config.settings.database import YUANXIN_HOME


def _secret_key() -> str:
    """Return the key of the environment, or one made once for this installation."""
    if given := os.environ.get("YUANXIN_SECRET_KEY"):
        return given
    kept = YUANXIN_HOME / "secret_key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_name(f"secret_key.{os.getpid()}")
        fresh.write_text(os.urandom(40).hex())
        fresh.chmod(0o600)
        try:
            os.link(fresh, kept)
        except FileExistsError:
            pass  # another process was first; its key counts
        finally:
            fresh.unlink()
    return kept.read_text()


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("YUANXIN_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("YUANXIN_HTTPS", "") == "1"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SESSION_COOKIE_SECURE else 0  # browsers stay with HTTPS once they had it
SECURE_HSTS_INCLUDE_SUBDOMAINS = SESSION_COOKIE_SECURE
