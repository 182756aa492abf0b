"""What people read while work goes on."""

import datetime as dt

import pytest
import time_machine

from concerns.actions.joining import detach, join
from concerns.actions.referring import refer
from concerns.actions.responsibility import transfer
from concerns.actions.waiting import ask, remind_or_expire
from concerns.actions.words import send_message
from concerns.actions.working import accept, schedule
from concerns.enums import Channel
from tests.concerns.notices.people import RITA, SEE, accepted, known
from tests.support.town import file


@pytest.mark.parametrize(
    ("language", "subject", "news"),
    [
        ("en", "Pothole, Quay Street 5: in progress with Streets", "In progress with Streets."),
        (
            "de",
            "Schlagloch, Quay Street 5: in Bearbeitung bei Straßenamt",
            "In Bearbeitung bei Straßenamt.",
        ),
    ],
)
def test_accepting_names_the_department(town, post, language, subject, news):
    filed = known(language)
    post.out()

    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    mail = post.only()

    assert (mail.subject, mail.said(filed.concern)) == (subject, [news, SEE[language], "LINK"])


def test_a_transfer_after_acceptance_names_the_new_department(town, post):
    filed = accepted(town, post, "en")
    to = town.office("parks").pk

    transfer(actor=town.actor("carl"), ticket_id=filed.ticket.pk, department_id=to, reason="Trees.")

    assert post.only().said(filed.concern)[0] == "In progress with Parks."


@pytest.mark.parametrize(
    ("language", "subject", "news"),
    [
        (
            "en",
            "Pothole, Quay Street 5: passed to Mere Water",
            [
                "In progress: passed to Mere Water.",
                "We ask there until we have an answer, and tell you.",
            ],
        ),
        (
            "de",
            "Schlagloch, Quay Street 5: weitergegeben an Mere Water",
            [
                "In Bearbeitung: weitergegeben an Mere Water.",
                "Wir fragen dort nach, bis wir eine Antwort haben, und sagen sie Ihnen.",
            ],
        ),
    ],
)
def test_referring_names_the_partner_and_not_the_note(town, post, language, subject, news):
    filed = accepted(town, post, language)

    refer(
        actor=town.actor("carl"),
        ticket_id=filed.ticket.pk,
        partner="Mere Water",
        text="Their pipe.",
    )
    mail = post.only()

    assert (mail.subject, mail.said(filed.concern)) == (subject, [*news, SEE[language], "LINK"])


@pytest.mark.parametrize(
    ("language", "subject", "news"),
    [
        ("en", "Pothole, Quay Street 5: planned for 3 December", "Planned for 3 December."),
        (
            "de",
            "Schlagloch, Quay Street 5: eingeplant für 3. Dezember",
            "Eingeplant für 3. Dezember.",
        ),
    ],
)
def test_scheduling_names_the_date(town, post, language, subject, news):
    filed = accepted(town, post, language)

    schedule(actor=town.actor("carl"), ticket_id=filed.ticket.pk, date=dt.date(2026, 12, 3))
    mail = post.only()

    assert (mail.subject, mail.said(filed.concern)) == (subject, [news, SEE[language], "LINK"])


@pytest.mark.parametrize(
    ("language", "subject", "news"),
    [
        (
            "en",
            "Pothole, Quay Street 5: planned for 5 January 2027",
            [
                "Planned for 5 January 2027.",
                "The date we told you before, 3 December, no longer holds.",
            ],
        ),
        (
            "de",
            "Schlagloch, Quay Street 5: eingeplant für 5. Januar 2027",
            [
                "Eingeplant für 5. Januar 2027.",
                "Der Termin, den wir Ihnen vorher genannt haben (3. Dezember), gilt nicht mehr.",
            ],
        ),
    ],
)
def test_rescheduling_takes_the_old_date_back(town, post, language, subject, news):
    filed = accepted(town, post, language)
    carl = town.actor("carl")
    schedule(actor=carl, ticket_id=filed.ticket.pk, date=dt.date(2026, 12, 3))
    post.out()

    schedule(actor=carl, ticket_id=filed.ticket.pk, date=dt.date(2027, 1, 5), reason="Frost.")
    mail = post.only()

    assert (mail.subject, mail.said(filed.concern)) == (subject, [*news, SEE[language], "LINK"])


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        (
            "en",
            "Pothole, Quay Street 5: we have a question",
            [
                "We have a question about your concern.",
                "Our question:",
                "Which side of the road?",
                "Please answer by 30 November, here:",
                "LINK",
            ],
        ),
        (
            "de",
            "Schlagloch, Quay Street 5: wir haben eine Frage",
            [
                "Wir haben eine Frage zu Ihrem Anliegen.",
                "Unsere Frage:",
                "Which side of the road?",
                "Bitte antworten Sie bis 30. November hier:",
                "LINK",
            ],
        ),
    ],
)
def test_question_carries_the_clerks_words_and_a_day(town, post, language, subject, said):
    filed = accepted(town, post, language)

    ask(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="Which side of the road?")
    mail = post.only()

    assert (mail.subject, mail.said(filed.concern)) == (subject, said)


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        (
            "en",
            "Pothole, Quay Street 5: our question is still open",
            [
                "We still need your answer to a question about your concern.",
                "Our question:",
                "Which side?",
                "Without your answer we decide with what we know.",
                "Please answer by 8 December, here:",
                "LINK",
            ],
        ),
        (
            "de",
            "Schlagloch, Quay Street 5: unsere Frage ist noch offen",
            [
                "Wir brauchen noch Ihre Antwort auf eine Frage zu Ihrem Anliegen.",
                "Unsere Frage:",
                "Which side?",
                "Ohne Ihre Antwort entscheiden wir mit dem, was wir wissen.",
                "Bitte antworten Sie bis 8. Dezember hier:",
                "LINK",
            ],
        ),
    ],
)
def test_reminder_repeats_the_question(town, post, language, subject, said):
    filed = accepted(town, post, language)
    ask(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="Which side?")
    post.out()

    with time_machine.travel("2026-12-01T10:00:00Z"):
        remind_or_expire(ticket_id=filed.ticket.pk)
        mail = post.only()

    assert (mail.subject, mail.said(filed.concern)) == (subject, said)


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        (
            "en",
            "Pothole, Quay Street 5: a message for you",
            [
                "We have a message about your concern.",
                "Our message:",
                "We were there.",
                "You can write back here:",
                "LINK",
            ],
        ),
        (
            "de",
            "Schlagloch, Quay Street 5: eine Nachricht für Sie",
            [
                "Wir haben eine Nachricht zu Ihrem Anliegen.",
                "Unsere Nachricht:",
                "We were there.",
                "Hier können Sie zurückschreiben:",
                "LINK",
            ],
        ),
    ],
)
def test_message_carries_the_clerks_words(town, post, language, subject, said):
    filed = accepted(town, post, language)

    send_message(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="We were there.")
    mail = post.only()

    assert (mail.subject, mail.said(filed.concern)) == (subject, said)


@pytest.mark.parametrize(
    ("language", "subject", "news"),
    [
        (
            "en",
            "Pothole, Quay Street 5: handled together with similar reports",
            ["Handled together with 1 similar report.", "In progress with Streets."],
        ),
        (
            "de",
            "Schlagloch, Quay Street 5: wird zusammen mit gleichen Meldungen bearbeitet",
            [
                "Wird zusammen mit 1 gleichen Meldung bearbeitet.",
                "In Bearbeitung bei Straßenamt.",
            ],
        ),
    ],
)
def test_joining_says_that_others_reported_the_same(town, post, language, subject, news):
    filed = known(language)
    lead = file()
    post.out()

    join(actor=town.actor("dora"), ticket_id=filed.ticket.pk, lead_id=lead.ticket.pk)
    mail = post.only()

    assert (mail.subject, mail.said(filed.concern)) == (subject, [*news, SEE[language], "LINK"])


@pytest.mark.parametrize(
    ("language", "subject", "news"),
    [
        (
            "en",
            "Pothole, Quay Street 5: handled on its own",
            [
                "We handle your concern on its own from now on.",
                "Being checked. We are finding out who in the city is responsible.",
            ],
        ),
        (
            "de",
            "Schlagloch, Quay Street 5: gesondert bearbeitet",
            [
                "Wir bearbeiten Ihr Anliegen ab jetzt gesondert.",
                "In Prüfung. Wir klären, wer in der Stadt dafür zuständig ist.",
            ],
        ),
    ],
)
def test_detaching_is_told_to_who_leaves(town, post, language, subject, news):
    filed = known(language)
    lead = file(email="leo@people.example", channel=Channel.MAIL)
    join(actor=town.actor("dora"), ticket_id=filed.ticket.pk, lead_id=lead.ticket.pk)
    post.out()

    detach(actor=town.actor("dora"), ticket_id=filed.ticket.pk)
    mail = post.only()

    assert (mail.to, mail.subject) == (RITA, subject)
    assert mail.said(filed.concern) == [*news, SEE[language], "LINK"]
