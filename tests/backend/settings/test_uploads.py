"""Where files are kept, and who looks through them, as the environment says."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from backend.settings.uploads import attachments, scanner


def test_files_are_kept_in_a_folder_nobody_else_can_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTACHMENTS_FOLDER", "/srv/files")

    store = attachments()

    assert store["BACKEND"] == "django.core.files.storage.FileSystemStorage"
    assert {name: str(value) for name, value in store["OPTIONS"].items()} == {
        "location": "/srv/files",
        "file_permissions_mode": str(0o600),
        "directory_permissions_mode": str(0o700),
    }


def test_or_in_a_bucket_of_ones_own_asked_by_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTACHMENTS_BUCKET", "files")
    monkeypatch.setenv("ATTACHMENTS_S3_ENDPOINT", "https://s3.city.example")
    monkeypatch.setenv("ATTACHMENTS_S3_KEY", "key")
    monkeypatch.setenv("ATTACHMENTS_S3_SECRET", "secret")

    assert attachments() == {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": "files",
            "endpoint_url": "https://s3.city.example",
            "addressing_style": "path",
            "region_name": None,
            "access_key": "key",
            "secret_key": "secret",
            "file_overwrite": True,
        },
    }


def test_what_is_not_said_of_a_bucket_is_left_to_the_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ATTACHMENTS_BUCKET", "files")

    options = attachments()["OPTIONS"]

    assert {name for name, value in options.items() if value is not None} == {
        "bucket_name",
        "file_overwrite",
    }


@pytest.mark.parametrize(
    "address", ["", "clamd:3310", "127.0.0.1:3310", "[::1]:3310", "/run/clamd"]
)
def test_a_scanner_is_named_by_host_and_port_or_by_its_socket(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("CLAMD_ADDRESS", address)

    assert scanner() == address


@pytest.mark.parametrize("address", ["clamd", "clamd:", "tcp://clamd", "run/clamd.sock"])
def test_anything_else_stops_the_start(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("CLAMD_ADDRESS", address)

    with pytest.raises(ImproperlyConfigured):
        scanner()
