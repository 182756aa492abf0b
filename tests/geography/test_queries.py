import pytest
from django.db import connection

from geography.errors import OutsideCity
from geography.gazetteer import fold, rank_of
from geography.models import Address, District
from geography.queries import Location, districts_of, find_addresses, locate
from tests.factories.organisation import DistrictFactory
from tests.support.sql import budget

pytestmark = pytest.mark.django_db
LABELS = (
    "Kirchstraße 9",
    "Kirchstraße 10",
    "Kirchstraße",
    "Am Kirchberg",
    "Neue Kirche",
    "Kirchweg",
    "Allee der Kirschen",
    "Hafenstraße 9",
)


def add(*labels: str) -> None:
    for label in labels:
        Address.objects.create(label=label, search=fold(label), rank=rank_of(label), lat=54, lon=-1)


def found(text: str, limit: int = 8) -> list[str]:
    return [address.label for address in find_addresses(text, limit)]


def test_find_addresses_gives_streets_before_houses_and_beginnings_before_the_rest() -> None:
    add(*LABELS)

    assert found("kirch") == [
        "Kirchstraße",
        "Kirchweg",
        "Kirchstraße 10",
        "Kirchstraße 9",
        "Am Kirchberg",
        "Neue Kirche",
    ]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("KIRCHSTR. 9", ["Kirchstraße 9"]),
        ("9 kirchstraße", ["Kirchstraße 9"]),
        ("9", ["Hafenstraße 9", "Kirchstraße 9"]),
        ("berg", []),
        ("am kirch", ["Am Kirchberg"]),
        ("kirche neue", ["Neue Kirche"]),
        ("allee kirschen", ["Allee der Kirschen"]),
        ("%", []),
        ("_irch", []),
        ("& | ! :*", []),
        ("", []),
    ],
)
def test_find_addresses_takes_words_in_any_order(text: str, labels: list[str]) -> None:
    add(*LABELS)

    assert found(text) == labels


def test_find_addresses_gives_no_more_than_asked_for_and_none_twice() -> None:
    add(*LABELS)

    assert found("kirch", 3) == ["Kirchstraße", "Kirchweg", "Kirchstraße 10"]
    assert found("kirchstraße 9", 8) == ["Kirchstraße 9"]


def test_find_addresses_uses_the_indexes() -> None:
    add(*LABELS)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plans: list[str] = []

    def explain(execute, sql, params, many, context):
        with connection.cursor() as cursor:
            cursor.cursor.execute(f"EXPLAIN {sql}", params)
            plans.append("\n".join(row[0] for row in cursor.cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        found("kirch")

    # Where an index can serve, it is taken; where none can, every entry is read even so.
    assert ["Seq Scan on geography_address" in plan for plan in plans] == [False] * 3


def test_districts_of_finds_many_at_once(django_assert_num_queries) -> None:
    harbour = DistrictFactory(key="harbour", box=(-1.0, 54.0, -0.9, 54.1))
    hill = DistrictFactory(key="hill", box=(-0.9, 54.0, -0.8, 54.1))
    places = [(-0.85, 54.05), (-0.95, 54.05), (0.0, 0.0), (-0.95, 54.0)]

    with django_assert_num_queries(1):
        assert districts_of(places) == [hill.pk, harbour.pk, None, harbour.pk]


def test_districts_of_nothing_and_in_no_district() -> None:
    assert districts_of([(-0.85, 54.05)]) == [None]
    assert districts_of([]) == []


def drawn(*, roughly: bool) -> Location:
    """A city of two districts side by side, the eastern one with a quarter; what a place in the quarter belongs to."""
    DistrictFactory(key="town", level="city", box=(7.0, 51.0, 7.2, 51.2), schematic=roughly)
    DistrictFactory(key="west", box=(7.0, 51.0, 7.1, 51.2), schematic=roughly)
    east = DistrictFactory(key="east", box=(7.1, 51.0, 7.2, 51.2), schematic=roughly)
    box = (7.15, 51.1, 7.2, 51.2)
    quarter = DistrictFactory(key="quay", level="quarter", box=box, schematic=roughly)
    return Location(east, quarter)


# 0.9 and 1.1 kilometres: to the east a degree is shorter than to the north.
@pytest.mark.parametrize("place", [(51.15, 7.2128), (51.2081, 7.18)])
def test_a_place_near_a_border_drawn_roughly_belongs_to_the_area_next_to_it(place) -> None:
    quay = drawn(roughly=True)

    with budget(1):
        assert locate(lat=place[0], lon=place[1]) == quay


@pytest.mark.parametrize("place", [(51.15, 7.2158), (51.2099, 7.18), (50.0, 7.1), (51.1, -172.9)])
def test_a_place_farther_away_is_outside(place) -> None:
    drawn(roughly=True)

    with pytest.raises(OutsideCity):
        locate(lat=place[0], lon=place[1])


def test_the_official_border_of_the_city_is_exact_whatever_is_drawn_inside() -> None:
    drawn(roughly=True)
    District.objects.filter(key="town").update(schematic=False)

    with pytest.raises(OutsideCity):
        locate(lat=51.15, lon=7.2001)


def test_near_and_inside_areas_are_not_mixed() -> None:
    drawn(roughly=True)

    assert locate(lat=51.15, lon=7.0999).district == District.objects.get(key="west")
