from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.actions.keys import issue_api_key
from accounts.enums import Scope
from tests.factories.organisation import UserFactory
from tests.support.rest import Rest, problem_in


@pytest.fixture
def keys(db):
    carl = UserFactory(name="Carl")
    return [
        issue_api_key(user=carl, label=label, days=1, scopes=[Scope.READ])
        for label in ("Lost", "Kept")
    ]


def revoked(prefix):
    out = StringIO()
    call_command("revoke_key", prefix, stdout=out)
    return out.getvalue().strip()


def asked(text):
    return Rest({"Authorization": f"Api-Key {text}"}).get("tickets/")


def test_revoke_key_ends_one_key_and_no_other(keys):
    (lost, lost_text), (_kept, kept_text) = keys

    said = revoked(lost.prefix)

    lost.refresh_from_db()
    assert said == f"Lost ({lost.prefix}) is revoked since {lost.revoked_at:%Y-%m-%d %H:%M}."
    assert problem_in(asked(lost_text))[:2] == (401, "unauthenticated")
    assert asked(kept_text).status_code == 200


def test_revoking_twice_keeps_the_first_moment(keys):
    prefix = keys[0][0].prefix

    assert revoked(prefix) == revoked(prefix)


@pytest.mark.parametrize("prefix", ["0000000000", ""])
def test_revoke_key_refuses_what_is_no_key(keys, prefix):
    with pytest.raises(CommandError, match=f"There is no key {prefix}"):
        revoked(prefix)
