"""Static files: ours and the npm packages', served by WhiteNoise with hashed names."""

from pathlib import Path

from backend.settings import env
from backend.settings.city import BASE_DIR
from backend.settings.uploads import ATTACHMENTS

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = Path(env.text("STATIC_ROOT", str(BASE_DIR / "static_root")))
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    ("kern", NODE_MODULES / "@kern-ux" / "native" / "dist"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "attachments": ATTACHMENTS,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
