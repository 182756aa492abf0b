"""The link sent to one address confirms no other, and a clerk turns no letters of matters they do not see."""

import pytest
from django.test import Client

from common.actor import Actor
from concerns.actions.contact import confirm_address, correct_contact
from concerns.actions.joining import split
from concerns.actions.safeguarding import encircle
from concerns.errors import NotFound
from concerns.models import Concern, Reporter
from concerns.notices.writer import NoticeWriter
from concerns.queries.own import proven_by_confirmation
from concerns.references import confirmation_token, confirmation_url_mark
from notifications import expansion
from notifications.models import Delivery
from tests.support.town import Town, file

OLD, NEW = "old@people.example", "new@people.example"


def ignored(**_told: object) -> None:
    pass


def moved(town: Town) -> Concern:
    """A concern whose address was corrected after the first link had gone out."""
    concern = file(email=OLD).concern
    return correct_contact(
        actor=Actor.citizen(concern.pk), concern_id=concern.pk, contact={"email": NEW}
    )


def test_the_link_sent_to_the_old_address_proves_and_confirms_nothing(
    town: Town, client: Client
) -> None:
    concern = moved(town)
    old = confirmation_token(concern.pk, 1, 1)

    with pytest.raises(NotFound):
        proven_by_confirmation(reference=concern.reference, token=old)
    with pytest.raises(NotFound):
        confirm_address(concern_id=concern.pk, token=old)
    answered = client.post(f"/concerns/{concern.reference}/confirm/{old}/")

    assert answered.status_code == 404
    assert answered.cookies.get("concern") is None
    assert Reporter.objects.get().address_confirmed_at is None


def test_the_link_sent_to_the_new_address_confirms_it(town: Town, client: Client) -> None:
    concern = moved(town)

    answered = client.post(
        f"/concerns/{concern.reference}/confirm/{confirmation_token(concern.pk, 1, 2)}/"
    )

    assert answered.status_code == 200
    assert Reporter.objects.get().address_confirmed_at is not None


def test_a_letter_under_way_to_the_old_address_carries_no_link_of_the_new_one(town: Town) -> None:
    concern = moved(town)
    writer = NoticeWriter(note_bounce=ignored, note_unreachable=ignored)

    said = writer.fill(f"concern:{concern.pk}", confirmation_url_mark(1))

    assert confirmation_token(concern.pk, 1, 2) not in said
    assert confirmation_token(concern.pk, 1, 1) in said


def test_a_new_address_is_asked_to_confirm(town: Town) -> None:
    moved(town)

    expansion.expand_due()

    # Both envelopes were opened after the correction, so both letters go to the address of today.
    assert list(Delivery.objects.values_list("purpose", "state")) == [
        ("confirmation", "pending"),
        ("confirmation", "pending"),
    ]


def test_the_same_address_again_stays_confirmed(town: Town) -> None:
    concern = file(email=OLD).concern
    confirm_address(concern_id=concern.pk)

    correct_contact(
        actor=Actor.citizen(concern.pk),
        concern_id=concern.pk,
        contact={"email": "Old@people.example", "name": "Rita"},
    )

    reporter = Reporter.objects.get()
    assert (reporter.address_confirmed_at is not None, reporter.address_generation) == (True, 1)


def test_a_clerk_does_not_turn_the_letters_of_a_matter_they_cannot_see(town: Town) -> None:
    whole = file(email=OLD).concern
    second = split(actor=town.actor("dora"), concern_id=whole.pk, words="And the clerk was rude.")
    encircle(actor=town.actor("dora"), ticket_id=second.pk, circle_key="personnel")
    part = Concern.objects.get(part_of=whole)

    correct_contact(actor=town.actor("carl"), concern_id=whole.pk, contact={"email": NEW})

    assert Concern.objects.get(pk=whole.pk).reporter_id != part.reporter_id
    assert Concern.objects.get(pk=part.pk).reporter_id == part.reporter_id
