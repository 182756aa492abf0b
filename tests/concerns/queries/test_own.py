"""A person knows of their own concern: since when they stand there, what was said to them — and nothing of others."""

import datetime as dt

import pytest
import time_machine

from common.actor import Actor
from common.clock import city_zone
from concerns.actions.deciding import resolve, submit
from concerns.actions.ending import decide_objection, reopen
from concerns.actions.filing import Filed, follow_ticket
from concerns.actions.joining import detach_concern, join
from concerns.actions.responsibility import hand_back, route
from concerns.actions.screening import mark_spam
from concerns.actions.voicing import confirm, object_to_result, withdraw
from concerns.actions.waiting import ask
from concerns.actions.words import note, reply, send_message
from concerns.actions.working import accept, assign, schedule
from concerns.enums import Channel, MessageKind, PublicState, Verb, Verdict
from concerns.errors import NotFound
from concerns.models import Concern, Ticket
from concerns.queries.own import (
    Standing,
    next_date,
    own_concern,
    proven,
    proven_by_confirmation,
    standing,
)
from concerns.references import BadReference, confirmation_token, pin, tracking_token
from tests.support.sql import statements
from tests.support.stages import FIXED, STAGES, assigned, in_progress, resolved, waiting_reporter
from tests.support.town import Town, file

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def of(filed: Filed) -> Standing:
    return standing(Actor.citizen(filed.concern.pk))


def said_to(filed: Filed) -> list[str]:
    return [message.text for message in of(filed).messages]


def told(filed: Filed) -> list[str]:
    return [event.verb for event in of(filed).events]


def test_only_a_proven_concern_has_a_standing(town: Town) -> None:
    file()

    for actor in (Actor.anonymous(), Actor.system(), town.actor("carl"), Actor.citizen(10**9)):
        with pytest.raises(NotFound):
            standing(actor)
        with pytest.raises(NotFound):
            own_concern(actor)


def test_own_concern_is_the_proven_one(town: Town) -> None:
    mine, _other = file(), file()

    assert own_concern(Actor.citizen(mine.concern.pk)) == mine.concern


def test_token_pin_and_confirmation_prove_one_concern_each(town: Town) -> None:
    mine, other = file(email="rita@people.example").concern, file().concern
    me = Actor.citizen(mine.pk)

    assert proven(reference=mine.reference, token=tracking_token(mine.pk, 1)) == me
    assert proven(reference=mine.reference.lower(), pin=pin(mine.pk, 1)) == me
    confirmation = confirmation_token(mine.pk, 1, 1)
    assert proven_by_confirmation(reference=mine.reference, token=confirmation) == me
    for wrong in (
        {"token": tracking_token(other.pk, 1)},
        {"token": tracking_token(mine.pk, 2)},
        {"pin": pin(other.pk, 1)},
        {"token": pin(mine.pk, 1)},
        {"token": confirmation},
        {},
    ):
        with pytest.raises(NotFound):
            proven(reference=mine.reference, **wrong)
    for token in (
        tracking_token(mine.pk, 1),
        confirmation_token(other.pk, 1, 1),
        confirmation_token(mine.pk, 1, 2),
        "",
    ):
        with pytest.raises(NotFound):
            proven_by_confirmation(reference=mine.reference, token=token)


def test_an_unknown_reference_is_refused_like_a_wrong_proof(town: Town) -> None:
    gone = file().concern.reference
    Concern.objects.update(reference="X")

    with pytest.raises(NotFound):
        proven(reference=gone, pin="000000")
    with pytest.raises(NotFound):
        proven_by_confirmation(reference=gone, token="x")
    with pytest.raises(BadReference):
        proven(reference="nonsense!", pin="000000")


def test_a_joined_person_sees_what_happened_since_their_placement(town: Town) -> None:
    dora, carl = town.actor("dora"), town.actor("carl")
    with time_machine.travel(MONDAY, tick=False):
        lead = in_progress(town)
        send_message(actor=carl, ticket_id=lead.ticket.pk, text="To the first alone in time.")
    with time_machine.travel(MONDAY + DAY, tick=False):
        late = file(email="late@people.example")
        send_message(actor=carl, ticket_id=late.ticket.pk, text="On the own ticket.")
    with time_machine.travel(MONDAY + 2 * DAY, tick=False):
        join(actor=dora, ticket_id=late.ticket.pk, lead_id=lead.ticket.pk)
    with time_machine.travel(MONDAY + 3 * DAY, tick=False):
        send_message(actor=carl, ticket_id=lead.ticket.pk, text="To both.")
        schedule(actor=carl, ticket_id=lead.ticket.pk, date=(MONDAY + 9 * DAY).date())

    assert said_to(late) == ["On the own ticket.", "To both."]
    assert told(late) == [Verb.FILED, Verb.ROUTE, Verb.JOIN, Verb.SCHEDULE]
    assert said_to(lead) == ["To the first alone in time.", "To both."]
    assert told(lead) == [Verb.FILED, Verb.ROUTE, Verb.ACCEPT, Verb.SCHEDULE]


def test_a_detached_person_sees_nothing_of_what_comes_after(town: Town) -> None:
    dora, carl = town.actor("dora"), town.actor("carl")
    with time_machine.travel(MONDAY, tick=False):
        lead, guest = in_progress(town), file()
        join(actor=dora, ticket_id=guest.ticket.pk, lead_id=lead.ticket.pk)
    with time_machine.travel(MONDAY + DAY, tick=False):
        send_message(actor=carl, ticket_id=lead.ticket.pk, text="To both.")
    with time_machine.travel(MONDAY + 2 * DAY, tick=False):
        detach_concern(actor=dora, concern_id=guest.concern.pk)
    with time_machine.travel(MONDAY + 3 * DAY, tick=False):
        send_message(actor=carl, ticket_id=lead.ticket.pk, text="To those who stayed.")
        resolve(actor=carl, ticket_id=lead.ticket.pk, answer=FIXED)

    assert said_to(guest) == ["To both."]
    assert Verb.RESOLVE not in told(guest)
    assert of(guest).state == PublicState.CHECKING
    assert said_to(lead) == ["To both.", "To those who stayed.", FIXED.text]


def test_who_joins_an_answered_matter_sees_the_answer_given_before(town: Town) -> None:
    dora, carl = town.actor("dora"), town.actor("carl")
    with time_machine.travel(MONDAY, tick=False):
        lead = in_progress(town)
        send_message(actor=carl, ticket_id=lead.ticket.pk, text="Before the answer.")
        resolve(actor=carl, ticket_id=lead.ticket.pk, answer=FIXED)
    with time_machine.travel(MONDAY + DAY, tick=False):
        late = file()
        join(actor=dora, ticket_id=late.ticket.pk, lead_id=lead.ticket.pk)

    assert said_to(late) == [FIXED.text]
    assert of(late).state == PublicState.DONE


def test_an_answer_that_waits_for_approval_is_nobodys_to_read(town: Town) -> None:
    filed = file(category="appeal", email="rita@people.example")
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)

    submit(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)

    assert said_to(filed) == []
    assert of(filed).state == PublicState.IN_PROGRESS


def test_notes_and_inner_events_are_never_shown(town: Town) -> None:
    filed = in_progress(town)
    note(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="He is a nuisance.")
    assign(actor=town.actor("tess"), ticket_id=filed.ticket.pk, user_id=town.people["clara"].pk)

    assert said_to(filed) == []
    assert told(filed) == [Verb.FILED, Verb.ROUTE, Verb.ACCEPT]


@pytest.fixture
def thirty_seven(town: Town) -> list[Filed]:
    """One pothole, 37 people: each wrote twice, each was written to alone, and all were written to together."""
    people = [
        file(f"words-of-{n}-", email=f"p{n}@people.example", name=f"Person N{n}") for n in range(37)
    ]
    lead = people[0].ticket
    for filed in people:
        reply(concern_id=filed.concern.pk, text=f"alone-{n_of(people, filed)}-")
    for filed in people[1:]:
        join(actor=town.actor("dora"), ticket_id=filed.ticket.pk, lead_id=lead.pk)
    for number, filed in enumerate(people):
        reply(concern_id=filed.concern.pk, text=f"joined-{number}-")
        send_message(
            actor=town.actor("carl"),
            ticket_id=lead.pk,
            text=f"to-{number}-",
            concern_ids=[filed.concern.pk],
        )
    send_message(actor=town.actor("carl"), ticket_id=lead.pk, text="to-all")
    return people


def n_of(people: list[Filed], filed: Filed) -> int:
    return people.index(filed)


def test_of_37_nobody_sees_anothers_words(town: Town, thirty_seven: list[Filed]) -> None:
    for number, filed in enumerate(thirty_seven):
        assert said_to(filed) == [
            f"alone-{number}-",
            f"joined-{number}-",
            f"to-{number}-",
            "to-all",
        ]
        assert of(filed).concern.words == f"words-of-{number}-"
        assert of(filed).company == 36


def test_of_37_nobody_sees_anothers_acts(town: Town, thirty_seven: list[Filed]) -> None:
    """Confirmation, objection and its decision, withdrawal and spam of one are no event in the others' course."""
    lead = thirty_seven[0].ticket.pk
    accept(actor=town.actor("carl"), ticket_id=lead)
    before = [len(of(filed).events) for filed in thirty_seven]
    withdraw(concern_id=thirty_seven[1].concern.pk)
    mark_spam(actor=town.actor("dora"), concern_id=thirty_seven[2].concern.pk)
    ask_one(town, lead, thirty_seven[3])
    reply(concern_id=thirty_seven[3].concern.pk, text="The left side.")
    resolve(actor=town.actor("carl"), ticket_id=lead, answer=FIXED)
    confirm(concern_id=thirty_seven[4].concern.pk)
    objection = object_to_result(concern_id=thirty_seven[5].concern.pk, text="No!")
    decide_objection(
        actor=town.actor("tess"), objection_id=objection.pk, verdict=Verdict.UPHELD, text="Yes."
    )

    gained = [len(of(one).events) - count for one, count in zip(thirty_seven, before, strict=True)]

    # Everybody: resolved. Besides: one withdrawal, one answer, one confirmation, an objection with its decision.
    assert gained == [1, 2, 1, 2, 2, 3] + [1] * 31
    for other in (thirty_seven[0], thirty_seven[36]):
        assert {event.concern_ref for event in of(other).events} <= {None, other.concern.pk}
        assert MessageKind.QUESTION not in {message.kind for message in of(other).messages}


def ask_one(town: Town, ticket_id: int, filed: Filed) -> None:
    ask(
        actor=town.actor("carl"),
        ticket_id=ticket_id,
        text="Which side?",
        concern_ids=[filed.concern.pk],
    )


def test_only_who_was_asked_must_reply(town: Town) -> None:
    asked, other = in_progress(town), file(email="leo@people.example")
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=asked.ticket.pk)
    ask_one(town, asked.ticket.pk, asked)

    assert [(of(one).must_reply, of(one).state) for one in (asked, other)] == [
        (True, PublicState.NEEDS_REPLY),
        (False, PublicState.IN_PROGRESS),
    ]


def test_a_question_of_an_earlier_wait_needs_no_reply_now(town: Town) -> None:
    with time_machine.travel(MONDAY, tick=False):
        asked, other = waiting_reporter(town), file(email="leo@people.example")
        join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=asked.ticket.pk)
    with time_machine.travel(MONDAY + DAY, tick=False):
        reply(concern_id=asked.concern.pk, text="The left side.")
        ask_one(town, asked.ticket.pk, other)

    assert [of(one).must_reply for one in (asked, other)] == [False, True]


@pytest.mark.parametrize(
    ("state", "can"),
    [
        ("in_triage", "reply withdraw"),
        ("assigned", "reply withdraw"),
        ("in_progress", "reply withdraw"),
        ("waiting_reporter", "reply withdraw"),
        ("waiting_external", "reply withdraw"),
        ("scheduled", "reply withdraw"),
        ("pending_approval", "reply withdraw"),
        ("resolved", "reply confirm object rate"),
        ("declined", "reply confirm object rate"),
        ("reopen_requested", "reply rate"),  # their objection waits already
        ("merged", "reply withdraw"),  # the lead is open
        ("closed", "reply object rate"),
        ("discarded", ""),
    ],
)
def test_what_a_person_can_do_follows_state_and_standing(town: Town, state: str, can: str) -> None:
    found = of(STAGES[state](town))

    offered = [
        name
        for name in ("reply", "confirm", "object", "rate", "withdraw")
        if getattr(found, f"can_{name}")
    ]
    assert " ".join(offered) == can


def test_who_confirmed_cannot_confirm_the_same_answer_again(town: Town) -> None:
    first, other = resolved(town), file(email="leo@people.example")
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=first.ticket.pk)

    confirm(concern_id=first.concern.pk)

    assert [of(one).can_confirm for one in (first, other)] == [False, True]


def test_a_new_answer_after_reopening_can_be_confirmed_again(town: Town) -> None:
    first, other = resolved(town), file(email="leo@people.example")
    carl, ticket = town.actor("carl"), first.ticket.pk
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=ticket)
    confirm(concern_id=first.concern.pk)
    reopen(actor=carl, ticket_id=ticket, reason="Not yet.")
    resolve(actor=carl, ticket_id=ticket, answer=FIXED)

    assert of(first).can_confirm is True


@pytest.mark.parametrize("stage", ["withdrawn", "spam"])
def test_who_is_out_can_do_nothing(town: Town, stage: str) -> None:
    filed = in_progress(town)
    if stage == "withdrawn":
        withdraw(concern_id=filed.concern.pk)
    else:
        mark_spam(actor=town.actor("dora"), concern_id=filed.concern.pk)

    found = of(filed)

    can = (found.can_reply, found.can_withdraw, found.can_rate, found.must_reply)
    assert can == (False, False, False, False)
    states = {"withdrawn": PublicState.DONE, "spam": PublicState.NOT_POSSIBLE}
    assert found.state == states[stage]


def test_the_date_to_hold_us_to(town: Town) -> None:
    """First answer, then the answer; the planned day; until when to reply, to object; when it is decided."""
    carl = town.actor("carl")

    def next_day() -> dt.date | None:
        return of(filed).next_date

    with time_machine.travel(MONDAY, tick=False):
        filed = file(email="rita@people.example")
        ticket = filed.ticket.pk
        dates = [next_day()]
        accept(actor=carl, ticket_id=ticket)
        send_message(actor=carl, ticket_id=ticket, text="We are on it.")
        dates.append(next_day())
        schedule(actor=carl, ticket_id=ticket, date=dt.date(2026, 3, 20))
        dates.append(next_day())
        ask(actor=carl, ticket_id=ticket, text="Which side?")
        dates.append(next_day())
        resolve(actor=carl, ticket_id=ticket, answer=FIXED)
        dates.append(next_day())
        object_to_result(concern_id=filed.concern.pk, text="No.")
        dates.append(next_day())

    assert dates == [
        dt.date(2026, 3, 5),  # three working days
        dt.date(2026, 3, 16),  # ten working days
        dt.date(2026, 3, 20),
        dt.date(2026, 3, 16),  # two weeks
        dt.date(2026, 3, 16),
        dt.date(2026, 3, 9),  # five working days
    ]


def test_dates_are_the_citys_days(town: Town) -> None:
    """Half past eleven at night UTC in summer is the next day in England."""
    late = dt.datetime(2026, 6, 1, 23, 30, tzinfo=dt.UTC)
    with time_machine.travel(late, tick=False):
        until = of(resolved(town)).next_date

    assert until == (late + 14 * DAY).astimezone(city_zone()).date()
    assert until == dt.date(2026, 6, 16)


def test_a_day_that_has_passed_is_known_but_promised_no_more(town: Town) -> None:
    with time_machine.travel(MONDAY, tick=False):
        filed = assigned(town)
    known = []
    for days in (3, 4):
        with time_machine.travel(MONDAY + days * DAY, tick=False):
            found = of(filed)
            known.append((found.told_date, found.next_date, next_date(Ticket.objects.get())))

    day = dt.date(2026, 3, 5)
    assert known == [(day, day, day), (day, None, None)]


@pytest.mark.parametrize("state", ["closed", "discarded"])
def test_what_has_ended_promises_no_date(town: Town, state: str) -> None:
    assert of(STAGES[state](town)).next_date is None


def test_without_targets_no_date_is_promised(town: Town) -> None:
    filed = assigned(town)
    Ticket.objects.update(first_response_due=None)

    assert of(filed).next_date is None


def test_a_follower_is_told_from_when_they_followed(town: Town) -> None:
    with time_machine.travel(MONDAY, tick=False):
        first = in_progress(town)
        send_message(actor=town.actor("carl"), ticket_id=first.ticket.pk, text="Early.")
    with time_machine.travel(MONDAY + DAY, tick=False):
        follower = follow_ticket(
            actor=town.actor("carl"),
            ticket_id=first.ticket.pk,
            channel=Channel.PHONE,
            language="en",
            contact={},
        )
        send_message(actor=town.actor("carl"), ticket_id=first.ticket.pk, text="Later.")

    assert said_to(follower) == ["Later."]
    assert told(follower) == [Verb.FOLLOWED]
    assert of(follower).company == 1


def test_a_return_to_triage_and_a_new_department_are_told(town: Town) -> None:
    filed = in_progress(town)
    hand_back(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Not ours.")
    checking = of(filed).state
    to = town.office("order").pk
    route(actor=town.actor("dora"), ticket_id=filed.ticket.pk, department_id=to)

    assert checking == PublicState.CHECKING
    assert of(filed).state == PublicState.IN_PROGRESS
    assert told(filed) == [Verb.FILED, Verb.ROUTE, Verb.ACCEPT, Verb.ROUTE]


def test_standing_costs_three_statements_whatever_the_company(
    town: Town, thirty_seven: list[Filed]
) -> None:
    alone = in_progress(town)
    costs = []
    for filed in (alone, thirty_seven[36]):
        with statements() as said:
            found = of(filed)
            assert found.ticket.department is not None
        costs.append(len(said))

    assert costs == [3, 3]
