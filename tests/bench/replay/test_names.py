import pytest

from bench.replay.errors import CannotReplay
from bench.replay.names import Unknown, names_of, plain
from bench.replay.reports import read
from tests.bench.replay.conftest import row, write

LISTED = [
    {"slug": "roads", "parent": None, "name": "Straßen & Wege", "needs_place": False},
    {"slug": "sign", "parent": "roads", "name": "Schilder, Wegweiser", "needs_place": True},
    {"slug": "hints", "parent": None, "name": "Hinweise", "needs_place": False},
    {"slug": "hint", "parent": "hints", "name": "Hinweis", "needs_place": False},
    {"slug": "trees", "parent": None, "name": "Bäume", "needs_place": False},
    {"slug": "tree", "parent": "trees", "name": "Bäume", "needs_place": False},
]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bürgeramt/Bürgerbüro", "Bürgeramt – Bürgerbüro"),
        ("Straßen, Fahrrad & Verkehr", "STRASSEN FAHRRAD VERKEHR"),
        ("Ba\u0308ume", "Bäume"),
    ],
)
def test_names_are_compared_by_their_words(one, other):
    assert plain(one) == plain(other)
    assert plain("Gulli") != plain("Gully")


def test_categories_and_offices_are_found_by_name_the_leaf_before_its_group(reports, folder):
    write(
        reports,
        *(
            row(n, category_child=name)
            for n, name in enumerate(("Schilder / Wegweiser", "Hinweise", "Bäume", "Gulli"))
        ),
    )
    names = names_of(LISTED, folder)

    found = [names.category_of(report) for report in read(reports)]
    assert found == ["sign", "hints", "tree", ""]
    assert names.office_of(read(reports)[0]) == "streets"
    assert names.needing_a_place == {"sign"}


def test_what_the_city_does_not_know_is_counted_and_not_guessed(reports, folder):
    write(
        reports,
        row(1, category_child="Gulli", responsible_office="Streets"),
        row(2, category_child="Gulli", responsible_office=""),
        row(3, category_child="Bäume"),
    )

    unknown = names_of(LISTED, folder).unknown(read(reports))

    assert unknown == Unknown({"Gulli": 2}, {"Streets": 1})


@pytest.mark.parametrize("content", [None, "- {key: a}\n", "[", "7\n"])
def test_a_folder_that_is_no_citys_is_refused(tmp_path, content):
    if content:
        (tmp_path / "departments.yaml").write_text(content)

    with pytest.raises(CannotReplay, match="does not list a city's offices"):
        names_of(LISTED, tmp_path)
