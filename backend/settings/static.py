"""Static files: ours and the npm packages', served by WhiteNoise with hashed names; and where uploads are kept."""

from pathlib import Path

from backend.settings import env
from backend.settings.city import BASE_DIR

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = Path(env.text("STATIC_ROOT", str(BASE_DIR / "static_root")))
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    ("kern", NODE_MODULES / "@kern-ux" / "native" / "dist"),
]
# Below no address: attachments are read through a view that asks who is there.
ATTACHMENTS_FOLDER = Path(env.text("ATTACHMENTS_FOLDER", str(BASE_DIR / "var" / "attachments")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "attachments": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": ATTACHMENTS_FOLDER,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
