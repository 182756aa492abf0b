import pytest

from common.actor import Actor
from common.limits import TooManyAttempts
from common.models import Attempt
from concerns.actions.contact import confirm_address
from concerns.actions.proving import Proof, prove, renew_proof
from concerns.actions.safeguarding import restrict
from concerns.enums import Verb
from concerns.errors import NotAllowed, NotFound
from concerns.models import Concern, Event
from concerns.queries.own import proven_by_confirmation
from concerns.references import (
    BadReference,
    confirmation_token,
    new_reference,
    pin,
    tracking_token,
)
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


def test_a_new_link_and_pin_are_the_only_ones_that_prove(town):
    old = file(email="rita@people.example").concern
    me = Actor.citizen(old.pk)

    told = renew_proof(actor=town.actor("carl"), concern_id=old.pk)

    now = Concern.objects.get(pk=old.pk)
    assert now.generation == old.generation + 1
    assert told == Proof(reference=old.reference, pin=pin_of(now))
    assert told.pin != pin_of(old)
    assert prove(reference=old.reference, pin=told.pin, network=HOME) == me
    assert prove(reference=old.reference, token=token_of(now), network=HOME) == me
    for lost in ({"token": token_of(old)}, {"pin": pin_of(old)}):
        with pytest.raises(NotFound):
            prove(reference=old.reference, network=HOME, **lost)
    event = Event.objects.latest("pk")
    assert (event.verb, event.concern_ref, event.data) == (Verb.RENEW_PROOF, old.pk, {})


def test_the_old_confirmation_confirms_no_more(town):
    concern = file(email="rita@people.example").concern
    links = [confirmation_token(concern.pk, generation, 1) for generation in (1, 2)]

    renew_proof(actor=town.actor("carl"), concern_id=concern.pk)

    with pytest.raises(NotFound):
        proven_by_confirmation(reference=concern.reference, token=links[0])
    with pytest.raises(NotFound):
        confirm_address(concern_id=concern.pk, token=links[0])
    assert confirm_address(concern_id=concern.pk, token=links[1]).pk == concern.pk


def test_who_was_locked_out_by_anothers_guessing_gets_in_with_the_new_pin(town, concern):
    for _ in range(3):
        guess(concern, ELSEWHERE)
    with pytest.raises(TooManyAttempts):
        prove(reference=concern.reference, pin=pin_of(concern), network=HOME)

    told = renew_proof(actor=town.actor("carl"), concern_id=concern.pk)

    assert prove(reference=concern.reference, pin=told.pin, network=HOME)


def test_only_this_concerns_proofs_are_new(town, concern):
    other = file().concern

    renew_proof(actor=town.actor("carl"), concern_id=concern.pk)

    assert prove(reference=other.reference, token=token_of(other), network=HOME)


@pytest.mark.parametrize("name", ["ada", "max", "alma"])
def test_who_does_not_work_on_it_renews_nothing(town, concern, name):
    with pytest.raises(NotAllowed):
        renew_proof(actor=town.actor(name), concern_id=concern.pk)

    assert Concern.objects.get(pk=concern.pk).generation == 1


def test_the_person_themselves_asks_at_the_desk(concern):
    """Whoever stole the link must not be able to keep its owner out."""
    with pytest.raises(NotAllowed):
        renew_proof(actor=Actor.citizen(concern.pk), concern_id=concern.pk)


def test_what_one_may_not_see_or_does_not_exist_is_not_found(town, concern):
    restrict(actor=town.actor("alma"), ticket_id=concern.placements.get().ticket_id, reason="law")
    for concern_id in (concern.pk, 10**9):
        with pytest.raises(NotFound):
            renew_proof(actor=town.actor("carl"), concern_id=concern_id)

    assert Concern.objects.get(pk=concern.pk).generation == 1


def test_a_new_pin_stands_in_no_traceback(town, concern):
    told = renew_proof(actor=town.actor("carl"), concern_id=concern.pk)

    assert told.pin not in repr(told)
