"""A partner opens its link, reads, answers; whoever has no such link, or an old one, learns nothing."""

import datetime as dt
from uuid import uuid4

import pytest

from common.actor import Actor
from common.clock import today
from concerns.actions.attaching import attach
from concerns.actions.preparing import prepare_due
from concerns.actions.referring import refer
from concerns.actions.waiting import recall
from concerns.enums import State, Verb
from concerns.models import Event, Partner, Referral
from concerns.references import referral_token
from tests.support.files import PDF, store, upload
from tests.support.pages import Visitor
from tests.support.stages import in_progress
from tests.support.town import Town, fresh

__all__ = ["store"]
WORDS = "A manhole cover of yours has sunk."


@pytest.fixture
def filed(town: Town, store):
    names = {"en": "Moor Water", "de": "Moorwasser"}
    Partner.objects.create(key="moor-water", names=names, email="w@moor.example", language="en")
    filed = in_progress(town)
    attach(
        actor=Actor.citizen(filed.concern.pk),
        concern_id=filed.concern.pk,
        uploads=[upload(PDF, "plan.pdf")],
    )
    prepare_due()
    return filed


def passed(town: Town, filed, **more: object) -> str:
    refer(
        actor=town.actor("carl"),
        ticket_id=filed.ticket.pk,
        partner_key="moor-water",
        text=WORDS,
        **more,
    )
    referral = Referral.objects.order_by("-pk")[0]
    return f"/referrals/{referral.key}/{referral_token(referral.pk)}/"


def last(filed) -> Event:
    return Event.objects.filter(ticket=filed.ticket).order_by("-sequence")[0]


def test_a_partner_reads_what_it_needs_and_nothing_of_the_person(
    town: Town, filed, visitor: Visitor
) -> None:
    page = visitor.open(passed(town, filed))

    assert page.heading == filed.ticket.title
    assert WORDS in page.words
    assert "For Moor Water" in page.words
    assert filed.concern.words not in page.words
    assert filed.concern.reference not in page.words
    assert "plan.pdf" not in page.words


def test_done_ends_the_wait_and_the_link(town: Town, filed, visitor: Visitor) -> None:
    address = passed(town, filed)
    page = visitor.open(address)

    page = visitor.press(page, page.form("text"), said="done", text="New cover.")

    assert page.heading == "Thank you. The city has your answer."
    assert fresh(filed.ticket).state == State.IN_PROGRESS
    assert (last(filed).verb, last(filed).data["reported"]) == (Verb.REPORT_BACK, "done")
    again = visitor.open(address)
    assert (again.status, again.heading) == (410, "This link has ended")


def test_a_date_keeps_the_link_open(town: Town, filed, visitor: Visitor) -> None:
    page = visitor.open(passed(town, filed))
    date = (today() + dt.timedelta(days=9)).isoformat()

    page = visitor.press(page, page.form("text"), said="date", date=date)

    assert "Thank you. The city has your answer." in page.words
    assert (last(filed).verb, last(filed).data) == (Verb.PARTNER_WORD, {"date": date})
    page = visitor.press(page, page.form("text"), said="word", text="Two days later.")
    assert (last(filed).verb, [*last(filed).data]) == (Verb.PARTNER_WORD, ["note"])


@pytest.mark.parametrize(
    ("said", "field", "error"),
    [
        ({"said": ""}, "said", "Please choose one."),
        ({"said": "not_ours"}, "text", "Please write something."),
        ({"said": "word"}, "text", "Please write something."),
        ({"said": "date"}, "date", "Please choose a date."),
        (
            {"said": "date", "date": "2020-01-01"},
            "date",
            "Please choose a day from today on, within a year.",
        ),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    town: Town, filed, visitor: Visitor, said: dict[str, str], field: str, error: str
) -> None:
    page = visitor.open(passed(town, filed))
    before = last(filed).pk

    page = visitor.press(page, page.form("text"), **said)

    assert page.status == 422
    assert error in (page.errors.get(f"id_{field}", "") or page.words)
    assert last(filed).pk == before


def test_files_are_had_by_the_link_if_they_go_along(town: Town, filed, visitor: Visitor) -> None:
    address = passed(town, filed, with_files=True)
    page = visitor.open(address)

    got = visitor.client.get(page.links["plan.pdf"])

    assert (got.status_code, b"".join(got.streaming_content)) == (200, PDF)
    assert got["Content-Disposition"].startswith("attachment")
    assert "no-store" in got["Cache-Control"] or "private" in got["Cache-Control"]
    assert visitor.client.get(f"{address}files/{uuid4()}/").status_code == 404


def test_files_that_do_not_go_along_are_not_had(town: Town, filed, visitor: Visitor) -> None:
    found = filed.concern.attachments.get()

    assert visitor.client.get(f"{passed(town, filed)}files/{found.pk}/").status_code == 404


def test_a_guess_and_anothers_proof_open_nothing(town: Town, filed, visitor: Visitor) -> None:
    first = passed(town, filed)
    recall(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Wait.")
    second = passed(town, filed)
    key, proof = second.split("/")[2], first.split("/")[3]

    for address in (
        f"/referrals/{key}/{proof}/",
        f"/referrals/{key}/{'0' * 22}/",
        f"/referrals/{uuid4()}/{proof}/",
    ):
        assert visitor.open(address).status == 404
    assert visitor.open(first).status == 410
    assert visitor.open(second).status == 200


def test_a_late_answer_is_told_that_it_is_late(town: Town, filed, visitor: Visitor) -> None:
    page = visitor.open(passed(town, filed))
    recall(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Done by ourselves.")

    page = visitor.press(page, page.form("text"), said="done")

    assert (page.status, page.heading) == (410, "This link has ended")
