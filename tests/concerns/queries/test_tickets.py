"""Lists and details for staff: the right tickets, in the right order, at a constant price."""

import datetime as dt

import pytest
import time_machine

from common.actor import Actor
from concerns.actions.deciding import resolve
from concerns.actions.joining import detach_concern, join
from concerns.actions.responsibility import hand_back, transfer
from concerns.actions.safeguarding import encircle
from concerns.actions.voicing import object_to_result
from concerns.actions.words import note, reply, send_message, settle
from concerns.actions.working import accept
from concerns.enums import State, Verb
from concerns.models import Attachment, Ticket
from concerns.queries.tickets import QUEUES, found_by, queue, queue_counts, ticket_detail
from tests.factories.crowd import crowd
from tests.support.sql import statements
from tests.support.stages import FIXED, STAGES, assigned, in_progress, resolved
from tests.support.town import HARBOUR, Place, Town, file

OPEN = {
    State.ASSIGNED,
    State.IN_PROGRESS,
    State.WAITING_REPORTER,
    State.WAITING_EXTERNAL,
    State.SCHEDULED,
    State.PENDING_APPROVAL,
    State.REOPEN_REQUESTED,
}


@pytest.fixture
def one_of_each(town: Town) -> dict[State, Ticket]:
    """A ticket in every state; the joined one brings its lead, which stands in `assigned` as well."""
    return {state: stage(town).ticket for state, stage in STAGES.items()}


def states_in(actor: Actor, name: str) -> list[str]:
    return sorted(queue(actor, name).values_list("state", flat=True))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("department", [*OPEN, State.ASSIGNED]),
        ("triage", [State.IN_TRIAGE]),
        ("waiting", [State.WAITING_REPORTER, State.WAITING_EXTERNAL, State.SCHEDULED]),
        ("due", [*OPEN, State.IN_TRIAGE, State.ASSIGNED]),
        ("unanswered", []),
        ("review", [State.REOPEN_REQUESTED]),
        ("approval", [State.PENDING_APPROVAL]),
        ("all", [*STAGES, State.ASSIGNED]),
        ("mine", []),
        ("standing_in", []),
        ("follow_up", []),
    ],
)
def test_a_queue_holds_the_states_it_is_about(
    town: Town, one_of_each: dict[State, Ticket], name: str, expected: list[State]
) -> None:
    assert states_in(town.actor("dora"), name) == sorted(expected)


def test_every_queue_has_a_row_above() -> None:
    assert len(QUEUES) == 11


def test_my_queue_is_what_is_assigned_to_me_and_open(
    town: Town, one_of_each: dict[State, Ticket]
) -> None:
    # Carl accepted all that went on from there; what has ended is no work any more.
    assert states_in(town.actor("carl"), "mine") == sorted(OPEN - {State.ASSIGNED})
    assert states_in(town.actor("clara"), "mine") == []


def test_a_departments_queue_is_of_those_who_work_there(town: Town) -> None:
    file()

    counts = {name: queue(town.actor(name), "department").count() for name in town.people}

    working = {"dora", "dirk", "carl", "clara", "tess"}
    assert {name for name, count in counts.items() if count} == working


def test_what_was_handed_back_is_in_triage_not_in_the_department(town: Town) -> None:
    filed = in_progress(town)

    hand_back(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Not ours.")

    carl = town.actor("carl")
    assert [queue(carl, name).count() for name in ("department", "triage")] == [0, 1]


def test_what_waits_unanswered_is_listed_until_somebody_deals_with_it(town: Town) -> None:
    filed = in_progress(town)
    reply(concern_id=filed.concern.pk, text="Hello?")
    carl = town.actor("carl")
    found = [queue(carl, "unanswered").count()]
    settle(actor=carl, ticket_id=filed.ticket.pk)
    found.append(queue(carl, "unanswered").count())

    assert found == [1, 0]


def test_a_ticket_with_several_objections_is_listed_once(town: Town) -> None:
    lead = in_progress(town)
    guests = [file(email=f"g{n}@people.example") for n in range(3)]
    for guest in guests:
        join(actor=town.actor("dora"), ticket_id=guest.ticket.pk, lead_id=lead.ticket.pk)
    resolve(actor=town.actor("carl"), ticket_id=lead.ticket.pk, answer=FIXED)
    for guest in guests:
        object_to_result(concern_id=guest.concern.pk, text="No.")
    tess = town.actor("tess")

    assert list(queue(tess, "review")) == [lead.ticket]
    assert queue_counts(tess)["review"] == 1


def test_counts_are_those_of_the_queues(town: Town, one_of_each: dict[State, Ticket]) -> None:
    for name in ("dora", "carl", "paul", "alma", "norman"):
        actor = town.actor(name)
        lengths = {one: len(queue(actor, one)) for one in QUEUES if one != "all"}
        assert queue_counts(actor) == lengths


def test_the_most_urgent_comes_first(town: Town) -> None:
    today = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
    with time_machine.travel(today + dt.timedelta(days=7), tick=False):
        later = file().ticket
    with time_machine.travel(today, tick=False):
        sooner, same_day = file().ticket, file().ticket

    assert list(queue(town.actor("carl"), "department")) == [sooner, same_day, later]


def test_a_list_says_what_happened_last(town: Town) -> None:
    filed = in_progress(town)

    row = queue(town.actor("carl"), "department").get()

    assert (row.last_verb, row.last_at) == (Verb.ACCEPT, filed.ticket.events.latest("pk").at)


def test_the_search_finds_reference_name_title_and_place(town: Town) -> None:
    pothole = file(email="m@people.example", name="Maria Müller")
    tree = file(category="noise", place=Place(address="Elm Grove 7", lat=54.05, lon=-0.95))
    dora = town.actor("dora")

    def hits(words: str) -> list[Ticket]:
        return list(found_by(dora, words))

    assert hits(pothole.concern.reference) == [pothole.ticket]
    assert hits(pothole.concern.reference.lower().replace("-", " ")) == [pothole.ticket]
    assert hits("Müller") == [pothole.ticket]
    assert hits("mueller") == [pothole.ticket]
    assert hits("Miller") == [pothole.ticket]  # sounds the same
    assert hits("Mül") == []  # never by the beginning of a name
    assert hits("Maria") == []
    assert hits("elm grove") == [tree.ticket]
    assert hits("NOISE") == [tree.ticket]
    assert hits("100%") == []
    assert hits("a_b") == []


def test_the_search_finds_a_joined_concern_on_its_lead(town: Town) -> None:
    joined, lead = file(), file()
    join(actor=town.actor("dora"), ticket_id=joined.ticket.pk, lead_id=lead.ticket.pk)

    assert list(found_by(town.actor("carl"), joined.concern.reference)) == [lead.ticket]


def test_a_detail_holds_everything_of_its_ticket_and_nothing_of_others(town: Town) -> None:
    carl = town.actor("carl")
    filed, other = resolved(town), resolved(town)
    for one, mark in ((filed, "mine"), (other, "others")):
        note(actor=carl, ticket_id=one.ticket.pk, text=f"note {mark}")
        reply(concern_id=one.concern.pk, text=f"reply {mark}")
    objection = object_to_result(concern_id=filed.concern.pk, text="objection mine")

    detail = ticket_detail(carl, filed.ticket.pk)

    assert detail.concerns == [filed.concern]
    assert [concern.waiting_objection for concern in detail.concerns] == [objection.pk]
    assert [one.text for one in detail.notes] == ["note mine"]
    assert [one.text for one in detail.messages] == [FIXED.text, "reply mine", "objection mine"]
    assert [one.verb for one in detail.events] == [
        Verb.REVIEW,
        Verb.OBJECT,
        Verb.REPLY,
        Verb.NOTE,
        Verb.RESOLVE,
        Verb.ACCEPT,
        Verb.ROUTE,
        Verb.FILED,
    ]


def test_a_timeline_names_who_acted_and_which_department(town: Town) -> None:
    filed = in_progress(town)
    to = town.office("order")
    transfer(
        actor=town.actor("carl"), ticket_id=filed.ticket.pk, department_id=to.pk, reason="Noise."
    )

    events = {one.verb: one for one in ticket_detail(town.actor("carl"), filed.ticket.pk).events}

    assert events[Verb.TRANSFER].actor_name == "Carl"
    assert events[Verb.TRANSFER].department_names == to.names
    assert events[Verb.ROUTE].actor_name is None
    assert events[Verb.ROUTE].department_names == town.office("streets").names
    assert events[Verb.ACCEPT].department_names is None


def test_the_conversation_of_a_joined_person_comes_along(town: Town) -> None:
    joined, lead = assigned(town), file()
    reply(concern_id=joined.concern.pk, text="Written before joining.")

    join(actor=town.actor("dora"), ticket_id=joined.ticket.pk, lead_id=lead.ticket.pk)

    messages = ticket_detail(town.actor("carl"), lead.ticket.pk).messages
    assert [one.text for one in messages] == ["Written before joining."]


def history(town: Town, who: str, ticket_id: int) -> list[tuple[str, bool, str, str | None]]:
    """Which concerns are or were on a ticket: reference, whether they still are, why, and by whom."""
    placements = ticket_detail(town.actor(who), ticket_id).placements
    return [(one.reference, one.until is None, one.reason, one.placed_by) for one in placements]


def test_placements_say_since_when_until_when_by_whom_and_why(town: Town) -> None:
    joined, lead = assigned(town), file()
    own, theirs = joined.concern.reference, lead.concern.reference
    dora = town.actor("dora")

    join(actor=dora, ticket_id=joined.ticket.pk, lead_id=lead.ticket.pk)
    detach_concern(actor=dora, concern_id=joined.concern.pk)

    assert history(town, "dora", lead.ticket.pk) == [
        (theirs, True, "filed", None),
        (own, False, "joined", "Dora"),
    ]
    assert history(town, "dora", joined.ticket.pk) == [
        (own, False, "filed", None),
        (own, True, "detached", "Dora"),
    ]
    was = ticket_detail(dora, lead.ticket.pk).placements[1]
    assert (was.origin, was.since < was.until) == (joined.ticket.pk, True)


def test_placements_hide_who_left_for_a_ticket_that_only_a_circle_sees(town: Town) -> None:
    joined, lead = assigned(town), file()
    dora = town.actor("dora")
    join(actor=dora, ticket_id=joined.ticket.pk, lead_id=lead.ticket.pk)
    detach_concern(actor=dora, concern_id=joined.concern.pk)

    encircle(actor=dora, ticket_id=joined.ticket.pk, circle_key="personnel")

    assert history(town, "carl", lead.ticket.pk) == [(lead.concern.reference, True, "filed", None)]
    assert len(history(town, "petra", joined.ticket.pk)) == 2


def test_a_concern_carries_what_describes_its_files(town: Town) -> None:
    filed, other = file(), file()
    photo = Attachment.objects.create(
        concern=filed.concern,
        name="Loch.jpg",
        media_type="image/jpeg",
        size=2048,
        sha256="0" * 64,
        file="aa/bb",
    )

    (concern,) = ticket_detail(town.actor("carl"), filed.ticket.pk).concerns
    (bare,) = ticket_detail(town.actor("carl"), other.ticket.pk).concerns

    described = {
        "name": "Loch.jpg",
        "media_type": "image/jpeg",
        "size": 2048,
        "state": "held",
        "refusal": "",
        "width": None,
        "height": None,
    }
    assert concern.files == [{"id": str(photo.pk), **described}]
    assert bare.files == []


def read_all(detail: object) -> str:
    """What a page touches: every relation it names must be loaded already."""
    assert hasattr(detail, "ticket")
    ticket = detail.ticket
    touched = [ticket.category, ticket.department, ticket.assignee]
    touched += [ticket.answer_message, ticket.circle, ticket.district, ticket.merged_into]
    touched += [(one.reporter, one.category, one.author) for one in detail.concerns]
    touched += [(one.author, one.concern) for one in detail.messages]
    touched += [one.author for one in detail.notes]
    return str(touched)


def test_a_detail_costs_the_same_with_1_and_101_concerns(town: Town) -> None:
    carl = town.actor("carl")
    tickets = [in_progress(town), in_progress(town)]
    crowd(tickets[1].ticket, 100)
    costs = []
    for filed in tickets:
        send_message(actor=carl, ticket_id=filed.ticket.pk, text="To all.")
        note(actor=carl, ticket_id=filed.ticket.pk, text="A note.")
        with statements() as said:
            read_all(ticket_detail(carl, filed.ticket.pk))
        costs.append(len(said))

    assert costs == [5, 5]


def test_queue_and_counts_cost_one_statement_each(town: Town) -> None:
    for _ in range(5):
        crowd(in_progress(town).ticket, 20)
    costs = {}
    for name in QUEUES:
        actor = town.actor("carl")
        with statements() as said:
            for row in queue(actor, name):
                str((row.category, row.department, row.district, row.assignee))
        costs[name] = len(said)
    actor = town.actor("carl")
    with statements() as counting:
        queue_counts(actor)

    # Who stands in for nobody is not asked for.
    assert costs == {**dict.fromkeys(QUEUES, 1), "standing_in": 0}
    assert len(counting) == 1


def test_an_ended_ticket_of_mine_is_no_work(town: Town) -> None:
    filed = file(place=HARBOUR)
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)

    assert queue_counts(town.actor("carl"))["mine"] == 0
