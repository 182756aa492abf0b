"""The installation by containers, as far as one can judge without an engine: what it names exists, nobody is root."""

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.architecture.source import ROOT
from tests.backend.settings.test_production import GOOD

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"].startswith("sachstand:")}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
READ = re.compile(r'env\.(?:text|flag|whole|listing|keyring)\(\s*"([A-Z0-9_]+)"')
FILLED_IN = re.compile(r"\$\{([A-Z0-9_]+)(:\?)?[^}]*\}")
# Read by gunicorn's settings, the probe, or Prometheus' client, not by Django's settings.
OF_PROGRAMS = {"WEB_WORKERS"}
OF_THE_IMAGE = {"PROMETHEUS_MULTIPROC_DIR", "DJANGO_SETTINGS_MODULE"}
# Set by the image, or of trials alone.
NOT_A_CITYS = {
    "ATTACHMENTS_FOLDER", "ERASURE_JOURNAL", "POSTGRES_PROGRAMS", "DEBUG", "DEMO", "EMBEDDED",
    "MAIL_SINK", "LOGINS_FILE", "STATIC_ROOT",
    "DATABASE_CONN_MAX_AGE", "DATABASE_POOL", "SWEEP_SECONDS", "TEND_SECONDS", "INFORM_SECONDS",
}  # fmt: skip


def settings_read() -> set[str]:
    files = (ROOT / "backend" / "settings").glob("*.py")
    return {name for file in files for name in READ.findall(file.read_text(encoding="utf-8"))}


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_all_parts_are_there() -> None:
    assert set(SERVICES) == {
        *("proxy", "web", "worker", "beat", "migrate", "postgres", "valkey", "mail-sink"),
    }
    assert SERVICES["mail-sink"]["profiles"] == ["mail-sink"]


def test_every_variable_given_is_read() -> None:
    given = {name for one in OURS.values() for name in one["environment"]}

    assert given - settings_read() == OF_PROGRAMS


def test_every_variable_a_city_may_set_can_be_set() -> None:
    given = {name for one in OURS.values() for name in one["environment"]}

    assert settings_read() - NOT_A_CITYS - given == set()


def test_what_must_be_filled_in_stands_empty_in_the_example() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    found = FILLED_IN.findall(text)
    demanded = {name for name, must in found if must}
    empty = {name for name, value in example().items() if not value}

    assert demanded - set(example()) == set()
    assert empty - {"SMTP_USER", "SMTP_PASSWORD", "METRICS_TOKEN"} == demanded - {"CITY_FOLDER"}
    assert set(example()) - {name for name, _must in found} == set()


def test_production_starts_with_what_compose_gives() -> None:
    """Whatever production's settings refuse to start without is demanded before anything starts."""
    demanded = {
        name
        for name, value in SERVICES["web"]["environment"].items()
        if FILLED_IN.search(value) and ":?" in value
    }

    assert set(GOOD) - demanded == set()


@pytest.mark.parametrize("name", SERVICES)
def test_nobody_writes_to_their_root_or_gains_rights(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    # Caddy alone keeps its user: it may bind ports and nothing else.
    assert "user" in service or (name == "proxy" and service["cap_add"] == ["NET_BIND_SERVICE"])
    assert service.get("user") not in {"0", "root"}


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned(name: str) -> None:
    image, _colon, tag = SERVICES[name]["image"].partition(":")

    assert re.fullmatch(r"v?\d+[\w.-]*", tag), image


def test_our_image_bears_our_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    assert {one["image"] for one in OURS.values()} == {f"sachstand:{version}"}


@pytest.mark.parametrize("name", set(SERVICES) - {"migrate", "web"})
def test_every_part_tells_whether_it_is_well(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert {name for name, one in SERVICES.items() if "ports" in one} == {"proxy", "mail-sink"}
    assert SERVICES["mail-sink"]["ports"] == ["127.0.0.1:8025:8025"]
    assert COMPOSE["networks"]["inner"] == {"internal": True}
    assert {SERVICES[name]["networks"][0] for name in ("postgres", "valkey")} == {"inner"}


def test_passwords_of_the_database_are_known_to_their_users_alone() -> None:
    knows = {
        secret: {name for name, one in SERVICES.items() if secret in str(one.get("environment"))}
        for secret in ("POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD")
    }

    assert knows == {
        "POSTGRES_PASSWORD": {"postgres"},
        "OWNER_PASSWORD": {"postgres", "migrate"},
        "APP_PASSWORD": {"postgres", "web", "worker", "beat"},
    }


def test_every_volume_and_file_named_is_there() -> None:
    mounts = [one.split(":") for service in SERVICES.values() for one in service.get("volumes", [])]
    files = {source for source, *_rest in mounts if source.startswith("./")}

    assert {source for source, *_rest in mounts} - files == set(COMPOSE["volumes"])
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_every_folder_we_write_to_is_made_for_our_user() -> None:
    mounted = {one.split(":")[1] for service in OURS.values() for one in service["volumes"]}

    assert {folder for folder in mounted if folder not in DOCKERFILE} == set()
    assert "USER 10001:10001" in DOCKERFILE.split("FROM")[-1]


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_celery_understands_its_command(name: str) -> None:
    command = SERVICES[name]["command"]

    helped = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", *command[:4], "--help"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    options = [one.partition("=")[0] for one in command[4:]]

    assert [one for one in options if one not in helped.stdout] == []


def test_programs_of_the_image_exist() -> None:
    assert importlib.util.find_spec("backend.monitoring.probe") is not None
    assert [
        name for name in ("gunicorn", "celery") if not shutil.which(name, path=bin_folder())
    ] == []
    assert (ROOT / "manage.py").is_file()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert [one for line in copied for one in line.split() if not (ROOT / one).exists()] == []


def bin_folder() -> str:
    return str(Path(sys.executable).parent)


def test_gunicorn_takes_its_settings() -> None:
    command = DOCKERFILE.rsplit("CMD ", 1)[1].strip()
    program, *arguments = yaml.safe_load(command)

    checked = subprocess.run(  # noqa: S603 - our own program
        [shutil.which(program, path=bin_folder()) or "", "--check-config", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_image_has_no_secret_and_nothing_of_a_developer() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()

    assert {".env", ".env.*", ".git", ".venv", "var", "tests"} - set(ignored) == set()
    assert ".env" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_the_image_installs_what_is_locked_and_upgrades_nothing_else() -> None:
    froms = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

    assert [one for one in froms if ":" not in one or one.endswith(":latest")] == []
    assert "--require-hashes" in DOCKERFILE
    assert "npm ci" in DOCKERFILE
    assert len(set(re.findall(r"python:(\S+)", DOCKERFILE))) == 1
    # pg_dump refuses a server newer than itself.
    client = re.findall(r"postgresql-client-(\d+)", DOCKERFILE)
    assert SERVICES["postgres"]["image"].startswith(f"postgres:{client[0]}-")


def test_every_variable_is_explained() -> None:
    page = (ROOT / "docs" / "operations" / "configuration.md").read_text(encoding="utf-8")

    named = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", page))
    assert settings_read() - named == set()
    assert named - settings_read() - OF_PROGRAMS - OF_THE_IMAGE == set()


def test_the_database_writes_no_rows_into_its_log() -> None:
    assert SERVICES["postgres"]["command"] == [
        *("postgres", "-c", "log_error_verbosity=terse", "-c", "log_min_error_statement=panic"),
    ]
