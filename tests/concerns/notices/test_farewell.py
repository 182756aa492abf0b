"""Whoever loses a concern to another address hears of it at the old one; whoever has a new link, at theirs."""

import pytest

from common.actor import Actor
from common.models import ViewLog
from concerns.actions.contact import confirm_address, correct_contact
from concerns.actions.proving import renew_proof
from concerns.enums import Channel
from concerns.models import Concern, Reporter
from concerns.references import pin, tracking_token
from notifications.models import Envelope
from tests.concerns.notices.people import PROOF, RITA, SEE, known
from tests.support.town import Place, file

NEW = {"email": "thief@people.example"}
WORD = "zebrafinch"


def replaced(filed, contact=NEW):
    owner = Actor.citizen(filed.concern.pk)
    return correct_contact(actor=owner, concern_id=owner.concern_id, contact=contact)


def farewells(mails):
    return [mail for mail in mails if mail.to == RITA]


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        (
            "en",
            "Your e-mail address was replaced",
            [
                "The e-mail address of your concern was changed.",
                "We no longer write to this address about it. If that is right, you need not do anything.",
                "If you did not want that, please tell us at once. How to reach us stands here:",
                "https://northmoor.example/",
            ],
        ),
        (
            "de",
            "Ihre E-Mail-Adresse wurde ersetzt",
            [
                "Die E-Mail-Adresse Ihres Anliegens wurde geändert.",
                "Wir schreiben dazu nicht mehr an diese Adresse. Wenn das so richtig ist, müssen Sie nichts tun.",
                "Wenn Sie das nicht wollten, sagen Sie es uns bitte gleich. Wie Sie uns erreichen, steht hier:",
                "https://northmoor.example/",
            ],
        ),
    ],
)
def test_the_old_address_is_told_shortly(post, language, subject, said):
    filed = known(language)
    post.out()
    replaced(filed)

    [mail] = farewells(post.out())

    word = {"en": "reference", "de": "Aktenzeichen"}[language]
    assert mail.subject == f"{subject} ({word} {filed.concern.reference})"
    assert mail.said(filed.concern) == said


def test_it_holds_no_word_of_the_concern_and_no_way_into_it(post):
    filed = file(
        f"{WORD} words",
        email=RITA,
        name=f"{WORD} name",
        place=Place(address=f"{WORD} place", lat=54.05, lon=-0.95),
        channel=Channel.MAIL,
    )
    post.out()
    replaced(filed)

    [mail] = farewells(post.out())

    secrets = (WORD, "thief", pin(filed.concern.pk, 1), tracking_token(filed.concern.pk, 1))
    for part in (mail.subject, mail.text, mail.html):
        assert [secret for secret in secrets if secret in part] == []


def test_the_new_address_is_asked_to_confirm_as_ever(post):
    filed = known("en")
    post.out()
    replaced(filed)

    assert {mail.to for mail in post.out()} == {RITA, NEW["email"]}


def test_an_address_that_is_only_taken_away_is_told_as_well(post):
    """A thief could take it away first, and put theirs afterwards."""
    filed = known("en")
    post.out()
    replaced(filed, {"phone": "+441632960123"})

    assert [mail.to for mail in post.out()] == [RITA]


def test_who_never_confirmed_is_not_told(post):
    """Somebody else's address, mistyped: nobody there knows of a concern."""
    filed = file(email=RITA)
    post.out()
    replaced(filed)

    assert [mail.to for mail in post.out()] == [NEW["email"]]
    assert Reporter.objects.count() == 1


def test_the_same_address_is_told_nothing(post):
    filed = known("en")
    post.out()
    replaced(filed, {"name": "Rita Rowe", "email": RITA.upper()})

    assert post.out() == []


def test_two_corrections_in_a_row_tell_the_confirmed_address_once(post):
    filed = known("en")
    post.out()
    replaced(filed)
    replaced(filed, {"email": "other@people.example"})

    assert len(farewells(post.out())) == 1


def test_a_correction_by_staff_is_told_too(town, post):
    filed = known("en")
    post.out()
    carl = town.actor("carl")
    correct_contact(actor=carl, concern_id=filed.concern.pk, contact=NEW)

    assert len(farewells(post.out())) == 1
    read = ViewLog.objects.filter(purpose="farewell").values_list("actor_ref", flat=True)
    assert list(read) == [carl.ref]


def test_an_erased_address_is_written_to_no_more(post):
    filed = known("en")
    post.out()
    replaced(filed)
    Reporter.objects.filter(concerns=None).delete()

    assert farewells(post.out()) == []
    assert not Envelope.objects.exclude(state="expanded").exists()


def test_an_address_that_refuses_its_farewell_is_no_bounce_of_the_person(post):
    filed = known("en")
    post.out()
    replaced(filed)
    post.sink.refused.add(RITA)
    post.out()

    concern = Concern.objects.get()
    assert concern.reporter.undeliverable_since is None


@pytest.mark.parametrize(
    ("language", "subject", "news"),
    [
        (
            "en",
            "Pothole, Quay Street 5: a new link and PIN",
            "Your concern has a new link and a new PIN. The old ones no longer work.",
        ),
        (
            "de",
            "Schlagloch, Quay Street 5: neuer Link und neue PIN",
            "Ihr Anliegen hat einen neuen Link und eine neue PIN. Die alten gelten nicht mehr.",
        ),
    ],
)
def test_a_confirmed_address_gets_the_new_link_and_pin(town, post, language, subject, news):
    filed = known(language)
    post.out()

    renew_proof(actor=town.actor("carl"), concern_id=filed.concern.pk)
    mail = post.only()

    assert mail.subject == subject
    # LINK and PIN stand for those of today's generation.
    assert mail.said(filed.concern) == [news, SEE[language], "LINK", PROOF[language]]


def test_an_unconfirmed_address_is_asked_again_and_gets_no_way_in(town, post):
    filed = file(email=RITA)
    post.out()

    renew_proof(actor=town.actor("carl"), concern_id=filed.concern.pk)
    mail = post.only()

    assert mail.subject.startswith("Please confirm your e-mail address")
    assert mail.said(filed.concern).count("CONFIRM") == 1
    assert pin(filed.concern.pk, 2) not in mail.text
    confirm_address(concern_id=filed.concern.pk)
    assert Concern.objects.get().reporter.address_confirmed_at is not None
