"""Keys rotate without anybody waiting, and losing one loses nothing while another wraps."""

import base64
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connections

from accounts.sign_in.second_factor import proven_by
from common.actor import Actor
from common.blind_indexes import candidates
from common.crypto import UnknownKey
from common.models import ViewLog
from concerns.actions import rotating
from concerns.management.commands.doctor import keys
from concerns.models import Reporter
from concerns.queries.contact import contact_of
from concerns.queries.keys import stale_reporters
from concerns.references import token_matches, tracking_token
from notifications.contents import open_sealed
from notifications.expansion import expand_due
from notifications.models import Delivery
from tests.support.second_factor import code_of, recovery_codes_of, set_up
from tests.support.town import Town, file

OLD, NEW = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
RINGS = ("MASTER_KEYS", "INDEX_KEYS", "TOKEN_KEYS")


def ring(settings, **keys: str) -> None:
    for name in RINGS:
        setattr(settings, name, keys)


@pytest.fixture(autouse=True)
def _old(settings) -> None:
    ring(settings, old=OLD)


def rotated(*arguments: str) -> str:
    said = StringIO()
    call_command("rotate_keys", *arguments, stdout=said, stderr=StringIO(), no_color=True)
    return said.getvalue()


def people(count: int) -> list[Reporter]:
    return [
        file(name=f"Rita Reeve{n}", email=f"rita{n}@people.example").concern.reporter
        for n in range(count)
    ]


def opened(reporter: Reporter) -> str:
    row = Reporter.objects.get(pk=reporter.pk)
    return contact_of(Actor.system(), row, purpose="call_back")["email"]


def test_everything_stands_under_the_new_key_and_the_old_one_may_go(town: Town, settings) -> None:
    reporters = people(3)
    expand_due()
    app = set_up(town.people["carl"])
    ring(settings, new=NEW, old=OLD)

    said = rotated("--batch", "2")
    codes = recovery_codes_of(town.people["carl"])
    ring(settings, new=NEW)

    letters = Delivery.objects.exclude(key_id="").count()
    assert said.splitlines()[:4] == [
        "contact data: 3 renewed, 0 cannot be opened",
        f"letters: {letters} renewed, 0 cannot be opened",
        "second factors: 2 renewed, 0 cannot be opened",
        (
            "Everything stands under the current keys. These may leave their ring a day from now: "
            "MASTER_KEYS old, INDEX_KEYS old."
        ),
    ]
    assert [opened(one) for one in reporters] == [f"rita{n}@people.example" for n in range(3)]
    assert letters > 0
    for letter in Delivery.objects.exclude(key_id=""):
        assert "@people.example" in open_sealed(letter.sealed, delivery_id=letter.pk).address
    assert proven_by(town.people["carl"], code_of(app)) is not None
    assert proven_by(town.people["carl"], codes[0]) is not None


def test_people_are_found_again_under_the_new_index(town: Town, settings) -> None:
    (rita,) = people(1)
    ring(settings, new=NEW, old=OLD)

    rotated()
    ring(settings, new=NEW)

    found = Reporter.objects.filter(email_index__in=candidates("email", "rita0@people.example"))
    assert list(found) == [rita]
    assert ViewLog.objects.filter(purpose="key_rotation", subject_id=rita.pk).count() == 1


@pytest.mark.parametrize("lost", ["old", "new"])
def test_losing_one_master_key_loses_nothing_while_another_wraps(
    town: Town, settings, lost: str
) -> None:
    (before,) = people(1)
    ring(settings, new=NEW, old=OLD)
    rotated()
    after = file(email="anna@people.example").concern.reporter

    ring(settings, **{name: key for name, key in (("new", NEW), ("old", OLD)) if name != lost})

    assert (opened(before), opened(after)) == ("rita0@people.example", "anna@people.example")


def test_a_key_that_wraps_alone_is_missed_and_named(town: Town, settings) -> None:
    (rita,) = people(1)
    ring(settings, new=NEW)

    with pytest.raises(UnknownKey):
        opened(rita)
    with pytest.raises(CommandError, match="Left under other keys: 1 contact data"):
        rotated()
    (finding,) = keys()
    (error,) = [
        one
        for one in run_checks(
            tags=["database"], databases=["default"], include_deployment_checks=True
        )
        if one.id == "concerns.E001"
    ]
    assert (finding.what, finding.count) == ("contact data that no configured key opens (old)", 1)
    assert error.msg == "No configured key opens 1 contact data: old."
    ring(settings, new=NEW, old=OLD)
    assert opened(rita) == "rita0@people.example"
    assert list(keys()) == []


def test_a_second_run_does_nothing(town: Town, settings) -> None:
    people(2)
    ring(settings, new=NEW, old=OLD)
    rotated()
    before = list(Reporter.objects.order_by("pk").values())

    said = rotated()

    assert said.startswith("contact data: 0 renewed, 0 cannot be opened")
    assert list(Reporter.objects.order_by("pk").values()) == before


@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_killed_goes_on_where_it_was(town: Town, settings) -> None:
    people(5)
    ring(settings, new=NEW, old=OLD)
    run = rotating.rotate(rotating.STOCKS[0], batch=2)
    next(run)
    run.close()

    assert stale_reporters().count() == 3
    assert rotated().startswith("contact data: 3 renewed")


@pytest.mark.django_db(transaction=True)
def test_rows_somebody_holds_are_left_to_them(town: Town, settings) -> None:
    first, _second = people(2)
    ring(settings, new=NEW, old=OLD)
    other = connections.create_connection("default")
    with other.cursor() as held:
        held.execute("BEGIN")
        held.execute("SELECT 1 FROM concerns_reporter WHERE id = %s FOR UPDATE", [first.pk])
        done = list(rotating.rotate(rotating.STOCKS[0]))
        held.execute("ROLLBACK")
    other.close()

    assert done == [rotating.Renewed(1, 0)]
    assert list(stale_reporters()) == [first]


def test_one_that_does_not_open_keeps_nobody_else_from_it(town: Town, settings) -> None:
    first, _second = people(2)
    Reporter.objects.filter(pk=first.pk).update(wrapped_keys={"old": "AAAA"})
    ring(settings, new=NEW, old=OLD)

    with pytest.raises(CommandError, match="Left under other keys: 1 contact data"):
        rotated("--batch", "1")

    assert list(stale_reporters()) == [first]


def test_links_live_on_as_long_as_their_key_is_in_the_ring(town: Town, settings) -> None:
    sent = tracking_token(17, 1)
    ring(settings, new=NEW, old=OLD)

    assert token_matches(17, 1, sent)
    assert tracking_token(17, 1) != sent
    ring(settings, new=NEW)
    assert not token_matches(17, 1, sent)


def test_contact_data_are_not_opened_when_only_the_master_key_changes(town: Town, settings) -> None:
    people(1)
    settings.MASTER_KEYS = {"new": NEW, "old": OLD}

    rotated()

    assert ViewLog.objects.filter(purpose="key_rotation").count() == 0
    assert Authenticator.objects.count() == 0
