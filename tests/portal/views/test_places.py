"""An address becomes a known place where that is clear, and a question where it is not."""

import pytest

from concerns.models import Concern
from geography.gazetteer import fold
from geography.models import Address
from tests.portal.views.test_filing import begun, on, step_of
from tests.support.pages import Page, Visitor
from tests.support.town import Town

PLACES = {"Quay Street": 0, "Quay Street 5": 1, "Quay Street 51": 1, "Quayside Park": 0}


@pytest.fixture
def known(town: Town) -> Town:
    """A gazetteer of four entries, each a little further north."""
    Address.objects.all().delete()
    for nth, (label, rank) in enumerate(PLACES.items()):
        Address.objects.create(
            label=label, search=fold(label), rank=rank, lat=round(54.05 + nth / 1000, 3), lon=-0.95
        )
    return town


def at_where(visitor: Visitor) -> Page:
    return on(visitor, begun(visitor), category="noise")


def sent(visitor: Visitor, page: Page) -> Concern:
    on(visitor, on(visitor, page, email=""))
    return Concern.objects.get()


def test_an_exact_address_brings_its_point_along(known: Town, visitor: Visitor) -> None:
    page = on(visitor, at_where(visitor), address="QUAY street, 5")
    concern = sent(visitor, page)

    assert (concern.address, concern.lat, concern.lon) == ("Quay Street 5", 54.051, -0.95)
    assert concern.district is not None


def test_an_unclear_address_is_asked_about_once(known: Town, visitor: Visitor) -> None:
    asked = on(visitor, at_where(visitor), address="Quay")
    chosen = Address.objects.get(label="Quayside Park")

    assert (asked.status, step_of(asked), asked.errors) == (200, "where", {})
    labels = [
        Address.objects.get(pk=pk).label for pk in asked.form("step").options["candidate"][:-1]
    ]
    assert labels == ["Quay Street", "Quayside Park", "Quay Street 5", "Quay Street 51"]
    concern = sent(visitor, on(visitor, asked, candidate=str(chosen.pk)))
    assert (concern.address, concern.lat) == ("Quayside Park", chosen.lat)


def test_none_of_them_keeps_the_words(known: Town, visitor: Visitor) -> None:
    asked = on(visitor, at_where(visitor), address="Quay")
    concern = sent(visitor, on(visitor, asked, candidate="none"))

    assert (concern.address, concern.lat) == ("Quay", None)


def test_another_address_is_asked_about_afresh(known: Town, visitor: Visitor) -> None:
    asked = on(visitor, at_where(visitor), address="Quay Street 5")
    back = on(visitor, asked, "go=back")
    again = on(visitor, back, address="Quays")

    assert step_of(again) == "where"
    assert len(again.form("step").options["candidate"]) == 2


def test_an_unknown_address_is_taken_as_written(known: Town, visitor: Visitor) -> None:
    concern = sent(visitor, on(visitor, at_where(visitor), address="behind the big oak"))

    assert (concern.address, concern.lat) == ("behind the big oak", None)


def test_a_point_given_by_hand_counts_more_than_the_gazetteer(
    known: Town, visitor: Visitor
) -> None:
    page = on(visitor, at_where(visitor), address="Quay", latitude="54.05", longitude="-0.95")
    concern = sent(visitor, page)

    assert (concern.address, concern.lat, concern.lon) == ("Quay", 54.05, -0.95)


@pytest.mark.parametrize(
    ("asked", "labels"),
    [
        ("quays", ["Quayside Park"]),
        ("QUAY STREET 5", ["Quay Street 5", "Quay Street 51"]),
        ("", []),
        ("%", []),
        ("nowhere", []),
        ("x" * 5000, []),
    ],
)
def test_places_are_suggested_while_typing(
    known: Town, visitor: Visitor, asked: str, labels: list[str]
) -> None:
    answer = visitor.client.get("/places/", {"q": asked})

    assert (answer.status_code, answer.json()) == (200, {"places": labels})


def test_a_flood_of_questions_is_slowed(known: Town, visitor: Visitor, settings) -> None:
    settings.PLACES_PER_NETWORK_PER_HOUR = 2
    answers = [visitor.client.get("/places/?q=quay") for _nth in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
