"""What a person's words point to: the most telling word first, with itself as the reason."""

import pytest

from common.actor import Actor
from concerns.models import Category
from concerns.queries.categories import choosable, guesses
from tests.factories.matters import CategoryFactory, RoutingRuleFactory
from tests.support.sql import budget
from tests.support.town import Town

NAMES = {
    "pothole": ("Pothole or damaged road", "Schlagloch oder Straßenschaden"),
    "dirt": ("Dirty street or footpath", "Straße oder Gehweg verschmutzt"),
    "tree": ("Tree", "Baum"),
    "bin": ("Bin not emptied", "Tonne nicht geleert"),
    "damage": ("Damage caused by the city", "Schaden durch die Stadt"),
    "benefit": ("Question about a social benefit", "Frage zu einer Sozialleistung"),
    "other": ("Something else", "Etwas anderes"),
}


@pytest.fixture
def categories(db: None) -> list[Category]:
    return [
        CategoryFactory(slug=slug, names={"en": english, "de": german})
        for slug, (english, german) in NAMES.items()
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tiefes Schlagloch", [("pothole", "Schlagloch")]),
        ("ein STRASSENSCHADEN", [("pothole", "Straßenschaden"), ("dirt", "Straße")]),
        ("Auf der Straße ist ein Schlagloch.", [("pothole", "Schlagloch"), ("dirt", "Straße")]),
        ("A deep pothole!", [("pothole", "Pothole")]),
        ("Der Baum ist krank", [("tree", "Baum")]),
        ("Purzelbaum", []),
        ("Ich habe eine Frage an die Stadt, etwas stimmt nicht.", []),
        ("Something is not right about it.", []),
        ("Meine Tonne steht noch da", [("bin", "Tonne")]),
        ("", []),
        ("\0 <b>", []),
    ],
)
def test_words_point_to_a_category(
    categories: list[Category], text: str, found: list[tuple[str, str]]
) -> None:
    guessed = guesses(text, categories)

    assert [(guess.category.slug, guess.word) for guess in guessed] == found


def test_keywords_point_to_a_category_too(categories: list[Category]) -> None:
    pothole = next(category for category in categories if category.slug == "pothole")
    pothole.keywords = ["loch", "crater"]

    found = [
        guesses(text, categories) for text in ("Ein Loch im Weg", "CRATERS everywhere", "Moloch")
    ]

    words = [[(guess.category.slug, guess.word) for guess in guessed] for guessed in found]
    assert words == [[("pothole", "loch")], [("pothole", "crater")], []]


def test_categories_are_offered_in_the_order_of_the_file(db: None) -> None:
    for slug, position in (("a", 3), ("b", 1), ("c", 2)):
        CategoryFactory(slug=slug, position=position)

    assert [category.slug for category in choosable(Actor.anonymous())] == ["b", "c", "a"]


def test_at_most_three_are_guessed(categories: list[Category]) -> None:
    text = "Schlagloch, Straße, Tonne, Sozialleistung"

    assert [guess.category.slug for guess in guesses(text, categories)] == [
        "benefit",
        "pothole",
        "dirt",
    ]


def test_keyword_of_a_rule_is_no_guess(town: Town) -> None:
    """It tells departments of one category apart, not categories."""
    RoutingRuleFactory(
        key="rubbish",
        category=town.categories["tree"],
        keywords=["rubbish"],
        department=town.office("order"),
    )

    assert guesses("There is rubbish everywhere", choosable(Actor.anonymous())) == []


def test_guessing_asks_the_database_nothing(categories: list[Category]) -> None:
    with budget(0):
        guesses("tiefes Schlagloch", categories)


def test_people_choose_among_public_leaves_of_today(town: Town) -> None:
    parent = CategoryFactory(slug="parent")
    CategoryFactory(slug="child", parent=parent)
    CategoryFactory(slug="gone", retired=True)

    chosen = {category.slug for category in choosable(Actor.anonymous())}

    assert {"child", "pothole"} <= chosen
    assert not {"parent", "gone", "it-incident"} & chosen
    assert "it-incident" in {category.slug for category in choosable(town.actor("carl"))}
