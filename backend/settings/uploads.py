"""How much people may attach to a concern, where it is kept, and who looks through it. Sizes are in bytes."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from backend.settings import env
from backend.settings.city import BASE_DIR

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
MOST_FILES_PER_CONCERN = 10
LARGEST_FILES_PER_CONCERN = 50 * MEGABYTE
FILES_PER_NETWORK_PER_DAY = env.whole("FILES_PER_NETWORK_PER_DAY", 200, least=1)


def attachments() -> dict[str, Any]:
    """The store of files, below no address: they are read through a view that asks who is there."""
    if bucket := env.text("ATTACHMENTS_BUCKET", ""):
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": in_bucket(bucket)}
    folder = env.text("ATTACHMENTS_FOLDER", str(BASE_DIR / "var" / "attachments"))
    options = {
        "location": Path(folder),
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    }
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}


def in_bucket(bucket: str) -> dict[str, Any]:
    """What is not set, boto3 looks for where it always does; an endpoint of one's own is asked by path."""
    endpoint = env.text("ATTACHMENTS_S3_ENDPOINT", "") or None
    return {
        "bucket_name": bucket,
        "endpoint_url": endpoint,
        "addressing_style": "path" if endpoint else None,
        "region_name": env.text("ATTACHMENTS_S3_REGION", "") or None,
        "access_key": env.text("ATTACHMENTS_S3_KEY", "") or None,
        "secret_key": env.text("ATTACHMENTS_S3_SECRET", "") or None,
        # No name is used twice, so nothing has to be asked before it is written.
        "file_overwrite": True,
    }


def scanner() -> str:
    """The address of ClamAV's daemon; with one, nobody has a file before it was looked through."""
    address = env.text("CLAMD_ADDRESS", "")
    if address and not (address.startswith("/") or address.rpartition(":")[2].isdecimal()):
        message = f"CLAMD_ADDRESS={address!r} is neither host:port nor the path of a socket."
        raise ImproperlyConfigured(message)
    return address


ATTACHMENTS = attachments()
CLAMD_ADDRESS = scanner()
