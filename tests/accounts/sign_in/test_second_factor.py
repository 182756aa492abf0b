"""Codes prove once, and what makes them is sealed."""

import json
from collections.abc import Iterator

import pytest
import time_machine
from allauth.mfa.models import Authenticator

from accounts.models import User
from accounts.sign_in.second_factor import SecondFactorAdapter, pending_secret, proven_by
from common.crypto import SealBroken
from tests.factories.organisation import UserFactory
from tests.support.second_factor import code_of, recovery_codes_of, set_up


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    """The middle of a half minute, so that none ends between two lines of a test."""
    with time_machine.travel("2026-03-02T09:00:15+00:00", tick=False):
        yield


@pytest.fixture
def carl(db: None) -> User:
    return UserFactory(name="Carl")


def test_a_code_of_the_app_proves_once(carl: User) -> None:
    secret = set_up(carl)
    code = code_of(secret)

    first, again = proven_by(carl, code), proven_by(carl, f" {code[:3]} {code[3:]}")

    assert first is not None
    assert (first.type, again) == (Authenticator.Type.TOTP, None)


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_phone_may_be_half_a_minute_off(carl: User, steps: int, fits: bool) -> None:
    assert (proven_by(carl, code_of(set_up(carl), steps=steps)) is not None) == fits


def test_a_used_code_stays_used_as_long_as_it_would_fit(carl: User) -> None:
    secret = set_up(carl)
    code = code_of(secret, steps=1)
    assert proven_by(carl, code) is not None

    with time_machine.travel("2026-03-02T09:01:15+00:00", tick=False):
        assert code_of(secret, steps=-1) == code
        assert proven_by(carl, code) is None


def test_two_people_may_happen_to_have_the_same_code(carl: User) -> None:
    clara = UserFactory(name="Clara")
    secret = set_up(carl)
    sealed = SecondFactorAdapter().encrypt(secret)
    Authenticator.objects.create(user=clara, type=Authenticator.Type.TOTP, data={"secret": sealed})

    assert proven_by(carl, code_of(secret)) is not None
    assert proven_by(clara, code_of(secret)) is not None


def test_a_recovery_code_proves_once(carl: User) -> None:
    set_up(carl)
    codes = recovery_codes_of(carl)

    assert proven_by(carl, codes[3]) is not None
    assert proven_by(carl, codes[3]) is None
    assert recovery_codes_of(carl) == [*codes[:3], *codes[4:]]


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "0" * 40])
def test_what_is_no_code_proves_nothing(carl: User, code: str) -> None:
    set_up(carl)

    assert proven_by(carl, code) is None


def test_nobody_proves_anything_without_a_second_factor(carl: User) -> None:
    assert proven_by(carl, "123456") is None


def test_nothing_stored_makes_a_code(carl: User) -> None:
    secret = set_up(carl)
    codes = recovery_codes_of(carl)

    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in stored
    assert [code for code in codes if code in stored] == []
    assert len(SecondFactorAdapter().encrypt(secret)) > len(secret)


def test_a_changed_secret_does_not_open() -> None:
    adapter = SecondFactorAdapter()
    sealed = adapter.encrypt("JBSWY3DPEHPK3PXP")

    with pytest.raises(SealBroken):
        adapter.decrypt(sealed[:-4] + ("AAA=" if sealed[-4:] != "AAA=" else "BBB="))


def test_a_secret_being_set_up_is_sealed_too_and_stays_the_same(carl: User) -> None:
    session: dict[str, str] = {}

    secret = pending_secret(session)

    assert pending_secret(session) == secret
    assert secret not in json.dumps(session)
