import itertools
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns import references
from concerns.errors import Invalid
from concerns.references import ALPHABET, BadReference, Fault, new_reference, normalise

KNOWN = "K7M-4QX-9R1"
OLD, NEW = "b2xk" * 10 + "b28=", "bmV3" * 10 + "bm4="

random_signs = st.text(alphabet=ALPHABET, min_size=8, max_size=8)


def reference_of(signs):
    return references._grouped(signs + references._check_sign(signs))


def with_sign(reference, position, sign):
    return f"{reference[:position]}{sign}{reference[position + 1 :]}"


def fault_of(text):
    with pytest.raises(BadReference) as refusal:
        normalise(text)
    return refusal.value.fault


def test_new_reference_is_three_groups_of_three_and_reads_back_as_itself():
    for _ in range(1000):
        reference = new_reference()
        assert re.fullmatch("(?:[0-9AC-HJKMNP-RTV-Y]{3}-){2}[0-9AC-HJKMNP-RTV-Y]{3}", reference)
        assert normalise(reference) == reference


def test_new_reference_uses_every_sign_in_every_place_about_equally():
    drawn = [new_reference().replace("-", "") for _ in range(5000)]

    for position in range(9):
        counts = Counter(reference[position] for reference in drawn)
        assert set(counts) == set(ALPHABET)
        assert max(counts.values()) < 5000 / 29 * 1.5


def test_new_reference_does_not_repeat():
    assert len({new_reference() for _ in range(5000)}) == 5000


def test_the_alphabet_has_a_prime_number_of_signs_and_one_of_each_look_alike():
    assert len(ALPHABET) == 29
    assert set(ALPHABET) | set("OILZSBU") == set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_the_check_sign_catches_every_single_wrong_sign():
    base = KNOWN.replace("-", "")
    for position, sign in itertools.product(range(9), ALPHABET):
        if sign != base[position]:
            assert fault_of(with_sign(base, position, sign)) is Fault.CHECK


def test_the_check_sign_catches_every_swap_of_every_two_signs_in_every_place():
    for left, right in itertools.combinations(range(9), 2):
        for one, other in itertools.permutations(ALPHABET, 2):
            signs = reference_with({left: one, right: other})
            swapped = with_sign(with_sign(signs, left, other), right, one)
            assert normalise(signs)
            assert fault_of(swapped) is Fault.CHECK


def reference_with(wanted):
    """A valid reference that holds the wanted signs; a free place makes the check sign fit."""
    free = next(place for place in range(9) if place not in wanted)
    for sign in ALPHABET:
        signs = "".join({free: sign, **wanted}.get(place, "7") for place in range(9))
        if references._check_sign(signs[:8]) == signs[8]:
            return signs
    raise AssertionError(wanted)


@given(signs=random_signs, position=st.integers(0, 8), sign=st.sampled_from(ALPHABET))
def test_a_wrong_sign_is_caught_in_any_reference(signs, position, sign):
    base = reference_of(signs).replace("-", "")
    wrong = with_sign(base, position, sign)

    assert wrong == base or fault_of(wrong) is Fault.CHECK


@pytest.mark.parametrize(
    "typed",
    [
        "k7m-4qx-9r1",
        "K7M4QX9R1",
        " k7m 4qx 9r1 ",
        "K7M–4QX—9R1",
        "#K7M.4QX/9R1",
        "K7M-4QX-9RI",
        "K7M-4QX-9Rl",
        "K7M-4QX-9R1",
        "K7M\n4QX\t9R1",
    ],
)
def test_normalise_forgives_case_spacing_and_look_alikes(typed):
    assert normalise(typed) == KNOWN


@given(signs=random_signs)
def test_normalise_takes_each_look_alike_for_its_sign(signs):
    reference = reference_of(signs)
    misread = reference.translate(str.maketrans("011258V", "OILZSBU"))

    assert normalise(misread) == reference
    assert normalise(misread.lower()) == reference


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", Fault.LENGTH),
        ("---", Fault.LENGTH),
        ("K7M-4QX-9R", Fault.LENGTH),
        ("K7M-4QX-9R11", Fault.LENGTH),
        ("7" * 1_000_000, Fault.LENGTH),
        ("K7M-4QX-9R!", Fault.CHARACTER),
        ("K7M-4QX-9RÄ", Fault.CHARACTER),
        ("K7M-4QX-9R\0", Fault.CHARACTER),
        ("K7M-4QX-9R\ud800", Fault.CHARACTER),
        ("K7M-4QX-9R2", Fault.CHECK),
    ],
)
def test_normalise_says_which_kind_of_error_it_is(typed, fault):
    assert fault_of(typed) is fault


def test_a_bad_reference_is_invalid_input_with_words_for_people():
    with pytest.raises(Invalid) as refusal:
        normalise("K7M-4QX-9R2")

    assert refusal.value.field == "reference"
    assert str(refusal.value.message).startswith("This reference does not exist: ")


@given(typed=st.text(max_size=70))
def test_normalise_of_any_text_gives_a_reference_or_a_known_fault(typed):
    try:
        reference = normalise(typed)
    except BadReference:
        return
    assert normalise(reference) == reference


def confirmation_token(concern_id, generation):
    return references.confirmation_token(concern_id, generation, 1)


def confirmation_matches(concern_id, generation, token):
    return references.confirmation_matches(concern_id, generation, 1, token)


@pytest.mark.parametrize("derive", [references.tracking_token, confirmation_token])
def test_tokens_are_22_url_safe_signs_and_always_the_same(derive):
    assert re.fullmatch("[A-Za-z0-9_-]{22}", derive(17, 1))
    assert derive(17, 1) == derive(17, 1)


def test_proofs_differ_by_purpose_concern_and_generation():
    pairs = [(1, 11), (11, 1), (1, 1), (111, 1), (2, 1), (1, 2)]
    derived = [
        derive(*pair)
        for derive in (references.tracking_token, confirmation_token)
        for pair in pairs
    ]

    assert len(set(derived)) == len(derived)


def test_pins_are_six_digits_spread_evenly():
    pins = [references.pin(concern_id, 1) for concern_id in range(20_000)]

    assert {len(pin) for pin in pins} == {6}
    assert all(pin.isdecimal() for pin in pins)
    leading = Counter(pin[0] for pin in pins)
    assert set(leading) == set("0123456789")
    assert 1800 < min(leading.values()) <= max(leading.values()) < 2200
    assert len(set(pins)) > 19_600


@pytest.mark.parametrize(
    ("derive", "matches"),
    [
        (references.tracking_token, references.token_matches),
        (confirmation_token, confirmation_matches),
        (references.pin, references.pin_matches),
    ],
)
def test_a_proof_holds_for_its_concern_and_generation_only(derive, matches):
    proof = derive(17, 3)

    assert matches(17, 3, proof) is True
    assert matches(18, 3, proof) is False
    assert matches(17, 4, proof) is False
    assert matches(17, 2, proof) is False
    for wrong in ("", proof[:-1], proof + "=", proof + "0", "ä" * len(proof), "\ud800", "\0"):
        assert matches(17, 3, wrong) is False


def test_a_tracking_token_confirms_nothing_and_the_reverse():
    assert not references.confirmation_matches(17, 1, 1, references.tracking_token(17, 1))
    assert not references.token_matches(17, 1, references.confirmation_token(17, 1, 1))


def test_a_confirmation_token_holds_for_one_address_only():
    token = references.confirmation_token(17, 1, 2)

    assert references.confirmation_matches(17, 1, 2, token)
    assert not references.confirmation_matches(17, 1, 1, token)
    assert not references.confirmation_matches(17, 1, 3, token)


def test_a_pin_is_right_with_spaces_and_in_another_scripts_digits():
    pin = references.pin(17, 1)

    assert references.pin_matches(17, 1, f" {pin[:3]} {pin[3:]}\n")
    assert references.pin_matches(17, 1, "".join(chr(0x0660 + int(digit)) for digit in pin))


@pytest.mark.parametrize(
    ("derive", "matches"),
    [
        (references.tracking_token, references.token_matches),
        (confirmation_token, confirmation_matches),
        (references.pin, references.pin_matches),
    ],
)
def test_a_proof_of_the_older_key_holds_until_that_key_is_removed(settings, derive, matches):
    settings.TOKEN_KEYS = {"2026": OLD}
    before = derive(17, 1)
    settings.TOKEN_KEYS = {"2027": NEW, "2026": OLD}
    after = derive(17, 1)

    assert before != after
    assert matches(17, 1, before) is True
    assert matches(17, 1, after) is True
    settings.TOKEN_KEYS = {"2027": NEW}
    assert matches(17, 1, before) is False
    assert matches(17, 1, after) is True


def test_urls_name_reference_and_token(settings):
    settings.PUBLIC_URL = "https://anliegen.example"

    assert (
        references.tracking_url(KNOWN, "tok")
        == "https://anliegen.example/concerns/K7M-4QX-9R1/t/tok/"
    )
    assert (
        references.confirmation_url(KNOWN, "tok")
        == "https://anliegen.example/concerns/K7M-4QX-9R1/confirm/tok/"
    )


def test_fill_marks_puts_the_derived_secrets_in_place_of_every_mark(settings):
    settings.PUBLIC_URL = "https://anliegen.example"
    letter = (
        f"PIN {references.PIN_MARK}, {references.TRACKING_URL_MARK} and again "
        f"{references.PIN_MARK} / {references.confirmation_url_mark(2)}"
    )

    filled = references.fill_marks(letter, reference=KNOWN, concern_id=17, generation=1)

    pin = references.pin(17, 1)
    tracking = f"https://anliegen.example/concerns/{KNOWN}/t/{references.tracking_token(17, 1)}/"
    confirm = f"https://anliegen.example/concerns/{KNOWN}/confirm/{references.confirmation_token(17, 1, 2)}/"
    assert filled == f"PIN {pin}, {tracking} and again {pin} / {confirm}"


def test_words_that_hold_a_mark_are_harmless_after_defusing():
    for mark in (
        references.PIN_MARK,
        references.TRACKING_URL_MARK,
        references.confirmation_url_mark(1),
    ):
        for words in (mark, f"\ufdd0{mark}\ufdd1", mark[:3] + mark + mark[3:]):
            defused = references.defuse(words)
            filled = references.fill_marks(defused, reference=KNOWN, concern_id=17, generation=1)
            assert filled == defused


@given(left=st.text(max_size=30), right=st.text(max_size=30))
def test_defused_words_beside_each_other_never_make_a_mark(left, right):
    text = references.defuse(left) + references.defuse(right)

    assert references.fill_marks(text, reference=KNOWN, concern_id=17, generation=1) == text


def test_defuse_leaves_what_people_write_alone():
    words = "Schlagloch {{pin}} {{tracking-url}} – „Größe“ 🕳️ محمد <b>&amp;</b>"

    assert references.defuse(words) == words
