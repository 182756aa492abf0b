"""What may be the same matter, at the REST door."""

import pytest
import time_machine

from concerns.actions.correcting import publish
from tests.support.rest import Rest, pointers_in, program_of
from tests.support.sql import budget
from tests.support.town import Town, file

WORDS = "The lamp before number five is out."
HERE = "lat=54.05&lon=-0.95"


def test_nearby_says_what_is_published_and_why(town: Town) -> None:
    with time_machine.travel("2026-11-20T12:00:00+00:00"):
        one = publish(actor=town.actor("carl"), ticket_id=file(WORDS).ticket.pk)
    with time_machine.travel("2026-11-23T12:00:01+00:00"), budget(2):
        answer = Rest().get(f"nearby/?{HERE}&category=pothole")

    [result] = answer.json()["results"]
    assert result["matter"] == Rest().get(f"published/{one.key}/").json()
    assert (result["metres"], result["score"]) == (0, 0.984)
    assert result["reasons"] == ["the same place", "the same kind", "3 days apart"]


def test_nearby_speaks_german(town: Town) -> None:
    publish(actor=town.actor("carl"), ticket_id=file(WORDS).ticket.pk)

    answer = Rest().get(f"nearby/?{HERE}&category=pothole", Accept_Language="de")

    assert answer.json()["results"][0]["reasons"] == [
        "am selben Ort",
        "gleiche Art",
        "am selben Tag",
    ]


def test_nothing_nearby_is_an_empty_list(town: Town) -> None:
    file(WORDS)

    assert Rest().get(f"nearby/?{HERE}").json() == {"results": []}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("lat=54.05", "lon"),
        ("lat=NaN&lon=0", "lat"),
        ("lat=inf&lon=0", "lat"),
        ("lat=91&lon=0", "lat"),
        ("lat=0&lon=181", "lon"),
        ("lat=north&lon=0", "lat"),
        (f"{HERE}&category=nothing", "category"),
        (f"{HERE}&words=lamp", "words"),
    ],
)
def test_what_cannot_be_looked_up_is_refused_with_its_name(
    town: Town, query: str, field: str
) -> None:
    answer = Rest().get(f"nearby/?{query}")

    assert answer.status_code in (400, 422)
    assert [pointer.strip("/") for pointer, _code in pointers_in(answer)] == [field]


def test_staff_see_tickets_like_theirs_as_in_the_list(town: Town) -> None:
    carl = program_of(town.people["carl"])
    mine, other = file(WORDS).ticket, file(WORDS).ticket

    with budget(6):
        answer = carl.get(f"tickets/{mine.pk}/similar/")

    [result] = answer.json()["results"]
    assert result["ticket"] == next(
        row for row in carl.get("tickets/").json()["results"] if row["id"] == other.pk
    )
    assert result["reasons"] == [
        *("the same place", "the same kind", "the same day", "100 % alike in words")
    ]


def test_who_does_not_see_the_ticket_learns_nothing(town: Town) -> None:
    mine = file(WORDS).ticket

    hidden = program_of(town.people["norman"]).get(f"tickets/{mine.pk}/similar/")

    assert hidden.status_code == 404
    assert Rest().get(f"tickets/{mine.pk}/similar/").status_code == 401
