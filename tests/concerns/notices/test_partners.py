"""What a partner reads: what we ask, by when, and a link that is in no stored letter; and what staff hear of it."""

import datetime as dt

import pytest

from accounts.enums import NoticeChoice
from common.actor import Actor
from concerns.actions.attaching import attach
from concerns.actions.referring import partner_word, refer, report_back
from concerns.actions.safeguarding import encircle
from concerns.actions.tending import tend
from concerns.actions.waiting import recall
from concerns.enums import State
from concerns.models import Partner, Referral
from concerns.references import referral_token, referral_url
from notifications.contents import open_sealed
from notifications.models import Delivery
from tests.concerns.notices.staff import at_once, choose, readers, said, to_staff
from tests.support.files import PDF, store, upload
from tests.support.stages import in_progress
from tests.support.stories import at
from tests.support.town import fresh

__all__ = ["store"]
ADDRESS = "desk@moor-water.example"
WORDS = "A manhole cover of yours has sunk."


@pytest.fixture
def filed(town, post):
    choose(NoticeChoice.NONE)
    names = {"en": "Moor Water", "de": "Moorwasser"}
    Partner.objects.create(key="moor-water", names=names, email=ADDRESS, language="en")
    filed = in_progress(town)
    post.out()
    return filed


def passed(town, filed, **more):
    key = {"partner_key": "moor-water", "text": WORDS, **more}
    return refer(actor=town.actor("carl"), ticket_id=filed.ticket.pk, **key)


def to_partner(mails):
    return [one for one in mails if one.to == ADDRESS]


def link() -> str:
    referral = Referral.objects.get()
    return referral_url(referral.key, referral_token(referral.pk))


def test_the_partner_reads_what_we_ask_and_gets_the_link(town, post, filed, store):
    concern = filed.concern.pk
    plan = upload(PDF, "plan.pdf")
    attach(actor=Actor.citizen(concern), concern_id=concern, uploads=[plan])
    passed(town, filed, with_files=True)

    [mail] = to_partner(post.out())

    assert mail.subject == "Northmoor asks you to look at: Pothole, Quay Street 5"
    assert WORDS in mail.text
    assert "Somebody told us of a matter that we believe is yours: Pothole, Quay Street 5." in (
        " ".join(mail.text.split())
    )
    assert "Files go along; you find them behind the link." in mail.text
    assert f"Our number: {filed.ticket.pk}" in mail.text
    assert link() in mail.text
    assert link() in mail.html


def test_nothing_of_the_person_goes_to_the_partner(town, post, filed):
    passed(town, filed)

    [mail] = to_partner(post.out())

    assert filed.concern.words not in mail.text
    assert "Files" not in mail.text
    assert filed.concern.reference not in mail.text


def test_the_link_stands_in_no_row(town, post, filed):
    passed(town, filed)
    post.expand()

    [kept] = Delivery.objects.filter(recipient__startswith="partner:")
    letter = open_sealed(kept.sealed, delivery_id=kept.pk)
    assert WORDS in letter.text
    assert referral_token(Referral.objects.get().pk) not in letter.text + letter.html


def test_a_mail_still_under_way_is_not_written_once_the_wait_is_over(town, post, filed):
    passed(town, filed)
    recall(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Done.")

    assert to_partner(post.out()) == []


def test_a_silent_partner_is_reminded_once(town, post, filed):
    passed(town, filed)
    post.out()
    with at(dt.datetime(2026, 12, 1, tzinfo=dt.UTC)):
        tend()
        [mail] = to_partner(post.out())
    with at(dt.datetime(2026, 12, 9, tzinfo=dt.UTC)):
        tend()
        assert to_partner(post.out()) == []

    assert mail.subject == "Reminder from Northmoor: Pothole, Quay Street 5"
    assert "have no answer yet" in mail.text
    assert link() in mail.text


def test_a_subject_names_nothing_confidential(town, post, filed):
    passed(town, filed)
    encircle(actor=town.actor("carl"), ticket_id=filed.ticket.pk, circle_key=town.circle.key)

    [mail] = to_partner(post.out())

    assert mail.subject == "Northmoor asks you to look at: a matter of the city"


def test_a_mailbox_that_refuses_brings_the_ticket_back_and_its_clerk_hears(town, post, filed):
    at_once(town.people["carl"])
    passed(town, filed)
    post.sink.refused.add(ADDRESS)

    post.out()

    assert fresh(filed.ticket).state == State.IN_PROGRESS
    [mail] = to_staff(post.out())
    assert readers([mail]) == ["carl"]


@pytest.mark.parametrize(
    ("answer", "subject", "first"),
    [
        (
            {"date": dt.date(2026, 12, 24)},
            "the partner named a date",
            "The partner means to be done by 24 December. We remind it after that.",
        ),
        ({}, "the partner wrote", "The partner wrote something. It stands on the ticket."),
    ],
)
def test_the_clerk_hears_what_the_partner_says(town, post, filed, answer, subject, first):
    passed(town, filed)
    at_once(town.people["carl"])
    post.out()

    partner = Actor.partner(filed.ticket.pk)
    with at(dt.datetime(2026, 11, 20, tzinfo=dt.UTC)):
        partner_word(actor=partner, ticket_id=filed.ticket.pk, text="Soon.", **answer)
        [mail] = to_staff(post.out())

    assert mail.subject == f"Pothole, Quay Street 5: {subject}"
    assert said(mail)[0] == first


def test_the_clerk_hears_that_it_is_not_the_partners(town, post, filed):
    passed(town, filed)
    at_once(town.people["carl"])
    post.out()

    said_so = {"text": "Ask the canal.", "reported": "not_ours"}
    report_back(actor=Actor.partner(filed.ticket.pk), ticket_id=filed.ticket.pk, **said_so)

    [mail] = to_staff(post.out())
    assert said(mail)[:2] == [
        "The partner reported back. Work can go on.",
        "It says that it is not responsible.",
    ]
