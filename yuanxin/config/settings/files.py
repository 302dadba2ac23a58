"""Static files and what people upload."""

import os
from pathlib import Path
from typing import Any

from yuanxin.config.settings.database import YUANXIN_HOME
from yuanxin.kernel.object_store import options_of

STATIC_URL = "/static/"
STATIC_ROOT = YUANXIN_HOME / "static"
MEDIA_URL = "/files/"
MEDIA_ROOT = YUANXIN_HOME / "files"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "yuanxin.web.http.assets.ListedPackageFiles",
]
STATICFILES_DIRS = sorted((Path(__file__).resolve().parents[2] / "web").rglob("static"))
YUANXIN_FILES_WAIT_S = 10
"""Seconds for which we wait for an answer of the file store."""


def _store(address: str) -> dict[str, Any]:
    """Return where uploaded files go: a directory, or the bucket of ``YUANXIN_FILES``."""
    if not address:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    return {"BACKEND": "yuanxin.kernel.object_store.ObjectStore", "OPTIONS": options_of(address, os.environ)}


STORAGES = {
    "default": _store(os.environ.get("YUANXIN_FILES", "")),
    "staticfiles": {"BACKEND": "yuanxin.web.http.assets.HashedFiles"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
