"""What people read at the end, and after it."""

import pytest

from concerns.actions.deciding import Answer, decline, resolve
from concerns.actions.ending import decide_objection, reopen, uphold
from concerns.actions.joining import join
from concerns.actions.voicing import object_to_result
from concerns.enums import Channel, Outcome, Verdict
from concerns.models import Objection
from tests.concerns.notices.people import FIXED, SEE, accepted, resolved
from tests.support.town import file


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        (
            "en",
            "Pothole, Quay Street 5: done",
            [
                "Done: fixed. If that is not right, tell us by 30 November.",
                "Our answer:",
                "The hole is filled.",
                "Are you content with this answer, or not? Tell us by 30 November, here:",
                "LINK",
            ],
        ),
        (
            "de",
            "Schlagloch, Quay Street 5: erledigt",
            [
                "Erledigt: behoben. Stimmt das nicht, sagen Sie es uns bis 30. November.",
                "Unsere Antwort:",
                "The hole is filled.",
                "Sind Sie mit dieser Antwort zufrieden oder nicht? Sagen Sie es uns bis 30. November hier:",
                "LINK",
            ],
        ),
    ],
)
def test_answer_says_how_it_ended_and_until_when_to_object(town, post, language, subject, said):
    filed = accepted(town, post, language)

    resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)
    mail = post.only()

    assert (mail.subject, mail.said(filed.concern)) == (subject, said)


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        (
            "en",
            "Pothole, Quay Street 5: not possible",
            [
                "Not possible: the city is not responsible for this. Responsible: Mere Water.",
                "Our answer:",
                "The pipe is theirs.",
                "You can turn to: Mere Water, 01632 960100, https://water.example/",
                "Are you content with this answer, or not? Tell us by 30 November, here:",
                "LINK",
            ],
        ),
        (
            "de",
            "Schlagloch, Quay Street 5: nicht möglich",
            [
                "Nicht möglich: Die Stadt ist dafür nicht zuständig. Zuständig ist: Mere Water.",
                "Unsere Antwort:",
                "The pipe is theirs.",
                "Wenden Sie sich bitte an: Wasserwerk Mere, 01632 960100, https://water.example/",
                "Sind Sie mit dieser Antwort zufrieden oder nicht? Sagen Sie es uns bis 30. November hier:",
                "LINK",
            ],
        ),
    ],
)
def test_declining_says_why_and_where_to_turn(town, post, language, subject, said):
    filed = accepted(town, post, language)
    answer = Answer(
        outcome=Outcome.NOT_RESPONSIBLE, text="The pipe is theirs.", responsible_body="Mere Water"
    )

    decline(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=answer)
    mail = post.only()

    assert (mail.subject, mail.said(filed.concern)) == (subject, said)


@pytest.mark.parametrize(
    ("language", "subject", "news"),
    [
        (
            "en",
            "Pothole, Quay Street 5: taken up again",
            ["We have taken up your concern again.", "In progress with Streets."],
        ),
        (
            "de",
            "Schlagloch, Quay Street 5: wieder aufgenommen",
            ["Wir haben Ihr Anliegen wieder aufgenommen.", "In Bearbeitung bei Straßenamt."],
        ),
    ],
)
def test_reopening_is_told_without_the_note(town, post, language, subject, news):
    filed = resolved(town, post, language)

    reopen(actor=town.actor("dora"), ticket_id=filed.ticket.pk, reason="It broke again.")
    mail = post.only()

    assert (mail.subject, mail.said(filed.concern)) == (subject, [*news, SEE[language], "LINK"])


@pytest.mark.parametrize(
    ("language", "subject", "news"),
    [
        (
            "en",
            "Pothole, Quay Street 5: we have your objection",
            [
                "We have your objection.",
                "Somebody who did not write the answer decides on it by 23 November and tells you.",
            ],
        ),
        (
            "de",
            "Schlagloch, Quay Street 5: wir haben Ihren Einwand",
            [
                "Wir haben Ihren Einwand erhalten.",
                (
                    "Jemand, der die Antwort nicht geschrieben hat, entscheidet bis 23. November darüber "
                    "und sagt es Ihnen."
                ),
            ],
        ),
    ],
)
def test_objection_is_receipted_with_the_day_of_its_decision(town, post, language, subject, news):
    filed = resolved(town, post, language)

    object_to_result(concern_id=filed.concern.pk, text="The hole is still there.")
    mail = post.only()

    assert (mail.subject, mail.said(filed.concern)) == (subject, [*news, SEE[language], "LINK"])


@pytest.mark.parametrize(
    ("language", "verdict", "news"),
    [
        ("en", Verdict.UPHELD, "Our answer stands."),
        ("en", Verdict.REOPENED, "Your objection was granted: we take up your concern again."),
        ("de", Verdict.UPHELD, "Unsere Antwort bleibt bestehen."),
        (
            "de",
            Verdict.REOPENED,
            "Wir stimmen Ihrem Einwand zu und nehmen Ihr Anliegen wieder auf.",
        ),
    ],
)
def test_decision_says_verdict_and_reasons_in_one_mail(town, post, language, verdict, news):
    filed = resolved(town, post, language)
    objection = object_to_result(concern_id=filed.concern.pk, text="No.")
    post.out()

    decide_objection(
        actor=town.actor("dora"), objection_id=objection.pk, verdict=verdict, text="We looked."
    )
    mail = post.only()

    subjects = {
        "en": "Pothole, Quay Street 5: decision on your objection",
        "de": "Schlagloch, Quay Street 5: Entscheidung über Ihren Einwand",
    }
    reasons = {"en": "Our reasons:", "de": "Unsere Begründung:"}
    assert mail.subject == subjects[language]
    assert mail.said(filed.concern) == [
        news,
        reasons[language],
        "We looked.",
        SEE[language],
        "LINK",
    ]


def test_upholding_for_all_tells_who_objected(town, post):
    filed = resolved(town, post, "en")
    object_to_result(concern_id=filed.concern.pk, text="No.")
    post.out()

    uphold(actor=town.actor("dora"), ticket_id=filed.ticket.pk, text="It is filled.")
    mail = post.only()

    assert mail.said(filed.concern)[:3] == ["Our answer stands.", "Our reasons:", "It is filled."]


def test_an_objection_decided_by_detaching_is_one_mail(town, post):
    filed = resolved(town, post, "en")
    joined = file(email="leo@people.example", channel=Channel.MAIL)
    join(actor=town.actor("dora"), ticket_id=joined.ticket.pk, lead_id=filed.ticket.pk)
    object_to_result(concern_id=joined.concern.pk, text="Not mine.")
    post.out()

    decide_objection(
        actor=town.actor("dora"),
        objection_id=Objection.objects.get().pk,
        verdict=Verdict.DETACHED,
        text="Yours is another hole.",
    )
    mail = post.only()

    assert mail.to == "leo@people.example"
    assert mail.said(joined.concern)[:3] == [
        "Your objection was granted: we take up your concern again, on its own.",
        "Our reasons:",
        "Yours is another hole.",
    ]
