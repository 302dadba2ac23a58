"""Static files and what people upload."""

import os
from pathlib import Path

from yuanxin.config.settings.database import YUANXIN_HOME

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
STORAGES = {
    "default": {"BACKEND": os.environ.get("YUANXIN_STORAGE", "django.core.files.storage.FileSystemStorage")},
    "staticfiles": {"BACKEND": "yuanxin.web.http.assets.HashedFiles"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
