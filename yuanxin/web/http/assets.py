"""Static files that other people prebuilt: only the listed files leave ``node_modules``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

PACKAGES = Path(__file__).resolve().parents[3] / "node_modules"
LISTED = (
    "@tabler/core/dist/css/tabler.min.css",
    "@tabler/core/dist/css/tabler.min.css.map",
    "@zxing/library/umd/index.min.js",
    "leaflet/dist/images/layers-2x.png",
    "leaflet/dist/images/layers.png",
    "leaflet/dist/images/marker-icon.png",
    "leaflet/dist/leaflet.css",
    "leaflet/dist/leaflet.js",
    "leaflet/dist/leaflet.js.map",
)


class ListedPackageFiles(BaseFinder):
    """Serve the files in LISTED under ``packages/``, and nothing else of the front-end packages."""

    prefix = "packages"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.root = PACKAGES
        self.storage = FileSystemStorage(location=self.root)
        self.storage.prefix = self.prefix  # type: ignore[attr-defined]  # collectstatic reads it
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing can be misconfigured here."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the file behind ``packages/<listed>``; [] when there is none."""
        name = path.removeprefix(f"{self.prefix}/")
        file = self.root / name
        found = name != path and name in LISTED and file.is_file()
        if find_all:
            return [str(file)] if found else []
        return str(file) if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """Yield what collectstatic copies."""
        return [(name, self.storage) for name in LISTED if (self.root / name).is_file()]


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Names with content hashes once ``collectstatic`` has run; plain names before that (tests, development)."""

    def stored_name(self, name: str) -> str:
        """Return the name under which the file is served."""
        return super().stored_name(name) if self.hashed_files else name
