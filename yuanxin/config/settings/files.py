"""Static files and what people upload."""

import os

from yuanxin.config.settings.database import YUANXIN_HOME

STATIC_URL = "/static/"
STATIC_ROOT = YUANXIN_HOME / "static"
MEDIA_URL = "/files/"
MEDIA_ROOT = YUANXIN_HOME / "files"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": os.environ.get("YUANXIN_STORAGE", "django.core.files.storage.FileSystemStorage")},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
