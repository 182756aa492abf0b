"""A ticket's page: what was said, what happened and why, and only the buttons of this person at this moment."""

import datetime as dt
import re

import pytest
import time_machine

from common.models import ViewLog
from concerns.actions.joining import join
from concerns.actions.preparing import prepare_due
from concerns.actions.safeguarding import encircle
from concerns.actions.screening import mark_spam
from concerns.actions.voicing import object_to_result, rate, withdraw
from concerns.actions.words import note, reply
from concerns.enums import State, Verb
from concerns.models import Attachment, Ticket
from concerns.permissions import MAY
from concerns.queries.tickets import ticket_detail
from concerns.queries.visible import visible
from geography.models import District
from tests.concerns.actions.test_attaching import add
from tests.factories.crowd import crowd
from tests.support.files import PDF, upload
from tests.support.pages import Page
from tests.support.sql import budget, statements
from tests.support.stages import (
    STAGES,
    in_progress,
    merged,
    pending_approval,
    reopen_requested,
    resolved,
    scheduled,
    waiting_reporter,
)
from tests.support.town import Town, file, fresh
from tests.workspace.conftest import Desk

PEOPLE = ("dora", "carl", "clara", "tess", "paul", "ada", "hanna", "max", "alma", "petra", "norman")
# Buttons that stand with a concern instead of with the ticket.
WITH_CONCERN = {
    *(Verb.SPLIT, Verb.MARK_SPAM, Verb.UNMARK_SPAM, Verb.CORRECT_CONTACT, Verb.RENEW_PROOF),
}
HOSTILE = "<script>alert(1)</script>{{ csrf_token }}\u202e"


def doors(page: Page, kind: str) -> set[Verb]:
    """The acts whose link or button stands on the page, on the ticket or on its concerns."""
    targets = [*page.links.values(), *(form.action for form in page.forms)]
    found = [re.match(rf"/workspace/{kind}/\d+/([a-z-]+)/", target) for target in targets]
    return {Verb(one[1].replace("-", "_")) for one in found if one}


@pytest.mark.parametrize("state", STAGES)
def test_buttons_are_exactly_what_each_person_may_do(town: Town, desk: Desk, state: State) -> None:
    filed = STAGES[state](town)

    for name in PEOPLE:
        actor = town.actor(name)
        page = desk(name).open(f"/workspace/tickets/{filed.ticket.pk}/")
        if not visible(actor).filter(pk=filed.ticket.pk).exists():
            assert (page.status, page.heading) == (404, "This page does not exist")
            assert filed.ticket.title not in page.words
            continue
        allowed = set(ticket_detail(actor, filed.ticket.pk).allowed)
        assert doors(page, "tickets") == allowed - WITH_CONCERN, name
        here = fresh(filed.ticket).concern_count > 0
        # One concern is here and it is active: it can be spam, and it cannot be what it is not.
        unfit = {Verb.MARK_SPAM} if state == State.DISCARDED else {Verb.UNMARK_SPAM}
        assert doors(page, "concerns") == ((allowed & WITH_CONCERN) - unfit if here else set())


def test_page_says_number_state_and_place(town: Town, desk: Desk) -> None:
    filed = in_progress(town)

    page = desk("carl").open(f"/workspace/tickets/{filed.ticket.pk}/")

    assert page.heading == "Pothole, Quay Street 5"
    assert f"Ticket {filed.ticket.pk} Pothole" in page.words
    assert "In progress: Carl, Streets." in page.words
    assert "Place Quay Street 5" in page.words
    assert "District Harbour" in page.words


def test_planned_day_stands_in_the_sentence(
    town: Town, desk: Desk, clock: time_machine.Traveller
) -> None:
    filed = scheduled(town)

    page = desk("carl").open(f"/workspace/tickets/{filed.ticket.pk}/")

    assert "Scheduled for 9 March: Carl, Streets." in page.words


def test_first_thing_to_do_is_the_primary_button(town: Town, desk: Desk) -> None:
    primary = {}
    for stage in (STAGES[State.ASSIGNED], in_progress, waiting_reporter, pending_approval):
        filed = stage(town)
        name = "ada" if stage is pending_approval else "carl"
        page = desk(name).open(f"/workspace/tickets/{filed.ticket.pk}/")
        found = re.findall(r'kern-btn--primary".*?kern-label">([^<]+)<', page.html, flags=re.DOTALL)
        primary[stage.__name__] = found

    assert primary == {
        "assigned": ["Accept"],
        "in_progress": ["Answer and finish"],
        "waiting_reporter": ["Record the answer"],
        "pending_approval": ["Approve the answer"],
    }


def test_what_people_wrote_is_shown_as_words(town: Town, desk: Desk) -> None:
    filed = file(HOSTILE)
    reply(concern_id=filed.concern.pk, text=HOSTILE)
    note(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text=HOSTILE)

    page = desk("carl").open(f"/workspace/tickets/{filed.ticket.pk}/")

    assert "<script>alert" not in page.html
    assert page.words.count("<script>alert(1)</script>{{ csrf_token }}") == 3
    assert "A message has no answer yet." in page.words


def test_photos_stand_with_their_concern_and_are_seen_by_those_who_see_it(
    town: Town, desk: Desk
) -> None:
    filed = file()
    hole, plan, harmful = add(
        filed, upload(name="hole.png"), upload(PDF, "plan.pdf"), upload(PDF, "harmful.pdf")
    )
    Attachment.objects.filter(pk=harmful.pk).update(state="refused", refusal="harmful", file="")
    path, carl, paul = f"/workspace/tickets/{filed.ticket.pk}/", desk("carl"), desk("paul")
    photo = f"/workspace/files/{hole.pk}/"

    page = carl.open(path)
    assert "hole.png This file is still being checked." in page.words
    assert (page.links["plan.pdf"], photo in page.html) == (f"/workspace/files/{plan.pk}/", False)
    assert "harmful.pdf The virus scanner found something harmful" in page.words
    assert carl.client.get(photo).status_code == 409
    prepare_due()

    page = carl.open(path)
    assert page.links["hole.jpg"] == photo
    assert f'<img src="{photo}?size=small" width="64" height="48"' in page.html
    shown = carl.client.get(f"{photo}?size=large")
    assert (shown["Content-Type"], shown["Content-Disposition"]) == (
        "image/jpeg",
        'inline; filename="hole.jpg"',
    )
    assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8"
    assert [carl.client.get(f"/workspace/files/{plan.pk}/?size=large").status_code] == [404]
    assert [paul.client.get(f"{photo}{size}").status_code for size in ("", "?size=small")] == [
        404
    ] * 2


def test_contact_data_are_shown_on_request_and_logged(town: Town, desk: Desk) -> None:
    filed = file(name="Rita Roe", email="rita@people.example")
    visitor = desk("carl")

    page = visitor.open(f"/workspace/tickets/{filed.ticket.pk}/")
    assert "Rita Roe" not in page.html
    assert "rita@people.example" not in page.html
    assert ViewLog.objects.count() == 0
    opened = visitor.open(page.links["Show contact data (this is logged)"])

    assert "Name Rita Roe E-mail rita@people.example" in opened.words
    entry = ViewLog.objects.get()
    assert (entry.actor_ref, entry.subject_id, entry.purpose) == (
        town.actor("carl").ref,
        filed.concern.reporter_id,
        "ticket",
    )


@pytest.mark.parametrize("wanted", ["", "x", "0", "99999", "9" * 30, "%00"])
def test_contact_data_of_nobody_here_are_not_shown(town: Town, desk: Desk, wanted: str) -> None:
    filed, other = file(name="Rita Roe"), file(name="Otto Oe", category="tree")
    asked = wanted or str(other.concern.pk)

    page = desk("carl").open(f"/workspace/tickets/{filed.ticket.pk}/?contact={asked}")

    assert page.status == 200
    assert "Roe" not in page.words
    assert "Oe" not in page.words
    assert ViewLog.objects.count() == 0


def test_anonymous_concern_says_how_its_person_hears_of_it(town: Town, desk: Desk) -> None:
    page = desk("carl").open(f"/workspace/tickets/{file().ticket.pk}/")

    assert (
        "No contact data: this person can only read the answer with reference and PIN."
        in page.words
    )


def test_confidential_ticket_is_seen_by_its_circle_alone(town: Town, desk: Desk) -> None:
    filed = in_progress(town)
    encircle(actor=town.actor("carl"), ticket_id=filed.ticket.pk, circle_key="personnel")

    seen = {
        name: desk(name).open(f"/workspace/tickets/{filed.ticket.pk}/").status for name in PEOPLE
    }

    assert {name for name, status in seen.items() if status == 200} == {"petra", "max"}
    assert set(seen.values()) == {200, 404}


def test_timeline_says_why_the_rule_chose(town: Town, desk: Desk) -> None:
    page = desk("carl").open(f"/workspace/tickets/{file().ticket.pk}/")

    assert "Routed to a department: Streets" in page.words
    assert "Rule potholes, version 1, was the most specific that matched." in page.words


def test_facts_of_a_person_stand_with_their_concern(town: Town, desk: Desk) -> None:
    filed = resolved(town)
    object_to_result(concern_id=filed.concern.pk, text="Still there.")
    rate(concern_id=filed.concern.pk, rating=2)

    page = desk("tess").open(f"/workspace/tickets/{filed.ticket.pk}/")

    assert "Objects to the result; this must be decided." in page.words
    assert "Rated the result 2 of 5." in page.words
    assert "Somebody objects to the result." in page.words
    assert "Decide the objection" in page.words


def test_objection_is_decided_by_those_who_did_not_answer(town: Town, desk: Desk) -> None:
    filed = reopen_requested(town)
    ticket = fresh(filed.ticket)

    for name in ("carl", "clara", "tess", "dora"):
        page = desk(name).open(f"/workspace/tickets/{ticket.pk}/")
        may = MAY[Verb.DECIDE_OBJECTION](town.actor(name), ticket)
        assert ("Decide the objection" in page.words) is may


def test_joined_ticket_leads_to_its_lead(town: Town, desk: Desk) -> None:
    filed = merged(town)
    lead = fresh(filed.ticket).merged_into

    page = desk("carl").open(f"/workspace/tickets/{filed.ticket.pk}/")

    assert "Joined to another ticket: work goes on there." in page.words
    assert page.links[lead.title] == f"/workspace/tickets/{lead.pk}/"


def test_one_of_many_can_be_detached(town: Town, desk: Desk) -> None:
    filed = merged(town)
    lead = fresh(filed.ticket).merged_into

    page = desk("dora").open(f"/workspace/tickets/{lead.pk}/")

    assert f'href="/workspace/concerns/{filed.concern.pk}/detach/' in page.html
    assert "/detach/" not in desk("carl").open(f"/workspace/tickets/{lead.pk}/").html


def test_withdrawn_concern_is_no_spam(town: Town, desk: Desk) -> None:
    spam, gone = in_progress(town), in_progress(town)
    mark_spam(actor=town.actor("dora"), concern_id=spam.concern.pk)
    withdraw(concern_id=gone.concern.pk)
    visitor = desk("dora")

    assert "This concern is no spam" in visitor.open(f"/workspace/tickets/{spam.ticket.pk}/").words
    assert "is no spam" not in visitor.open(f"/workspace/tickets/{gone.ticket.pk}/").words


def test_everybody_withdrew_asks_about_the_matter(town: Town, desk: Desk) -> None:
    filed = in_progress(town)
    withdraw(concern_id=filed.concern.pk)

    page = desk("carl").open(f"/workspace/tickets/{filed.ticket.pk}/")

    assert "Everybody withdrew. Is the matter itself done? Then close the ticket." in page.words
    assert "Close after withdrawal" in page.words


def test_long_company_is_shown_in_part_and_whole_on_request(town: Town, desk: Desk) -> None:
    filed = in_progress(town)
    crowd(filed.ticket, 36)
    visitor = desk("carl")

    page = visitor.open(f"/workspace/tickets/{filed.ticket.pk}/")
    assert "37 concerns, of these 36 follow without words of their own." in page.words
    assert page.html.count("<article") == 10
    whole = visitor.open(page.links["Show more concerns"])

    assert whole.html.count("<article") == 37


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "3 days left"), (2, "1 day left"), (3, "today"), (4, "1 day late"), (9, "6 days late")],
)
def test_deadline_is_told_in_words(
    town: Town, desk: Desk, clock: time_machine.Traveller, days: int, words: str
) -> None:
    filed = file()
    clock.shift(dt.timedelta(days=days))

    page = desk("carl").open(f"/workspace/tickets/{filed.ticket.pk}/")

    assert f"Deadline {words}" in page.words
    assert "First response within 3 working days" in page.words


@pytest.mark.parametrize("size", [0, 99])
@pytest.mark.parametrize(
    ("stage", "query"),
    [
        (in_progress, ""),
        (in_progress, "?all=1"),
        (in_progress, "?all=1&contact={0}"),
        (pending_approval, "?all=1&contact={0}"),
        (reopen_requested, "?all=1&contact={0}"),
    ],
)
def test_ticket_costs_at_most_twelve_statements(
    town: Town, desk: Desk, stage: object, size: int, query: str
) -> None:
    filed = stage(town)
    crowd(filed.ticket, size)
    visitor = desk("ada" if stage is pending_approval else "tess")
    path = f"/workspace/tickets/{filed.ticket.pk}/{query.format(filed.concern.pk)}"
    visitor.open(path)

    with budget(12):
        page = visitor.open(path)

    assert page.status == 200


def test_ticket_costs_the_same_with_one_and_a_hundred(town: Town, desk: Desk) -> None:
    filed = in_progress(town)
    for number in range(3):
        other = file(f"Hole {number}.")
        join(actor=town.actor("carl"), ticket_id=other.ticket.pk, lead_id=filed.ticket.pk)
    path = f"/workspace/tickets/{filed.ticket.pk}/?all=1"
    visitor = desk("carl")
    with statements() as few:
        visitor.open(path)
    crowd(filed.ticket, 96)
    for _each in range(20):
        note(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="One more.")

    with statements() as many:
        visitor.open(path)

    assert len(many) == len(few)
    assert Ticket.objects.get(pk=filed.ticket.pk).concern_count == 100


def test_the_side_says_when_a_border_is_drawn_roughly(town: Town, desk: Desk) -> None:
    filed = in_progress(town)
    path = f"/workspace/tickets/{filed.ticket.pk}/"
    District.objects.update(schematic=False)
    assert "drawn roughly" not in desk("carl").open(path).words

    District.objects.update(schematic=True)
    assert "Harbour (its border is drawn roughly)" in desk("carl").open(path).words
