"""What people read first, and when they go."""

import pytest
import time_machine

from concerns.actions.contact import confirm_address
from concerns.actions.filing import follow_ticket
from concerns.actions.joining import split
from concerns.actions.voicing import withdraw
from concerns.actions.waiting import ask
from concerns.actions.working import accept
from concerns.enums import Channel
from concerns.models import Concern
from tests.concerns.notices.people import PROOF, RITA, SEE, known
from tests.support.town import file


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        (
            "en",
            "Pothole, Quay Street 5: received",
            [
                "Received. We have your concern and will tell you by 19 November what happens next.",
                "You see at any time where it stands, can add something or withdraw it, here:",
                "LINK",
                PROOF["en"],
            ],
        ),
        (
            "de",
            "Schlagloch, Quay Street 5: eingegangen",
            [
                "Eingegangen. Wir haben Ihr Anliegen erhalten und sagen Ihnen bis 19. November, wie es weitergeht.",
                "Hier sehen Sie jederzeit, wie es steht, können etwas ergänzen oder es zurückziehen:",
                "LINK",
                PROOF["de"],
            ],
        ),
    ],
)
def test_acknowledgement_says_by_when_we_tell_more(post, language, subject, said):
    filed = known(language)

    mail = post.only()

    assert (mail.to, mail.language, mail.subject) == (RITA, language, subject)
    assert mail.said(filed.concern) == said


@pytest.mark.parametrize(
    ("language", "frame"),
    [
        (
            "en",
            [
                "Hello,",
                (
                    "Please do not reply to this e-mail, for nobody would read it. "
                    "Use the link, or call us: 01632 960000."
                ),
                "Northmoor",
                "Reference: {reference}",
            ],
        ),
        (
            "de",
            [
                "Guten Tag,",
                (
                    "Bitte antworten Sie nicht auf diese E-Mail, denn niemand würde es lesen. "
                    "Nutzen Sie den Link oder rufen Sie uns an: 01632 960000."
                ),
                "Northmoor",
                "Aktenzeichen: {reference}",
            ],
        ),
    ],
)
def test_a_letter_ends_with_city_and_reference(post, language, frame):
    filed = known(language)

    lines = [line for line in post.only().text.splitlines() if line]

    assert [lines[0], *lines[-3:]] == [
        line.format(reference=filed.concern.reference) for line in frame
    ]


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        (
            "en",
            "Please confirm your e-mail address (reference REF)",
            [
                "Please confirm that this is your e-mail address.",
                (
                    "Somebody gave it to us with a concern. If that was you, follow the link and press the button: "
                    "then we write to you whenever something happens. Your concern counts already."
                ),
                "You confirm your address here:",
                "CONFIRM",
                "If it was not you, you need not do anything: we will not write to this address again.",
            ],
        ),
        (
            "de",
            "Bitte bestätigen Sie Ihre E-Mail-Adresse (Aktenzeichen REF)",
            [
                "Bitte bestätigen Sie, dass das Ihre E-Mail-Adresse ist.",
                (
                    "Jemand hat sie uns mit einem Anliegen angegeben. Waren Sie das, folgen Sie dem Link und drücken "
                    "Sie den Knopf: Dann schreiben wir Ihnen, sobald sich etwas tut. Ihr Anliegen zählt schon jetzt."
                ),
                "Hier bestätigen Sie Ihre Adresse:",
                "CONFIRM",
                "Waren Sie das nicht, brauchen Sie nichts zu tun: Wir schreiben dann nicht mehr an diese Adresse.",
            ],
        ),
    ],
)
def test_confirmation_asks_for_nothing_but_the_button(post, language, subject, said):
    filed = file(email=RITA, language=language)

    mail = post.only()

    assert mail.subject.replace(filed.concern.reference, "REF") == subject
    assert mail.said(filed.concern) == said


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        (
            "en",
            "Pothole, Quay Street 5: we need an answer from you",
            [
                "Thank you, your e-mail address is confirmed.",
                "We need an answer from you.",
                "What has happened so far:",
                "- 16 November: A department took it up.",
                "- 17 November: We asked you something.",
                SEE["en"],
                "LINK",
                PROOF["en"],
            ],
        ),
        (
            "de",
            "Schlagloch, Quay Street 5: wir brauchen eine Antwort von Ihnen",
            [
                "Danke, Ihre E-Mail-Adresse ist bestätigt.",
                "Wir brauchen eine Antwort von Ihnen.",
                "Was bisher geschehen ist:",
                "- 16. November: Eine Stelle hat die Bearbeitung übernommen.",
                "- 17. November: Wir haben Sie etwas gefragt.",
                SEE["de"],
                "LINK",
                PROOF["de"],
            ],
        ),
    ],
)
def test_condensed_says_where_it_stands_and_what_was_held(town, post, language, subject, said):
    filed = file(email=RITA, language=language)
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    post.out()
    with time_machine.travel("2026-11-17T10:00:00Z"):
        ask(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="Which side?")
        post.out()
        confirm_address(concern_id=filed.concern.pk)
        mail = post.only()

    assert mail.subject == subject
    assert mail.said(filed.concern) == said


def test_a_follower_is_greeted_with_the_present_state(town, post):
    lead = file()
    accept(actor=town.actor("carl"), ticket_id=lead.ticket.pk)
    contact = {"email": RITA}
    followed = follow_ticket(
        actor=town.actor("carl"),
        ticket_id=lead.ticket.pk,
        channel=Channel.PHONE,
        language="en",
        contact=contact,
    )
    post.out()
    confirm_address(concern_id=followed.concern.pk)

    mail = post.only()

    assert mail.subject == "Pothole, Harbour: in progress with Streets"
    assert mail.said(followed.concern)[:2] == [
        "Thank you, your e-mail address is confirmed.",
        "In progress with Streets.",
    ]


def test_who_reports_what_is_known_is_told_that_it_is_handled_together(town, post):
    lead = file()
    accept(actor=town.actor("carl"), ticket_id=lead.ticket.pk)
    carl = town.actor("carl")
    added = file("Deeper now.", email=RITA, channel=Channel.MAIL, actor=carl, onto=lead.ticket.pk)

    mail = post.only()

    assert mail.subject == "Pothole, Quay Street 5: in progress with Streets"
    assert mail.said(added.concern)[:2] == [
        "Handled together with 1 similar report.",
        "In progress with Streets.",
    ]


@pytest.mark.parametrize(
    ("language", "subject", "news"),
    [
        (
            "en",
            "Tree, Quay Street 5: a concern of its own",
            [
                "You told us of two matters, so we handle them apart.",
                "We will tell you by 19 November what happens next with this one; the other goes on as before.",
            ],
        ),
        (
            "de",
            "Tree, Quay Street 5: ein eigenes Anliegen",
            [
                "Sie haben uns zwei Dinge mitgeteilt, deshalb bearbeiten wir sie getrennt.",
                (
                    "Wir sagen Ihnen bis 19. November, wie es mit diesem hier weitergeht; "
                    "das andere läuft weiter wie bisher."
                ),
            ],
        ),
    ],
)
def test_splitting_is_one_mail_with_the_proof_of_the_new_concern(
    town, post, language, subject, news
):
    filed = known(language)
    post.out()

    split(
        actor=town.actor("dora"), concern_id=filed.concern.pk, words="And a tree.", category="tree"
    )
    mail = post.only()

    part = Concern.objects.get(part_of=filed.concern)
    assert mail.subject == subject
    assert mail.said(part) == [*news, SEE[language], "LINK", PROOF[language]]


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        (
            "en",
            "Pothole, Quay Street 5: withdrawn",
            [
                "You have withdrawn your concern.",
                "We send you no more e-mails about it.",
                "Was that a mistake? Then please tell us of it again, here:",
                "https://northmoor.example/",
            ],
        ),
        (
            "de",
            "Schlagloch, Quay Street 5: zurückgezogen",
            [
                "Sie haben Ihr Anliegen zurückgezogen.",
                "Wir schicken Ihnen dazu keine E-Mails mehr.",
                "War das ein Versehen? Dann melden Sie es uns bitte hier noch einmal:",
                "https://northmoor.example/",
            ],
        ),
    ],
)
def test_withdrawing_is_receipted(post, language, subject, said):
    filed = known(language)
    post.out()

    withdraw(concern_id=filed.concern.pk)
    mail = post.only()

    assert (mail.subject, mail.said(filed.concern)) == (subject, said)
