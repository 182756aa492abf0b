"""A client at the REST door: JSON in, JSON out, with the proofs its person has."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from secrets import token_bytes
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from accounts.actions.keys import issue_api_key
from accounts.enums import Scope
from accounts.models import User
from accounts.sign_in import sessions

POTHOLE = {
    "description": "There is a deep hole in the road.",
    "category": "pothole",
    "place": {"lat": 54.05, "lon": -0.95, "address": "Quay Street 5"},
}


def some_network() -> str:
    """A network nobody else comes from: tests that run at once share what is counted in Valkey."""
    return str(IPv4Address(int.from_bytes(b"\x0a" + token_bytes(3), "big")))


@dataclass
class Rest:
    """Requests of one program, browser or person; `headers` go with each."""

    headers: Mapping[str, str] = field(default_factory=dict)
    network: str = field(default_factory=some_network)
    client: Client = field(default_factory=Client)

    def send(
        self,
        method: str,
        path: str,
        raw: bytes | str = b"",
        *,
        kind: str = "application/json",
        **headers: str,
    ):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method,
            f"/api/v1/{path}",
            raw,
            content_type=kind,
            headers={"Accept-Language": "en", **self.headers, **named},
            REMOTE_ADDR=self.network,
        )

    def get(self, path: str, **headers: str):
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str):
        raw = b"" if body is None else json.dumps(body)
        return self.send("POST", path, raw, **headers)

    def file(self, body: Mapping[str, Any] = POTHOLE, *, key: str = "", **more: Any):
        """File a concern with a fresh Idempotency-Key unless one is given."""
        return self.post("concerns/", {**body, **more}, Idempotency_Key=key or str(uuid4()))

    def act(self, ticket_id: int, slug: str, body: Any = None, *, version: int | str):
        return self.post(f"tickets/{ticket_id}/{slug}/", body, If_Match=f'"v{version}"')


def program_of(
    user: User,
    *,
    scopes: Collection[Scope] = tuple(Scope),
    days: int = 1,
    requests_per_minute: int = 10_000,
) -> Rest:
    """A program that acts with the rights of a person."""
    _key, text = issue_api_key(
        user=user,
        label="Test",
        days=days,
        scopes=scopes,
        requests_per_minute=requests_per_minute,
    )
    return Rest({"Authorization": f"Api-Key {text}"})


def browser_of(user: User) -> Rest:
    """A browser in which a person is signed in."""
    browser = Rest()
    browser.client.force_login(user)
    session = browser.client.session
    sessions.begin(session)
    session.save()
    return browser


def problem_in(response: HttpResponse) -> tuple[int, str, str]:
    """Status, kind of problem, and its words."""
    assert response["Content-Type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == response.status_code
    return told["status"], told["type"].partition("#problem-")[2], told["detail"]


def pointers_in(response: HttpResponse) -> list[tuple[str, str]]:
    """Which values are refused, and why, by code."""
    return sorted((one["pointer"], one["code"]) for one in response.json()["errors"])
