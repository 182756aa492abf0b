"""A letter that is written late, or about an old matter, promises no day that has passed."""

import pytest
import time_machine

from concerns.actions.contact import confirm_address
from concerns.actions.deciding import resolve
from concerns.actions.filing import follow_ticket
from concerns.actions.joining import join, split
from concerns.actions.voicing import object_to_result
from concerns.actions.waiting import ask
from concerns.actions.working import accept, schedule
from concerns.enums import Channel
from concerns.models import Concern
from tests.concerns.notices.people import FIXED, accepted, known, resolved
from tests.support.town import file

# Behind every day that was promised on the sixteenth of November.
MUCH_LATER = "2026-12-24T10:00:00Z"
LATER_THIS_WEEK = "2026-11-20T10:00:00Z"


def filed(_town, _post):
    return known("en")


def asked(town, post):
    one = accepted(town, post, "en")
    ask(actor=town.actor("carl"), ticket_id=one.ticket.pk, text="Which side?")
    return one


def answered(town, post):
    one = accepted(town, post, "en")
    resolve(actor=town.actor("carl"), ticket_id=one.ticket.pk, answer=FIXED)
    return one


def planned(town, post):
    one = accepted(town, post, "en")
    day = Concern.objects.get(pk=one.concern.pk).created_at.date()
    schedule(actor=town.actor("carl"), ticket_id=one.ticket.pk, date=day)
    return one


def objected(town, post):
    one = resolved(town, post, "en")
    object_to_result(concern_id=one.concern.pk, text="No.")
    return one


@pytest.mark.parametrize(
    ("happens", "subject", "said"),
    [
        (
            filed,
            "Pothole, Quay Street 5: received",
            ["Received. We have your concern and will tell you what happens next."],
        ),
        (
            asked,
            "Pothole, Quay Street 5: we have a question",
            [
                "We have a question about your concern.",
                "Our question:",
                "Which side?",
                "Please answer here:",
            ],
        ),
        (
            answered,
            "Pothole, Quay Street 5: done",
            [
                "Done: fixed.",
                "Our answer:",
                "The hole is filled.",
                "Are you content with this answer, or not? Tell us here:",
            ],
        ),
        (
            planned,
            "Pothole, Quay Street 5: planned",
            ["It was planned for 16 November; we are setting a new day."],
        ),
        (
            objected,
            "Pothole, Quay Street 5: we have your objection",
            [
                "We have your objection.",
                "Somebody who did not write the answer decides on it and tells you.",
            ],
        ),
    ],
)
def test_a_worker_that_stood_still_promises_nothing_past(town, post, happens, subject, said):
    one = happens(town, post)

    with time_machine.travel(MUCH_LATER):
        mail = next(mail for mail in post.out() if mail.to == "rita@people.example")

    assert (mail.subject, mail.said(one.concern)[: len(said)]) == (subject, said)


def test_who_follows_late_is_promised_nothing_that_others_were(town, post):
    one = known("en")
    post.out()
    with time_machine.travel(LATER_THIS_WEEK):
        follow_ticket(
            actor=town.actor("carl"),
            ticket_id=one.ticket.pk,
            channel=Channel.PHONE,
            language="en",
            contact={"email": "late@people.example"},
        )
        post.out()
        late = Concern.objects.latest("pk")
        confirm_address(concern_id=late.pk)
        mail = post.only()

    assert mail.said(late)[:2] == [
        "Thank you, your e-mail address is confirmed.",
        "In progress with Streets.",
    ]


def test_who_comes_to_a_day_that_has_slipped_reads_so(town, post):
    lead = planned(town, post)
    post.out()
    with time_machine.travel(LATER_THIS_WEEK):
        late = file(email="late@people.example", channel=Channel.MAIL)
        post.out()
        join(actor=town.actor("dora"), ticket_id=late.ticket.pk, lead_id=lead.ticket.pk)
        mail = next(mail for mail in post.out() if mail.to == "late@people.example")

    assert mail.said(late.concern)[1] == "It was planned for 16 November; we are setting a new day."


def test_a_second_matter_split_off_late_is_promised_nothing(town, post):
    one = known("en")
    post.out()
    split(actor=town.actor("dora"), concern_id=one.concern.pk, words="A tree.", category="tree")
    part = Concern.objects.get(part_of=one.concern)

    with time_machine.travel(MUCH_LATER):
        mail = next(mail for mail in post.out() if mail.to == "rita@people.example")

    assert mail.said(part)[1] == "This is about one of them; the other goes on as before."


def test_held_letters_are_told_as_it_stands_on_the_day_of_confirming(town, post):
    one = file(email="rita@people.example")
    accept(actor=town.actor("carl"), ticket_id=one.ticket.pk)
    resolve(actor=town.actor("carl"), ticket_id=one.ticket.pk, answer=FIXED)
    post.out()

    with time_machine.travel(MUCH_LATER):
        confirm_address(concern_id=one.concern.pk)
        mail = post.only()

    assert mail.said(one.concern)[:2] == [
        "Thank you, your e-mail address is confirmed.",
        "Done: fixed.",
    ]
