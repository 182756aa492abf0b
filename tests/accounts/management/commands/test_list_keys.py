import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.actions.keys import issue_api_key, revoke_api_key
from accounts.enums import Scope
from common.clock import now
from tests.factories.organisation import UserFactory

DAY = dt.timedelta(days=1)


@pytest.fixture
def carl(db):
    return UserFactory(name="Carl")


def key_of(user, label, *, days=30, scopes=(Scope.READ,)):
    return issue_api_key(user=user, label=label, days=days, scopes=scopes)


def listed(*words):
    out = StringIO()
    call_command("list_keys", *words, stdout=out)
    return [line.split("  ") for line in out.getvalue().splitlines()]


def test_list_keys_says_whose_rights_a_key_has_and_how_far_it_reaches(carl):
    key, text = key_of(carl, "Lamp control", scopes=[Scope.READ, Scope.FILE])
    until = (now() + 30 * DAY).date().isoformat()

    heading, row = ([cell.strip() for cell in line if cell.strip()] for line in listed())

    assert heading == ["key", "of", "label", "scopes", "per minute", "until"]
    scopes = "concerns:file,tickets:read"
    assert row == [key.prefix, "carl@northmoor.example", "Lamp control", scopes, "120", until]
    assert text.partition(".")[2] not in str(listed())


def test_list_keys_shows_those_that_work_and_all_with_why_they_do_not(carl):
    gone = UserFactory(name="Gone", is_active=False)
    key_of(carl, "Good")
    revoke_api_key(key=key_of(carl, "Bad")[0])
    key_of(carl, "Old", days=-1)
    key_of(gone, "Left")

    assert [line[2].strip() for line in listed()[1:]] == ["Good"]
    assert {line[2].strip(): line[-1].strip() for line in listed("--all")[1:]} == {
        "Good": (now() + 30 * DAY).date().isoformat(),
        "Bad": "revoked",
        "Old": "expired",
        "Left": "account closed",
    }


def test_list_keys_says_when_there_are_none(db):
    assert listed() == [["There are no keys."]]
