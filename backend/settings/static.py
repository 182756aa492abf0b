"""Static files: ours and the npm packages', served by WhiteNoise with hashed names."""

from pathlib import Path

from backend.settings.city import BASE_DIR

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = BASE_DIR / "static_root"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    ("kern", NODE_MODULES / "@kern-ux" / "native" / "dist"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
