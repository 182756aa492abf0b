"""Before an employee files, they are asked whether it is known; they see no more of it than they may."""

from collections.abc import Callable

import pytest

from concerns.actions.correcting import publish, unpublish
from concerns.actions.filing import Filed
from concerns.actions.joining import join
from concerns.actions.safeguarding import encircle, restrict
from concerns.enums import PlacementReason, Verb
from concerns.models import Category, Concern, Event, Placement, Ticket
from concerns.references import pin
from geography.gazetteer import fold
from geography.models import Address
from tests.support import stages
from tests.support.pages import Page, Visitor
from tests.support.sql import statements
from tests.support.town import HARBOUR, Town, file
from tests.workspace.conftest import Desk

WORDS = "The caller says:\n\n a hole, “nearly fell”."
HEADING = "Is it perhaps known already?"
CALLER = {"name": "Rita Roe", "phone": "01632 960123", "language": "de"}


@pytest.fixture(autouse=True)
def _known_address(town: Town) -> None:
    Address.objects.create(
        label="Quay Street 5",
        search=fold("Quay Street 5"),
        postcode="X1",
        lat=HARBOUR.lat,
        lon=HARBOUR.lon,
    )


def taken_down(visitor: Visitor, category: str = "pothole", **more: str) -> Page:
    """The page behind the form, with nothing left to fill in."""
    page = visitor.open("/workspace/new/")
    said = {"words": WORDS, "category": category, "address": "Quay Street 5", **CALLER, **more}
    page = visitor.press(page, page.form("once"), **said)
    return visitor.press(page, page.form("once"))


def answered(visitor: Visitor, page: Page, answer: object) -> Page:
    return visitor.press(page, page.form("once"), f"same={answer}")


def offered(page: Page) -> list[str]:
    return [value for name, value in page.form("once").buttons if name == "same"]


def test_what_the_clerk_sees_is_shown_with_its_reasons(town: Town, desk: Desk) -> None:
    lead = stages.in_progress(town)

    page = taken_down(desk("carl"))

    assert (page.status, page.heading) == (200, HEADING)
    assert offered(page) == [str(lead.ticket.pk), "none"]
    assert (
        "Why it may be the same: the same place, the same kind, less than a day ago" in page.words
    )
    assert lead.concern.words in page.words
    assert not Concern.objects.filter(words=WORDS).exists()


def test_the_caller_comes_to_the_ticket_with_their_words(town: Town, desk: Desk) -> None:
    lead, visitor = stages.in_progress(town), desk("carl")

    page = answered(visitor, taken_down(visitor), lead.ticket.pk)

    concern = Concern.objects.get(words=WORDS)
    placement = Placement.objects.get(concern=concern)
    assert (placement.ticket, placement.reason) == (lead.ticket, PlacementReason.ADDED)
    assert (concern.channel, concern.language, concern.is_follow) == ("phone", "de", False)
    assert concern.reporter is not None
    event = Event.objects.get(concern_ref=concern.pk)
    assert (event.verb, event.actor_ref) == (Verb.ADDED, town.people["carl"].ref_id)
    assert page.heading == "The concern was added to a known matter"
    assert concern.reference in page.words
    assert pin(concern.pk, concern.generation) in page.words
    assert page.links["To the ticket"] == f"/workspace/tickets/{lead.ticket.pk}/"


def test_something_else_is_filed_as_ever(town: Town, desk: Desk) -> None:
    stages.in_progress(town)
    visitor = desk("carl")

    page = answered(visitor, taken_down(visitor), "none")

    assert page.heading == "The concern has been filed"
    assert Placement.objects.get(concern__words=WORDS).reason == PlacementReason.FILED
    assert Ticket.objects.count() == 2


def test_back_at_the_form_nothing_is_lost_and_it_is_asked_again(town: Town, desk: Desk) -> None:
    stages.in_progress(town)
    visitor = desk("carl")
    page = taken_down(visitor)

    form = visitor.press(page, page.form("once"), "back=1")

    assert (form.status, form.errors, form.heading) == (200, {}, "New concern")
    fields = form.form("once")
    assert {name: fields[name] for name in CALLER} == CALLER
    assert (fields["words"], fields["category"]) == (WORDS, "pothole")
    assert visitor.press(form, fields).heading == HEADING


def test_of_other_departments_only_what_is_published_is_shown(town: Town, desk: Desk) -> None:
    secret, told = stages.in_progress(town), file("My dog Rex fell in.", name="Zoe Zed")
    publish(actor=town.actor("carl"), ticket_id=told.ticket.pk)

    page = taken_down(desk("paul"))

    assert offered(page) == [str(told.ticket.pk), "none"]
    assert "Pothole, Harbour" in page.words
    assert "another department" in page.words
    own_words = WORDS.splitlines()
    assert own_words[0] in page.words
    for hidden in ("Rex", "Zoe", secret.concern.words, f"/workspace/tickets/{told.ticket.pk}/"):
        assert hidden not in page.html


def test_the_caller_comes_to_another_departments_published_matter(town: Town, desk: Desk) -> None:
    told, visitor = stages.in_progress(town), desk("paul")
    publish(actor=town.actor("carl"), ticket_id=told.ticket.pk)

    page = answered(visitor, taken_down(visitor), told.ticket.pk)

    assert Placement.objects.get(concern__words=WORDS).ticket == told.ticket
    assert "To the ticket" not in page.links


def taken_back(town: Town, filed: Filed) -> None:
    unpublish(actor=town.actor("carl"), ticket_id=filed.ticket.pk)


def made_confidential(town: Town, filed: Filed) -> None:
    encircle(actor=town.actor("tess"), ticket_id=filed.ticket.pk, circle_key=town.circle.key)


def put_under_restriction(town: Town, filed: Filed) -> None:
    restrict(actor=town.actor("alma"), ticket_id=filed.ticket.pk, reason="art18")


def ended(town: Town, filed: Filed) -> None:
    stages.resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=stages.FIXED)


def joined_elsewhere(town: Town, filed: Filed) -> None:
    lead = file(category="pothole").ticket
    join(actor=town.actor("carl"), ticket_id=filed.ticket.pk, lead_id=lead.pk)


GONE = [taken_back, made_confidential, put_under_restriction, ended, joined_elsewhere]
Happens = Callable[[Town, Filed], None]


@pytest.mark.parametrize("happens", GONE)
def test_what_went_meanwhile_is_said_and_the_call_is_filed(
    town: Town, desk: Desk, happens: Happens
) -> None:
    lead, visitor = stages.in_progress(town), desk("paul")
    publish(actor=town.actor("carl"), ticket_id=lead.ticket.pk)
    page = taken_down(visitor)
    happens(town, lead)

    page = answered(visitor, page, lead.ticket.pk)

    assert page.heading == "The concern has been filed"
    assert "It could not be added to the ticket you chose. It has one of its own." in page.words
    placement = Placement.objects.get(concern__words=WORDS)
    assert (placement.ticket == lead.ticket, placement.reason) == (False, PlacementReason.FILED)


@pytest.mark.parametrize("happens", [made_confidential, put_under_restriction, ended])
@pytest.mark.parametrize("who", ["carl", "petra", "max", "alma", "dora"])
def test_what_nobody_may_be_added_to_is_shown_to_nobody(
    town: Town, desk: Desk, happens: Happens, who: str
) -> None:
    lead = stages.in_progress(town)
    happens(town, lead)

    page = taken_down(desk(who))

    assert page.heading == "The concern has been filed"
    assert "It could not be added" not in page.words


@pytest.mark.parametrize("tampered", ["", "none'--", "-1", "0", "9" * 18, "9" * 5_000, "²"])
def test_an_answer_nobody_offered_files_on_its_own(town: Town, desk: Desk, tampered: str) -> None:
    stages.in_progress(town)
    visitor = desk("carl")
    page = taken_down(visitor)

    page = visitor.press(page, page.form("once"), same=tampered)

    assert page.heading == "The concern has been filed"
    assert Placement.objects.get(concern__words=WORDS).reason == PlacementReason.FILED


def test_a_ticket_they_do_not_see_cannot_be_guessed(town: Town, desk: Desk) -> None:
    hidden, visitor = stages.in_progress(town), desk("paul")

    page = taken_down(visitor, same=str(hidden.ticket.pk))

    assert page.heading == "The concern has been filed"
    assert Ticket.objects.get(pk=hidden.ticket.pk).concern_count == 1


def test_pressed_twice_it_is_filed_once(town: Town, desk: Desk) -> None:
    lead, visitor = stages.in_progress(town), desk("carl")
    page = taken_down(visitor)
    for _press in range(2):
        answered(visitor, page, lead.ticket.pk)

    assert Concern.objects.filter(words=WORDS).count() == 1
    assert Ticket.objects.get().concern_count == 2


@pytest.mark.parametrize(
    "said",
    [
        {"category": "noise", "address": ""},
        {"category": "noise", "address": "Behind the third tree"},
        {"category": "staff"},
        {"category": "it-incident"},
    ],
)
def test_nobody_is_asked_without_a_place_or_about_what_is_for_few(
    town: Town, desk: Desk, said: dict[str, str]
) -> None:
    for category in ("noise", "staff"):
        file(category=category)
    file(category="it-incident", actor=town.actor("norman"))

    assert taken_down(desk("iris"), **said).heading == "The concern has been filed"


def test_the_questions_of_the_category_come_first(town: Town, desk: Desk) -> None:
    labels = {"en": "Is it deep?", "de": "Ist es tief?"}
    questions = [{"key": "deep", "type": "yes_no", "labels": labels, "required": True}]
    lead, visitor = stages.in_progress(town), desk("carl")
    Category.objects.filter(slug="pothole").update(questions=questions)

    page = taken_down(visitor)
    assert page.error("answer-deep") == "Please answer this question."
    page = visitor.press(page, page.form("once"), **{"answer-deep": "yes"})
    assert page.heading == HEADING
    answered(visitor, page, lead.ticket.pk)

    assert Concern.objects.get(words=WORDS).answers == {"deep": True}


def test_asking_costs_two_statements_whatever_there_is(town: Town, desk: Desk) -> None:
    visitor = desk("carl")

    def cost() -> int:
        page = visitor.open("/workspace/new/")
        page = visitor.press(
            page, page.form("once"), words=WORDS, category="pothole", address="Quay Street 5"
        )
        with statements() as said:
            page = visitor.press(page, page.form("once"))
        assert page.heading == HEADING
        return len(said)

    stages.in_progress(town)
    one = cost()
    for _nth in range(6):
        publish(actor=town.actor("carl"), ticket_id=file().ticket.pk)

    assert cost() == one <= 12
