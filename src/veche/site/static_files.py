"""Static files: of foreign packages only what pages load, hashed names, compressed once."""

from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any

import brotli
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from servestatic.compress import Compressor
from servestatic.storage import CompressedManifestStaticFilesStorage

# Big parts of packages that no page of ours loads; compressing them would be most of the work of a first start.
_UNUSED = (
    "*.map",
    "ninja/redoc*",
    "leaflet/leaflet-src*",
    "leaflet/draw/*",
    "leaflet/Control.*",
    "leaflet/leaflet.forms.js",
    "leaflet/leaflet.extras.*",
    "django_htmx/ext/*",
    "django_htmx/*-4.*",
    "django_htmx/htmx-2.js",
)
_SMALL = 300_000
_BEST, _QUICK = 11, 6


class Finder(AppDirectoriesFinder):
    """Finds the files of apps, without those that no page loads."""

    def list(self, ignore_patterns: Any) -> Iterator[Any]:
        """Every file that is gathered."""
        for path, storage in super().list(ignore_patterns):
            if not any(fnmatch(path, pattern) for pattern in _UNUSED):
                yield path, storage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names hold the hash of the content. Source maps are left out, so references to them are not followed."""

    patterns = tuple(
        (kind, tuple(one for one in rules if "sourceMappingURL" not in str(one)))
        for kind, rules in CompressedManifestStaticFilesStorage.patterns
    )

    def create_compressor(self, **options: Any) -> Compressor:
        """Compress hard what is small, and quickly what is big and rarely asked for."""
        return _Compressor(**options)


class _Compressor(Compressor):  # type: ignore[misc]
    @staticmethod
    def compress_brotli(content: bytes) -> bytes:
        compressed: bytes = brotli.compress(content, quality=_BEST if len(content) < _SMALL else _QUICK)
        return compressed
