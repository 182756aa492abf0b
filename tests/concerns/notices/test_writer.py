"""What stands in the post office's rows, what it costs, and how it goes on after an interruption."""

import re

import pytest

from concerns.actions.deciding import Answer, resolve
from concerns.actions.joining import join
from concerns.actions.moving import move_placements
from concerns.actions.safeguarding import encircle
from concerns.actions.waiting import ask
from concerns.actions.words import send_message
from concerns.actions.working import accept
from concerns.enums import Channel, Outcome, PlacementReason, Verb
from concerns.models import Concern, Event, Placement
from concerns.notices import TOPIC, recipients
from concerns.notices.writer import NoticeWriter
from concerns.references import FRAME, PIN_MARK, TRACKING_URL_MARK, confirmation_url_mark
from notifications import expansion
from notifications.contents import open_sealed
from notifications.models import Delivery, Envelope
from tests.support.sql import statements
from tests.support.town import file

FIXED = Answer(outcome=Outcome.FIXED, text="The hole is filled.")
WORDS = "zebrafinch"


def ignored(**_told: object) -> None:
    pass


def known(name="rita", words="There is a hole.", **more):
    return file(words, email=f"{name}@people.example", channel=Channel.MAIL, **more)


def bodies():
    for row in Delivery.objects.order_by("pk"):
        yield open_sealed(row.sealed, delivery_id=row.pk)


def writer():
    return NoticeWriter(note_bounce=ignored, note_unreachable=ignored)


def envelope_of(verb):
    return Envelope.objects.get(topic=TOPIC, subject_id=Event.objects.get(verb=verb).pk)


def test_stored_letters_hold_marks_and_no_secrets(post):
    filed = known()
    expansion.expand_due()
    [body] = bodies()

    assert (body.text.count(TRACKING_URL_MARK), body.html.count(TRACKING_URL_MARK)) == (1, 1)
    assert (body.text.count(PIN_MARK), body.html.count(PIN_MARK)) == (1, 1)
    filled = writer().fill(f"concern:{filed.concern.pk}", body.text)
    assert filled != body.text
    assert [sign for sign in FRAME if sign in filled] == []


def test_stored_confirmations_hold_their_mark_only(post):
    file(email="rita@people.example")
    expansion.expand_due()
    [body] = bodies()

    marks = (confirmation_url_mark(1), TRACKING_URL_MARK, PIN_MARK)
    assert [body.text.count(mark) for mark in marks] == [1, 0, 0]
    assert [body.html.count(mark) for mark in marks] == [1, 0, 0]


def test_envelopes_hold_no_words(town, post):
    filed = known(words=f"{WORDS} in the road", name=WORDS)
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    ask(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text=f"{WORDS}?")

    assert [row for row in Envelope.objects.all() if WORDS in str(row.facts)] == []


def test_what_people_wrote_never_leaves(town, post):
    filed = known(words=f"{WORDS} in the road")
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)

    mails = post.out()

    assert len(mails) == 3
    assert [mail for mail in mails if WORDS in mail.subject + mail.text + mail.html] == []


def test_clerks_words_cannot_be_markup_nor_marks(town, post):
    filed = known()
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    post.out()
    text = f"<script>alert(1)</script> & {PIN_MARK}"

    send_message(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text=text)
    mail = post.only()

    assert mail.said(filed.concern)[2] == "<script>alert(1)</script> & pin"
    assert mail.html.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; pin") == 1
    assert mail.html.count("<script") == 0


def test_html_says_its_language_and_the_link_is_whole(post):
    known(language="de")

    html = post.only().html

    assert html.splitlines()[:2] == ["<!DOCTYPE html>", '<html lang="de" dir="ltr">']
    assert html.count('href="https://northmoor.example/concerns/') == 1


def test_a_confidential_matter_is_not_named_in_the_mail(town, post):
    filed = known()
    encircle(actor=town.actor("carl"), ticket_id=filed.ticket.pk, circle_key="personnel")

    mail = post.only()

    assert mail.subject == "Your concern: received"


def test_a_refused_address_is_noted_on_the_ticket(town, post):
    filed = known()
    post.sink.refused.add("rita@people.example")

    post.out()

    bounce = Event.objects.get(verb=Verb.BOUNCE)
    filed.concern.reporter.refresh_from_db()
    assert (bounce.concern_ref, bounce.data) == (filed.concern.pk, {"code": "email 550 5.1.1"})
    assert filed.concern.reporter.undeliverable_since is not None


def test_letters_go_on_behind_the_last_stored_recipient(town, post):
    first = known("rita")
    others = [known(name) for name in ("leo", "mia", "noa")]
    accept(actor=town.actor("carl"), ticket_id=first.ticket.pk)
    for other in others:
        join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=first.ticket.pk)
    resolve(actor=town.actor("carl"), ticket_id=first.ticket.pk, answer=FIXED)
    envelope = envelope_of(Verb.RESOLVE)

    everybody = [letter.recipient for letter in writer().letters(envelope, "")]
    rest = [letter.recipient for letter in writer().letters(envelope, everybody[1])]

    ids = sorted(filed.concern.pk for filed in (first, *others))
    assert everybody == [f"concern:{one}" for one in ids]
    assert rest == everybody[2:]


@pytest.mark.parametrize("people", [1, 30])
def test_a_batch_costs_the_same_whatever_its_size(town, post, people):
    lead = known("lead")
    accept(actor=town.actor("carl"), ticket_id=lead.ticket.pk)
    gather(town, lead, people - 1)
    resolve(actor=town.actor("carl"), ticket_id=lead.ticket.pk, answer=FIXED)
    envelope = envelope_of(Verb.RESOLVE)

    with statements() as said:
        letters = list(writer().letters(envelope, ""))

    assert len(letters) == people
    # The matter, three; the batch, two.
    assert [re.search(r'(?:FROM|INTO) "(\w+)"', sql)[1] for sql in said] == [
        "concerns_ticket",
        "departments_department",
        "concerns_message",
        "concerns_concern",
        "common_viewlog",
    ]


def gather(town, lead, number):
    """Further people on the lead's ticket."""
    for nth in range(number):
        joined = known(f"person{nth}")
        move_placements(joined.ticket, lead.ticket, town.actor("dora"), PlacementReason.JOINED)
    assert Placement.objects.open().filter(ticket=lead.ticket).count() == number + 1


def test_two_batches_reach_everybody_once(town, post, monkeypatch):
    monkeypatch.setattr(recipients, "BATCH", 2)
    lead = known("lead")
    accept(actor=town.actor("carl"), ticket_id=lead.ticket.pk)
    gather(town, lead, 4)
    resolve(actor=town.actor("carl"), ticket_id=lead.ticket.pk, answer=FIXED)

    told = [letter.recipient for letter in writer().letters(envelope_of(Verb.RESOLVE), "")]

    assert told == [f"concern:{one.pk}" for one in Concern.objects.order_by("pk")]


def test_announcing_costs_one_statement(town):
    filed = known()
    with statements() as said:
        accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)

    posted = [sql for sql in said if "notifications_" in sql]
    assert len(posted) == 1
