import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geography.gazetteer import HOUSE, PLACE, fold, rank_of

LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=0x17F))


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Friedrich-Engels-Allee 76", "friedrich engels allee 76"),
        ("KÖNIGSTR. 5", "koenigstrasse 5"),
        ("Königstr 5", "koenigstrasse 5"),
        ("koenigstraße 5", "koenigstrasse 5"),
        ("Königstr.5", "koenigstrasse 5"),
        ("Str. des 17. Juni", "strasse des 17 juni"),
        ("Max-Horkheimer-Str.", "max horkheimer strasse"),
        ("Café  Müller", "cafe mueller"),
        ("Mu\u0308hle", "muehle"),
        # Somebody is still typing: «Strand» or «Industriestraße».
        ("Am Str", "am str"),
        ("Industr", "industr"),
        ("Strand 3", "strand 3"),
        (" - ", ""),
        ("", ""),
    ],
)
def test_fold(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text())
def test_fold_leaves_words_of_letters_and_digits_with_single_spaces(text: str) -> None:
    folded = fold(text)

    assert all(word.isalnum() for word in folded.split(" ") if folded)
    assert folded == folded.strip().lower()


@given(LATIN)
def test_fold_of_what_is_folded_is_the_same(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(LATIN)
def test_fold_does_not_mind_case_and_the_form_of_letters(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower())
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.lists(st.sampled_from(["Am", "Brücken", "weg", "Straße", "12", "a"]), min_size=1))
def test_fold_does_not_mind_hyphens_and_wide_spaces(words: list[str]) -> None:
    assert fold("-".join(words)) == fold("  ".join(words)) == fold(" ".join(words))


@pytest.mark.parametrize(
    ("label", "rank"),
    [
        ("Quay Street", PLACE),
        ("Quay Street 5", HOUSE),
        ("Quay Street 12a", HOUSE),
        ("Quay Street 12 b", HOUSE),
        ("Straße des 17. Juni", PLACE),
        ("A46", PLACE),
        ("Town Hall", PLACE),
    ],
)
def test_rank_of(label: str, rank: int) -> None:
    assert rank_of(label) == rank
