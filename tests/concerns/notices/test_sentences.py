"""The public states in words, as ui.md gives them."""

import datetime as dt

import pytest
from django.utils import translation

from concerns.actions.referring import refer
from concerns.actions.voicing import object_to_result, withdraw
from concerns.enums import Outcome, PublicState
from concerns.models import Placement, Ticket
from concerns.publishing import Situation, joined_sentence, standing_sentence, state_sentence
from tests.concerns.notices.people import accepted, known, resolved

DAY = dt.date(2026, 12, 3)
TODAY, YESTERDAY = dt.date(2026, 11, 16), dt.date(2026, 11, 15)


@pytest.mark.parametrize(
    ("state", "situation", "german", "english"),
    [
        (
            PublicState.RECEIVED,
            Situation(date=DAY),
            "Eingegangen. Wir haben Ihr Anliegen erhalten und sagen Ihnen bis 3. Dezember, wie es weitergeht.",
            "Received. We have your concern and will tell you by 3 December what happens next.",
        ),
        (
            PublicState.RECEIVED,
            Situation(),
            "Eingegangen. Wir haben Ihr Anliegen erhalten und sagen Ihnen, wie es weitergeht.",
            "Received. We have your concern and will tell you what happens next.",
        ),
        (
            PublicState.CHECKING,
            Situation(),
            "In Prüfung. Wir klären, wer in der Stadt dafür zuständig ist.",
            "Being checked. We are finding out who in the city is responsible.",
        ),
        (
            PublicState.CHECKING,
            Situation(objected=True),
            "In Prüfung. Über Ihren Einwand entscheidet jemand, der die Antwort nicht geschrieben hat.",
            "Being checked. Somebody who did not write the answer decides on your objection.",
        ),
        (
            PublicState.CHECKING,
            Situation(objected=True, date=DAY),
            "In Prüfung. Über Ihren Einwand entscheidet bis 3. Dezember jemand, der die Antwort nicht geschrieben hat.",
            "Being checked. Somebody who did not write the answer decides on your objection by 3 December.",
        ),
        (PublicState.IN_PROGRESS, Situation(), "In Bearbeitung.", "In progress."),
        (
            PublicState.IN_PROGRESS,
            Situation(department="Straßenamt"),
            "In Bearbeitung bei Straßenamt.",
            "In progress with Straßenamt.",
        ),
        (
            PublicState.IN_PROGRESS,
            Situation(department="Straßenamt", partner="Wasserwerk"),
            "In Bearbeitung: weitergegeben an Wasserwerk.",
            "In progress: passed to Wasserwerk.",
        ),
        (
            PublicState.NEEDS_REPLY,
            Situation(date=DAY),
            "Wir brauchen eine Antwort von Ihnen.",
            "We need an answer from you.",
        ),
        (
            PublicState.SCHEDULED,
            Situation(date=DAY),
            "Eingeplant für 3. Dezember.",
            "Planned for 3 December.",
        ),
        (
            PublicState.SCHEDULED,
            Situation(date=dt.date(2027, 1, 5)),
            "Eingeplant für 5. Januar 2027.",
            "Planned for 5 January 2027.",
        ),
        (PublicState.SCHEDULED, Situation(), "Eingeplant.", "Planned."),
        (
            PublicState.DONE,
            Situation(outcome=Outcome.FIXED, date=DAY),
            "Erledigt: behoben. Stimmt das nicht, sagen Sie es uns bis 3. Dezember.",
            "Done: fixed. If that is not right, tell us by 3 December.",
        ),
        (
            PublicState.DONE,
            Situation(outcome=Outcome.WITHDRAWN),
            "Erledigt: zurückgezogen.",
            "Done: withdrawn.",
        ),
        (PublicState.DONE, Situation(), "Erledigt: abgeschlossen.", "Done: settled."),
        (
            PublicState.NOT_POSSIBLE,
            Situation(outcome=Outcome.NOT_RESPONSIBLE, body="Wasserwerk"),
            "Nicht möglich: Die Stadt ist dafür nicht zuständig. Zuständig ist: Wasserwerk.",
            "Not possible: the city is not responsible for this. Responsible: Wasserwerk.",
        ),
        (
            PublicState.NOT_POSSIBLE,
            Situation(outcome=Outcome.CANNOT_DO),
            "Nicht möglich: Die Stadt kann das nicht tun.",
            "Not possible: the city cannot do this.",
        ),
        (
            PublicState.NOT_POSSIBLE,
            Situation(),
            "Nicht möglich. Den Grund nennt unsere Antwort.",
            "Not possible. Our answer says why.",
        ),
        # A promise holds to the end of its day; of one that has passed nothing is promised.
        (
            PublicState.RECEIVED,
            Situation(date=YESTERDAY),
            "Eingegangen. Wir haben Ihr Anliegen erhalten. Unsere Antwort dauert länger, als wir wollten.",
            "Received. We have your concern. Our answer takes longer than we wanted.",
        ),
        (
            PublicState.CHECKING,
            Situation(objected=True, date=YESTERDAY),
            (
                "In Prüfung. Über Ihren Einwand entscheidet jemand, der die Antwort nicht geschrieben hat. "
                "Das dauert länger, als wir wollten."
            ),
            (
                "Being checked. Somebody who did not write the answer decides on your objection. "
                "It takes longer than we wanted."
            ),
        ),
        (
            PublicState.SCHEDULED,
            Situation(date=TODAY),
            "Eingeplant für 16. November.",
            "Planned for 16 November.",
        ),
        (
            PublicState.SCHEDULED,
            Situation(date=YESTERDAY),
            "Es war für den 15. November eingeplant; wir legen einen neuen Tag fest.",
            "It was planned for 15 November; we are setting a new day.",
        ),
        (
            PublicState.DONE,
            Situation(outcome=Outcome.FIXED, date=YESTERDAY),
            "Erledigt: behoben.",
            "Done: fixed.",
        ),
    ],
)
def test_a_public_state_is_a_sentence_in_both_languages(state, situation, german, english):
    said = {}
    for language in ("de", "en"):
        with translation.override(language):
            said[language] = state_sentence(state, situation)

    assert said == {"de": german, "en": english}


@pytest.mark.parametrize(
    ("count", "german", "english"),
    [
        (0, "", ""),
        (
            1,
            "Wird zusammen mit 1 gleichen Meldung bearbeitet.",
            "Handled together with 1 similar report.",
        ),
        (
            36,
            "Wird zusammen mit 36 gleichen Meldungen bearbeitet.",
            "Handled together with 36 similar reports.",
        ),
    ],
)
def test_joined_counts_the_others(count, german, english):
    said = {}
    for language in ("de", "en"):
        with translation.override(language):
            said[language] = joined_sentence(count)

    assert said == {"de": german, "en": english}


def sentence(filed, state, date=None):
    ticket = Ticket.objects.get(pk=filed.ticket.pk)
    concern = Placement.objects.get(ticket=ticket).concern
    with translation.override("en"):
        return standing_sentence(concern, ticket, state, date=date)


def test_a_withdrawn_concern_says_so(post):
    filed = known("en")
    withdraw(concern_id=filed.concern.pk)

    assert sentence(filed, PublicState.DONE) == "You have withdrawn your concern."


def test_a_partner_is_named_while_it_has_the_matter(town, post):
    filed = accepted(town, post, "en")
    refer(actor=town.actor("carl"), ticket_id=filed.ticket.pk, partner="Mere Water", text="Pipe.")

    assert sentence(filed, PublicState.IN_PROGRESS) == "In progress: passed to Mere Water."


def test_an_objection_under_review_is_not_a_search_for_who_is_responsible(town, post):
    filed = resolved(town, post, "en")
    object_to_result(concern_id=filed.concern.pk, text="No.")

    assert sentence(filed, PublicState.CHECKING, DAY) == (
        "Being checked. Somebody who did not write the answer decides on your objection by 3 December."
    )


def test_spam_is_told_no_outcome_of_others(town, post):
    filed = resolved(town, post, "en")
    filed.concern.standing = "spam"
    filed.concern.save(update_fields=["standing"])

    assert sentence(filed, PublicState.NOT_POSSIBLE) == (
        "Not possible: this was sorted out as misuse."
    )
