"""Production refuses to start with anything meant for a trial, and says all that is wrong at once."""

import base64
import os
import subprocess
import sys

import pytest
from django.conf import settings

KEY = base64.b64encode(bytes(range(32))).decode()
GOOD = {
    "DATABASE_URL": "postgresql://app@db/sachstand",
    "REDIS_URL": "redis://valkey:6379/0",
    "SECRET_KEY": "a-secret-of-this-installation-and-of-no-other-one-at-all",
    "MASTER_KEYS": f"k1:{KEY}",
    "INDEX_KEYS": f"k1:{KEY}",
    "TOKEN_KEYS": f"k1:{KEY}",
    "PUBLIC_URL": "https://anliegen.example",
}


IMPORTED = "import backend.settings.production"


def started(said: str = IMPORTED, **changes: str) -> subprocess.CompletedProcess[str]:
    """Import the production settings in a process of its own, as a server would."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, **GOOD, **changes}
    command = [sys.executable, "-c", said]
    return subprocess.run(  # noqa: S603 - our own interpreter
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )


def test_production_starts_with_servers_and_keys_of_its_own() -> None:
    assert started().stderr == ""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL is missing"),
        ({"REDIS_URL": ""}, "REDIS_URL is missing"),
        ({"EMBEDDED": "1"}, "EMBEDDED is set"),
        ({"DEBUG": "yes"}, "DEBUG is set"),
        ({"DEMO": "true"}, "DEMO is set"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is the development key"),
        ({"TOKEN_KEYS": ""}, "MASTER_KEYS, INDEX_KEYS or TOKEN_KEYS holds the development key"),
        ({"PUBLIC_URL": "http://anliegen.example"}, "PUBLIC_URL is not https"),
    ],
)
def test_production_refuses_what_is_for_trials(changes: dict[str, str], says: str) -> None:
    refused = started(**changes)

    assert refused.returncode == 1
    assert f"Production settings refuse to start. {says}" in refused.stderr


def test_production_names_everything_that_is_wrong_at_once() -> None:
    refused = started(DATABASE_URL="", DEBUG="1")

    assert "DATABASE_URL is missing" in refused.stderr
    assert "DEBUG is set" in refused.stderr


def test_a_word_that_is_neither_yes_nor_no_stops_the_start() -> None:
    refused = started(DEBUG="ture")

    assert refused.returncode == 1
    assert "DEBUG='ture' is neither yes nor no." in refused.stderr


@pytest.mark.parametrize(("given", "demanded"), [("", "True"), ("no", "False")])
def test_production_demands_a_second_factor_unless_told_otherwise(
    given: str, demanded: str
) -> None:
    said = "from backend.settings.production import STAFF_MFA_REQUIRED; print(STAFF_MFA_REQUIRED)"

    assert started(said, STAFF_MFA_REQUIRED=given).stdout.strip() == demanded
