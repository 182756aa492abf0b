import datetime as dt
import hashlib

import pytest
import time_machine

from accounts.actions.keys import issue_api_key, revoke_api_key
from accounts.enums import Scope
from accounts.models import ApiKey
from tests.factories.organisation import UserFactory

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_issue_api_key_stores_only_the_hash_of_the_secret():
    carl = UserFactory(name="Carl")

    with time_machine.travel(NOON, tick=False):
        key, text = issue_api_key(
            user=carl, label="Lamp control", days=30, scopes=[Scope.READ, Scope.FILE]
        )

    prefix, _, secret = text.partition(".")
    stored = ApiKey.objects.values_list(
        "prefix", "secret_hash", "user", "label", "scopes", "expires_at"
    ).get()
    assert stored == (
        prefix,
        hashlib.sha256(secret.encode()).hexdigest(),
        carl.pk,
        "Lamp control",
        ["concerns:file", "tickets:read"],
        NOON + dt.timedelta(days=30),
    )
    assert key.prefix == prefix
    assert len(secret) == 43


@pytest.mark.django_db
def test_issue_api_key_never_gives_the_same_key_twice():
    carl = UserFactory(name="Carl")

    texts = {
        issue_api_key(user=carl, label="One", days=1, scopes=[Scope.READ])[1] for _ in range(20)
    }

    assert len(texts) == 20


@pytest.mark.django_db
def test_revoking_a_key_twice_keeps_the_first_moment():
    key, _text = issue_api_key(user=UserFactory(), label="One", days=1, scopes=[Scope.READ])

    with time_machine.travel(NOON, tick=False):
        revoke_api_key(key=key)
    revoke_api_key(key=key)

    assert ApiKey.objects.get().revoked_at == NOON
