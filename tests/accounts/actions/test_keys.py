import datetime as dt
import hashlib

import pytest
import time_machine

from accounts.actions.keys import issue_api_key
from accounts.models import ApiKey
from tests.factories.organisation import UserFactory

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_issue_api_key_stores_only_the_hash_of_the_secret():
    carl = UserFactory(name="Carl")

    with time_machine.travel(NOON, tick=False):
        key, text = issue_api_key(user=carl, label="Lamp control", days=30, read_only=True)

    prefix, _, secret = text.partition(".")
    stored = ApiKey.objects.values_list(
        "prefix", "secret_hash", "user", "label", "read_only", "expires_at"
    ).get()
    assert stored == (
        prefix,
        hashlib.sha256(secret.encode()).hexdigest(),
        carl.pk,
        "Lamp control",
        True,
        NOON + dt.timedelta(days=30),
    )
    assert key.prefix == prefix
    assert len(secret) == 43


@pytest.mark.django_db
def test_issue_api_key_never_gives_the_same_key_twice():
    carl = UserFactory(name="Carl")

    texts = {issue_api_key(user=carl, label="One", days=1, read_only=False)[1] for _ in range(20)}

    assert len(texts) == 20
