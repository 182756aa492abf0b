"""What production tells browsers, and that Django's own checks of an installation find nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.backend.settings.test_production import GOOD
from tests.support.rest import browser_of
from tests.support.town import Town, file

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
SAID = """
import json
from backend.settings import production as p
names = [name for name in dir(p) if name.endswith(("COOKIE_NAME", "COOKIE_SECURE", "COOKIE_HTTPONLY"))]
print(json.dumps({name: getattr(p, name) for name in [*names, "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT"]}))
"""


def in_production(*command: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own under production's settings, without any server."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, **GOOD, "DJANGO_SETTINGS_MODULE": "backend.settings.production"}
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, *command],
        cwd=configured.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_djangos_checks_of_an_installation_find_nothing() -> None:
    tags = ("--tag=security", "--tag=models", "--tag=urls", "--tag=caches", "--tag=templates")
    checked = in_production("manage.py", "check", "--deploy", "--fail-level=WARNING", *tags)

    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith("System check identified no issues")


def test_production_speaks_tls_alone_and_its_cookies_come_from_this_host() -> None:
    told = in_production("-c", SAID).stdout

    assert json.loads(told) == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "LANGUAGE_COOKIE_NAME": "__Host-language",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "LANGUAGE_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "SECURE_HSTS_SECONDS": 31536000,
        "SECURE_SSL_REDIRECT": True,
    }


def policy_of(response) -> dict[str, list[str]]:
    parts = [part.split() for part in response["Content-Security-Policy"].split(";")]
    return {name: sorted(sources, reverse=False) for name, *sources in parts}


@pytest.fixture
def pages(town: Town) -> Iterator[list]:
    filed = file()
    clerk = browser_of(town.people["carl"]).client
    anybody = Client()
    yield [
        anybody.get("/"),
        anybody.get("/concerns/"),
        anybody.get("/nothing-here/"),
        anybody.get("/workspace/sign-in/"),
        anybody.get("/api/v1/categories/"),
        anybody.get("/api/v1/nothing/"),
        anybody.get("/api/docs/"),
        anybody.get("/healthz"),
        clerk.get(f"/workspace/tickets/{filed.ticket.pk}/"),
    ]
    cache.clear()


def test_every_door_tells_browsers_the_same(pages: list) -> None:
    for page in pages:
        told = {name: page[name] for name in HEADERS}
        assert told == HEADERS, page.request["PATH_INFO"]
        assert policy_of(page) == POLICY, page.request["PATH_INFO"]


def test_pages_about_people_are_kept_by_nobody(town: Town) -> None:
    filed = file()
    clerk = browser_of(town.people["carl"]).client

    for page in (
        clerk.get(f"/workspace/tickets/{filed.ticket.pk}/"),
        clerk.get("/workspace/"),
        clerk.get(reverse("api-ticket", args=[filed.ticket.pk])),
    ):
        assert "no-store" in page["Cache-Control"], page.request["PATH_INFO"]


def test_no_other_site_may_read_us(town: Town) -> None:
    """No CORS: a browser gives our answers to no page of another origin."""
    answers = [
        Client().get("/api/v1/categories/", headers={"Origin": "https://evil.example"}),
        Client().options("/api/v1/concerns/", headers={"Origin": "https://evil.example"}),
    ]

    found = [name for one in answers for name in one.headers if name.startswith("Access-Control")]
    assert found == []


def test_methods_that_mirror_are_refused(db: None) -> None:
    assert Client().generic("TRACE", "/").status_code == 405
