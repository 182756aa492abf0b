import pytest

from common.actor import Actor
from common.limits import TooManyAttempts
from common.models import Attempt
from concerns.actions.proving import prove
from concerns.errors import NotFound
from concerns.references import BadReference, new_reference, pin, tracking_token
from tests.support.sql import statements
from tests.support.town import file

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def concern(town, settings):
    settings.PROOF_ATTEMPTS_PER_CONCERN = 3
    settings.PROOF_ATTEMPTS_PER_NETWORK = 5
    return file().concern


def token_of(concern):
    return tracking_token(concern.pk, concern.generation)


def pin_of(concern):
    return pin(concern.pk, concern.generation)


def wrong(secret):
    return secret[:-1] + ("1" if secret[-1] != "1" else "2")


def guess(concern, network=HOME):
    with pytest.raises(NotFound):
        prove(reference=concern.reference, pin=wrong(pin_of(concern)), network=network)


def test_a_right_token_proves_and_is_never_counted(concern):
    with statements() as said:
        actor = prove(reference=concern.reference, token=token_of(concern), network=HOME)

    assert actor == Actor.citizen(concern.pk)
    assert len(said) == 1
    assert not Attempt.objects.exists()


def test_a_right_pin_proves_however_the_reference_is_written(concern):
    spoken = concern.reference.replace("-", " ").lower()

    assert prove(reference=spoken, pin=pin_of(concern), network=HOME) == Actor.citizen(concern.pk)


def test_a_right_pin_makes_the_count_of_its_concern_start_afresh(concern):
    for _ in range(2):
        guess(concern)
    prove(reference=concern.reference, pin=pin_of(concern), network=ELSEWHERE)
    for _ in range(2):
        guess(concern, ELSEWHERE)

    assert prove(reference=concern.reference, pin=pin_of(concern), network=ELSEWHERE)


def test_over_the_limit_of_a_concern_the_right_pin_is_refused_too_from_everywhere(concern):
    for _ in range(3):
        guess(concern)

    with pytest.raises(TooManyAttempts):
        prove(reference=concern.reference, pin=pin_of(concern), network=ELSEWHERE)


def test_over_the_limit_of_a_network_other_concerns_are_refused_too(concern):
    others = [file().concern for _ in range(5)]
    for other in others:
        guess(other)

    with pytest.raises(TooManyAttempts):
        prove(reference=concern.reference, pin=pin_of(concern), network=HOME)
    assert prove(reference=concern.reference, pin=pin_of(concern), network=ELSEWHERE)


def test_a_right_token_opens_what_is_locked_against_guessing(concern):
    for _ in range(3):
        guess(concern)

    assert prove(reference=concern.reference, token=token_of(concern), network=HOME)


def test_wrong_tokens_count_for_the_network_and_do_not_lock_the_owner_out(concern):
    for _ in range(5):
        with pytest.raises(NotFound):
            prove(reference=concern.reference, token=wrong(token_of(concern)), network=ELSEWHERE)
    with pytest.raises(TooManyAttempts):
        prove(reference=concern.reference, token=wrong(token_of(concern)), network=ELSEWHERE)

    assert prove(reference=concern.reference, pin=pin_of(concern), network=HOME)


def test_the_token_of_another_concern_proves_nothing(concern):
    other = file().concern

    with pytest.raises(NotFound):
        prove(reference=concern.reference, token=token_of(other), network=HOME)


def test_a_wrong_token_with_a_right_pin_proves(concern):
    actor = prove(reference=concern.reference, token="nonsense", pin=pin_of(concern), network=HOME)

    assert actor == Actor.citizen(concern.pk)


def test_a_concern_that_does_not_exist_is_counted_and_answered_like_a_wrong_pin(concern):
    nobodys = new_reference()
    for _ in range(3):
        with pytest.raises(NotFound) as unknown:
            prove(reference=nobodys, pin="123456", network=HOME)
    with pytest.raises(TooManyAttempts):
        prove(reference=nobodys, pin="123456", network=HOME)
    with pytest.raises(NotFound) as wrong_pin:
        prove(reference=concern.reference, pin=wrong(pin_of(concern)), network=ELSEWHERE)

    assert unknown.value.message == wrong_pin.value.message


def test_a_mistyped_reference_is_told_and_not_counted(concern):
    with pytest.raises(BadReference):
        prove(reference="K7M-4QX", pin="123456", network=HOME)

    assert not Attempt.objects.exists()


def test_no_proof_at_all_proves_nothing(concern):
    with pytest.raises(NotFound):
        prove(reference=concern.reference, network=HOME)
