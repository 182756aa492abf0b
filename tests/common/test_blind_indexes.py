import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import blind_indexes
from common.blind_indexes import (
    candidates,
    email_index,
    phone_index,
    phonetic_index,
    surname_index,
)

OLD = base64.b64encode(b"o" * 32).decode()
NEW = base64.b64encode(b"n" * 32).decode()


@pytest.fixture(autouse=True)
def _one_key(settings):
    settings.INDEX_KEYS = {"k1": OLD}


def test_an_index_is_the_key_id_and_256_bits_in_hex():
    assert re.fullmatch("k1:[0-9a-f]{64}", email_index("anna@example.org"))


@pytest.mark.parametrize(
    "address",
    [
        "ANNA@Example.ORG",
        "  anna@example.org\n",
        "anna@example.org.",
    ],
)
def test_email_index_is_equal_for_one_mailbox(address):
    assert email_index(address) == email_index("anna@example.org")


def test_email_index_is_equal_for_a_domain_in_letters_and_in_punycode():
    assert email_index("anna@Müllabfuhr.example") == email_index("anna@xn--mllabfuhr-q9a.example")


def test_email_index_is_equal_for_composed_and_decomposed_letters():
    assert email_index("j\u00fcrgen@m\u00fcll.example") == email_index(
        "ju\u0308rgen@mu\u0308ll.example"
    )


@pytest.mark.parametrize(
    "other", ["anne@example.org", "anna@example.com", "anna@", "anna", "@example.org"]
)
def test_email_index_differs_for_another_mailbox(other):
    assert email_index(other) != email_index("anna@example.org")


def test_email_index_keeps_domains_apart_that_differ_in_sharp_s():
    assert email_index("anna@straße.example") != email_index("anna@strasse.example")


@pytest.mark.parametrize("domain", ["-bad-.example", "a..b", "x" * 80, "under_score.example"])
def test_email_index_finds_what_was_typed_even_if_the_domain_is_invalid(domain):
    assert email_index(f"anna@{domain}") == email_index(f"Anna@{domain.upper()}")


@pytest.mark.parametrize(
    "number",
    [
        "0202 563-6677",
        "+49 202 5636677",
        "0049 (0)202/563 66 77",
        "(0202) 5636677",
        "tel:+492025636677",
    ],
)
def test_phone_index_is_equal_for_every_way_of_writing_a_number(number):
    assert phone_index(number) == phone_index("+492025636677")


def test_phone_index_reads_a_national_number_in_the_region_given():
    assert phone_index("01 234 567", region="IE") == phone_index("+35312 34567")
    assert phone_index("01 234 567", region="IE") != phone_index("01 234 567", region="AT")


@pytest.mark.parametrize("text", ["", "keine", "@", "1", "+", "0" * 300, "+1 23", "ruf mich an"])
def test_phone_index_of_what_is_no_number_is_empty(text):
    assert phone_index(text) == ""
    assert candidates("phone", text) == []


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Groß", "GROSS"),
        ("Müller", "Mueller"),
        ("M\u00fcller", "Mu\u0308ller"),
        ("von der Heydt", "Von-der-Heydt"),
        ("O'Brien", "O’Brien"),
        ("  Weber ", "weber"),
    ],
)
def test_surname_index_is_equal_for_ways_of_writing_one_name(left, right):
    assert surname_index(left) == surname_index(right)


@pytest.mark.parametrize(
    ("left", "right"), [("Müller", "Muller"), ("René", "Rene"), ("Meier", "Meyer")]
)
def test_surname_index_differs_for_different_names(left, right):
    assert surname_index(left) != surname_index(right)


def test_surname_index_works_in_any_script():
    assert surname_index("محمد") != surname_index("أحمد")
    assert surname_index("محمد") != ""
    assert surname_index("कि") != surname_index("कु")  # only the vowel sign differs
    assert phonetic_index("محمد") == ""


def test_phonetic_index_is_equal_for_names_that_sound_alike():
    assert {phonetic_index(name) for name in ("Meier", "Mayer", "Maier", "Meyer")} == {
        phonetic_index("Meir")
    }
    assert phonetic_index("Meier") != phonetic_index("Müller")


@pytest.mark.parametrize("index", [email_index, phone_index, surname_index, phonetic_index])
def test_nothing_has_no_index(index):
    assert index("") == ""
    assert index("   ") == ""


def test_kinds_are_kept_apart():
    indexes = {candidates(kind, "67")[0] for kind in ("email", "phone")}
    same_text = {
        blind_indexes._index(kind, "67", "k1", b"o" * 32)
        for kind in ("email", "phone", "surname", "phonetic")
    }

    assert len(indexes) == 2
    assert len(same_text) == 4


def test_candidates_find_rows_of_every_configured_key(settings):
    before = email_index("anna@example.org")
    settings.INDEX_KEYS = {"k2": NEW, "k1": OLD}
    after = email_index("anna@example.org")

    assert candidates("email", "Anna@Example.org") == [after, before]
    assert after.startswith("k2:")


@pytest.mark.parametrize(
    ("kind", "index", "value"),
    [
        ("email", email_index, "Anna@Example.org"),
        ("phone", phone_index, "0202 5636677"),
        ("surname", surname_index, "Müller"),
        ("phonetic", phonetic_index, "Müller"),
    ],
)
def test_candidates_of_one_key_are_the_stored_index(kind, index, value):
    assert candidates(kind, value) == [index(value)]


def test_candidates_of_a_phone_number_follow_the_region():
    assert candidates("phone", "01 234 567", region="IE") == [phone_index("+35312 34567")]


@given(text=st.text(max_size=40))
def test_any_text_has_an_index_or_none_and_never_an_error(text):
    for kind in ("email", "phone", "surname", "phonetic"):
        assert [len(index) for index in candidates(kind, text)] in ([], [67])
