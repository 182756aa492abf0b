"""Before the last look people are asked, once, whether theirs is known already; whatever they say, nothing is lost."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from concerns.actions.correcting import publish, unpublish
from concerns.actions.filing import Filed
from concerns.actions.joining import join
from concerns.actions.safeguarding import encircle, restrict
from concerns.enums import PlacementReason, Verb
from concerns.models import Attachment, Category, Concern, Event, Placement, Publication, Ticket
from geography.gazetteer import fold
from geography.models import Address
from tests.portal.views.test_filing import begun, on, step_of
from tests.support import stages
from tests.support.files import JPEG, upload
from tests.support.pages import Page, Visitor
from tests.support.sql import statements
from tests.support.town import Town, build_town, file

WORDS = "The hole is deeper now,\n\nmind <b>bikes</b>."
POINT = {"latitude": "54.05", "longitude": "-0.95"}
HEADING = "Is it perhaps known already?"


def released(town: Town, filed: Filed) -> str:
    """The key it is published under."""
    publish(actor=town.actor("dora"), ticket_id=filed.ticket.pk)
    return str(Publication.objects.get(ticket=filed.ticket).key)


@pytest.fixture
def known(town: Town) -> str:
    """A pothole in Quay Street that everybody may know of."""
    return released(town, stages.in_progress(town))


def after_contact(visitor: Visitor, category: str = "pothole", **where: str) -> Page:
    """The page behind the contact step."""
    page = on(visitor, begun(visitor, WORDS), category=category)
    page = on(visitor, page, **(where or POINT))
    return on(visitor, page, name="Rita Roe", email="rita@people.example", publish_words="on")


def say(visitor: Visitor, page: Page, answer: str) -> Page:
    return visitor.press(page, page.form("step"), f"same={answer}")


def sent(visitor: Visitor, page: Page, **more: str) -> Page:
    assert step_of(page) == "check"
    return on(visitor, page, **more)


def test_what_may_be_the_same_is_shown_with_its_reasons(
    town: Town, visitor: Visitor, known: str
) -> None:
    Category.objects.filter(slug="pothole").update(icon="road")

    page = after_contact(visitor)

    assert (page.status, page.heading) == (200, HEADING)
    assert "Pothole, Harbour In progress" in page.words
    assert (
        "Why it may be the same: the same place, the same kind, less than a day ago." in page.words
    )
    assert "by 1 person" in page.words
    assert page.form("step").buttons == [("same", known), ("same", "none"), ("go", "back")]
    assert not Concern.objects.filter(words=WORDS).exists()


def test_it_is_said_in_german(town: Town, known: str) -> None:
    page = after_contact(Visitor(language="de"))

    assert page.heading == "Ist es vielleicht schon bekannt?"
    reasons = "Was dafür spricht: am selben Ort, gleiche Art, vor weniger als einem Tag."
    assert reasons in page.words


def test_nothing_personal_of_others_is_shown(town: Town, visitor: Visitor) -> None:
    lead = file(words="My dog Rex fell in.", name="Zoe Zed", email="zoe@people.example")
    released(town, lead)

    page = after_contact(visitor)

    assert page.heading == HEADING
    for secret in ("Rex", "Zoe", "zoe@", "Quay Street", lead.concern.reference):
        assert secret not in page.html
    assert "54.05" not in page.words


def test_who_is_affected_too_comes_to_it_with_words_and_photos(
    town: Town, visitor: Visitor, known: str
) -> None:
    lead = Publication.objects.get(key=known).ticket
    check = say(visitor, after_contact(visitor), known)
    assert (
        "Known already Change : Known already Handled together with Pothole, Harbour" in check.words
    )

    body = {**check.form("step").fields, "go": "next", "uploads": [upload(JPEG)]}
    visitor.client.post("/report/", body)

    concern = Concern.objects.get(words=WORDS)
    placement = Placement.objects.open().get(concern=concern)
    assert (placement.ticket, placement.reason) == (lead, PlacementReason.ADDED)
    assert Attachment.objects.get().concern == concern
    assert (concern.lat, concern.lon, concern.is_follow) == (54.05, -0.95, False)
    assert concern.reporter is not None
    assert concern.words_consent_at is not None
    assert Ticket.objects.count() == 1
    assert [one.verb for one in Event.objects.filter(concern_ref=concern.pk).order_by("pk")] == [
        Verb.ADDED, Verb.ATTACH,
    ]  # fmt: skip


def test_thanks_give_a_reference_of_ones_own(town: Town, visitor: Visitor, known: str) -> None:
    page = sent(visitor, say(visitor, after_contact(visitor), known))

    concern = Concern.objects.get(words=WORDS)
    assert page.url == f"/concerns/{concern.reference}/done/"
    status = visitor.open(page.links["Show my concern"])
    assert "Handled together with 1 similar report." in status.words


def test_something_else_is_filed_as_ever(town: Town, visitor: Visitor, known: str) -> None:
    check = say(visitor, after_contact(visitor), "none")
    assert "Known already" not in check.words

    page = sent(visitor, check)

    concern = Concern.objects.get(words=WORDS)
    assert page.url == f"/concerns/{concern.reference}/done/"
    assert Placement.objects.get(concern=concern).reason == PlacementReason.FILED
    assert Ticket.objects.count() == 2


def test_it_is_asked_once(town: Town, visitor: Visitor, known: str) -> None:
    check = say(visitor, after_contact(visitor), "none")
    contact = on(visitor, check, "go=back")
    assert step_of(contact) == "contact"

    assert step_of(on(visitor, contact)) == "check"
    where = on(visitor, on(visitor, check, "go=where"), latitude="54.0501")
    assert step_of(on(visitor, where)) == "check"


def test_the_hint_keeps_everything_and_leads_back(town: Town, visitor: Visitor, known: str) -> None:
    page = after_contact(visitor)
    hidden = page.form("step").fields
    assert {name: hidden[name] for name in ("words", "category", "name", "publish_words", "latitude")} == {
        "words": [WORDS], "category": ["pothole"], "name": ["Rita Roe"], "publish_words": ["on"],
        "latitude": ["54.05"],
    }  # fmt: skip

    back = visitor.press(page, page.form("step"), "go=back")

    assert (step_of(back), back.form("step")["email"]) == ("contact", "rita@people.example")
    assert on(visitor, back).heading == HEADING


def test_the_answer_can_be_changed_at_the_last_look(
    town: Town, visitor: Visitor, known: str
) -> None:
    check = say(visitor, after_contact(visitor), known)

    page = visitor.press(check, check.form("step"), "go=hint")
    assert page.heading == HEADING
    check = say(visitor, page, "none")

    assert check.form("step")["same"] == "none"
    sent(visitor, check)
    assert Ticket.objects.count() == 2


def test_cookies_lost_meanwhile_lose_no_answer(town: Town, visitor: Visitor, known: str) -> None:
    page = after_contact(visitor)
    visitor.client.cookies.clear()

    again = say(visitor, page, known)

    assert (again.status, step_of(again), again.form("step")["same"]) == (400, "check", known)
    on(visitor, again)
    assert Ticket.objects.count() == 1


def without_a_place(_town: Town) -> dict[str, str]:
    return {"category": "noise", "address": ""}


def at_an_unknown_place(_town: Town) -> dict[str, str]:
    return {"address": "Behind the third tree"}


def far_away(_town: Town) -> dict[str, str]:
    return {"latitude": "54.06", "longitude": "-0.95"}


def of_another_kind(_town: Town) -> dict[str, str]:
    return {"category": "noise", **POINT}


def for_a_circle(town: Town) -> dict[str, str]:
    # Published though its kind is for a circle: it was categorised before that was so.
    Category.objects.filter(slug="pothole").update(circle=town.circle)
    return POINT


@pytest.mark.parametrize(
    "said", [without_a_place, at_an_unknown_place, far_away, of_another_kind, for_a_circle]
)
def test_nobody_is_asked_without_a_reason(
    town: Town, visitor: Visitor, known: str, said: Callable[[Town], dict[str, str]]
) -> None:
    assert step_of(after_contact(visitor, **said(town))) == "check"


def taken_back(town: Town, filed: Filed) -> None:
    unpublish(actor=town.actor("carl"), ticket_id=filed.ticket.pk)


def made_confidential(town: Town, filed: Filed) -> None:
    encircle(actor=town.actor("tess"), ticket_id=filed.ticket.pk, circle_key=town.circle.key)


def put_under_restriction(town: Town, filed: Filed) -> None:
    restrict(actor=town.actor("alma"), ticket_id=filed.ticket.pk, reason="art18")


def ended(town: Town, filed: Filed) -> None:
    stages.resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=stages.FIXED)


def joined_elsewhere(town: Town, filed: Filed) -> None:
    join(actor=town.actor("carl"), ticket_id=filed.ticket.pk, lead_id=file().ticket.pk)


GONE = [taken_back, made_confidential, put_under_restriction, ended, joined_elsewhere]
Happens = Callable[[Town, Filed], None]


def test_what_was_never_published_is_never_shown(town: Town, visitor: Visitor) -> None:
    stages.in_progress(town)

    assert step_of(after_contact(visitor)) == "check"


@pytest.mark.parametrize("happens", GONE)
def test_what_nobody_may_know_or_join_any_more_is_not_shown(
    town: Town, visitor: Visitor, happens: Happens
) -> None:
    lead = stages.in_progress(town)
    released(town, lead)
    happens(town, lead)

    assert step_of(after_contact(visitor)) == "check"


@pytest.mark.parametrize("happens", GONE)
def test_what_went_while_they_were_asked_is_said_and_loses_no_word(
    town: Town, visitor: Visitor, happens: Happens
) -> None:
    lead = stages.in_progress(town)
    known = released(town, lead)
    page = after_contact(visitor)
    happens(town, lead)

    check = say(visitor, page, known)

    gone = "What you chose It is no longer open. We handle your concern on its own."
    assert gone in check.words
    sent(visitor, check)
    placement = Placement.objects.get(concern__words=WORDS)
    assert (placement.ticket == lead.ticket, placement.reason) == (False, PlacementReason.FILED)


@pytest.mark.parametrize("happens", GONE)
def test_what_went_at_the_last_moment_loses_no_word(
    town: Town, visitor: Visitor, happens: Happens
) -> None:
    lead = stages.in_progress(town)
    known = released(town, lead)
    check = say(visitor, after_contact(visitor), known)
    happens(town, lead)

    done = sent(visitor, check)

    concern = Concern.objects.get(words=WORDS)
    assert done.url == f"/concerns/{concern.reference}/done/"
    placement = Placement.objects.get(concern=concern)
    assert (placement.ticket == lead.ticket, placement.reason) == (False, PlacementReason.FILED)


@pytest.mark.parametrize(
    "tampered", ["8f14e45f-ceea-467f-a5e6-2d0a8f1b3c77", "none'--", "1", "\0", "x" * 5_000]
)
def test_an_answer_nobody_offered_files_on_its_own(
    town: Town, visitor: Visitor, known: str, tampered: str
) -> None:
    check = say(visitor, after_contact(visitor), "none")

    page = on(visitor, check, same=tampered)

    assert page.heading == "Thank you. We have your concern."
    assert Placement.objects.get(concern__words=WORDS).reason == PlacementReason.FILED


def test_a_ticket_that_is_not_published_cannot_be_guessed(
    town: Town, visitor: Visitor, known: str
) -> None:
    hidden = file().ticket
    check = say(visitor, after_contact(visitor), "none")

    on(visitor, check, same=str(hidden.pk))

    assert Placement.objects.get(concern__words=WORDS).ticket_id != hidden.pk
    assert Ticket.objects.get(pk=hidden.pk).concern_count == 1


def test_pressed_twice_it_is_sent_once(town: Town, visitor: Visitor, known: str) -> None:
    check = say(visitor, after_contact(visitor), known)

    first, second = on(visitor, check), on(visitor, check)

    assert first.url == second.url
    assert Concern.objects.filter(words=WORDS).count() == 1


def test_another_answer_is_another_concern(town: Town, visitor: Visitor, known: str) -> None:
    check = say(visitor, after_contact(visitor), known)
    on(visitor, check)
    on(visitor, check, same="none")

    assert Concern.objects.filter(words=WORDS).count() == 2


def test_a_known_address_brings_its_point(town: Town, visitor: Visitor, known: str) -> None:
    Address.objects.create(
        label="Quay Street 5", search=fold("Quay Street 5"), postcode="X1", lat=54.05, lon=-0.95
    )

    assert after_contact(visitor, address="quay street 5").heading == HEADING


def test_at_most_three_are_shown(town: Town, visitor: Visitor) -> None:
    for _nth in range(5):
        released(town, file())

    page = after_contact(visitor)

    assert sum(name == "same" and value != "none" for name, value in page.form("step").buttons) == 3


def test_asking_costs_one_statement(town: Town, visitor: Visitor) -> None:
    def cost(**where: str) -> int:
        page = on(visitor, on(visitor, begun(visitor, WORDS), category="pothole"), **where)
        body = {**page.form("step").fields, "go": "next"}
        with statements() as said:
            visitor.client.post("/report/", body)
        return len(said)

    asked_in_vain = cost(**POINT)
    without = cost(address="Nowhere 1")
    for _nth in range(5):
        released(town, file())

    assert cost(**POINT) <= asked_in_vain <= without + 1


def test_sending_stays_within_fifteen_statements(town: Town, visitor: Visitor, known: str) -> None:
    check = say(visitor, after_contact(visitor), known)
    with statements() as said:
        answer = visitor.client.post("/report/", {**check.form("step").fields, "go": "next"})

    assert answer.status_code == 302
    assert len(said) <= 15, "\n".join(said)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_come_to_the_same_ticket() -> None:
    town = build_town()
    known = released(town, stages.in_progress(town))
    people = [Visitor(), Visitor()]
    pages = [say(one, after_contact(one), known) for one in people]
    start = threading.Barrier(2)

    def press(one: Visitor, page: Page) -> None:
        start.wait()
        try:
            on(one, page)
        finally:
            connections.close_all()

    presses = [
        threading.Thread(target=press, args=pair) for pair in zip(people, pages, strict=True)
    ]
    for each in presses:
        each.start()
    for each in presses:
        each.join()

    ticket = Ticket.objects.get()
    assert (ticket.concern_count, ticket.active_count) == (3, 3)
    verbs = list(ticket.events.order_by("sequence").values_list("verb", flat=True))
    assert verbs[-2:] == [Verb.ADDED, Verb.ADDED]
