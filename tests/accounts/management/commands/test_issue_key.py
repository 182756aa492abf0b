from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiKey
from tests.factories.organisation import UserFactory
from tests.support.rest import Rest


@pytest.fixture
def carl(db):
    return UserFactory(name="Carl")


def issued(*words):
    out, said = StringIO(), StringIO()
    call_command("issue_key", *words, stdout=out, stderr=said)
    return out.getvalue().strip(), said.getvalue()


def test_issue_key_prints_a_key_that_works(carl):
    text, said = issued("CARL@northmoor.example", "--label", "Lamp control", "--days", "7")

    key = ApiKey.objects.get()
    assert (key.user, key.label, key.scopes) == (carl, "Lamp control", ["tickets:read"])
    assert said.startswith(f"Valid until {key.expires_at:%Y-%m-%d}.")
    assert Rest({"Authorization": f"Api-Key {text}"}).get("tickets/").status_code == 200


def test_issue_key_gives_the_scopes_asked_for(carl):
    scopes = ("--scope", "tickets:write", "--scope", "tickets:read")
    issued("carl@northmoor.example", "--label", "Lamp control", *scopes)

    assert ApiKey.objects.get().scopes == ["tickets:read", "tickets:write"]


@pytest.mark.parametrize(("given", "limit"), [((), 120), (("--per-minute", "600"), 600)])
def test_issue_key_limits_the_requests_a_minute(carl, given, limit):
    issued("carl@northmoor.example", "--label", "Lamp control", *given)

    assert ApiKey.objects.get().requests_per_minute == limit


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (
            ["nobody@northmoor.example", "--label", "x"],
            "Nobody active has the address nobody@northmoor.example.",
        ),
        (["carl@northmoor.example", "--label", "x", "--days", "0"], "--days must be at least 1."),
        (
            ["carl@northmoor.example", "--label", "x", "--per-minute", "0"],
            "--per-minute must be at least 1.",
        ),
        (
            ["carl@northmoor.example", "--label", "x" * 101],
            "--label must be at most 100 characters.",
        ),
    ],
)
def test_issue_key_refuses(carl, words, complaint):
    with pytest.raises(CommandError, match=complaint):
        issued(*words)

    assert not ApiKey.objects.exists()


def test_issue_key_refuses_a_closed_account(carl):
    carl.is_active = False
    carl.save()

    with pytest.raises(CommandError, match="Nobody active has the address"):
        issued("carl@northmoor.example", "--label", "x")
