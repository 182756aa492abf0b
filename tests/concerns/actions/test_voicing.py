"""What one person says about the result is a fact of their concern; the ticket follows by rule."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine

from concerns.actions.deciding import resolve
from concerns.actions.ending import decide_objection, reopen
from concerns.actions.filing import Filed
from concerns.actions.joining import join
from concerns.actions.screening import mark_spam
from concerns.actions.voicing import confirm, object_to_result, rate, withdraw
from concerns.enums import Direction, MessageKind, Standing, State, Verb, Verdict
from concerns.errors import Invalid, NotFound, Refused
from concerns.models import Concern, Event, Message, Objection
from tests.support.stages import (
    FIXED,
    STAGES,
    assigned,
    closed,
    in_progress,
    merged,
    resolved,
)
from tests.support.town import Town, file, fresh

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
ENDED = {State.RESOLVED, State.DECLINED, State.CLOSED, State.REOPEN_REQUESTED}
ANSWERED = {State.RESOLVED, State.DECLINED}
# A joined concern stands on its lead, which is open; a discarded one is spam.
BY_STATE = sorted(set(STAGES) - {State.MERGED, State.DISCARDED})
NO = "It is not right."


def last_event() -> Event:
    return Event.objects.latest("pk")


def works(act: Callable[[], object]) -> bool:
    try:
        act()
    except Refused:
        return False
    return True


def anew(filed: Filed) -> Concern:
    return Concern.objects.get(pk=filed.concern.pk)


@pytest.mark.parametrize("state", BY_STATE)
def test_what_can_be_said_when(town: Town, state: State) -> None:
    said = {
        "confirm": works(lambda: confirm(concern_id=staged(town, state).concern.pk)),
        "object": works(
            lambda: object_to_result(concern_id=staged(town, state).concern.pk, text=NO)
        ),
        "rate": works(lambda: rate(concern_id=staged(town, state).concern.pk, rating=3)),
        "withdraw": works(lambda: withdraw(concern_id=staged(town, state).concern.pk)),
    }

    assert said == {
        "confirm": state in ANSWERED,
        # Under review their objection waits already.
        "object": state in ENDED - {State.REOPEN_REQUESTED},
        "rate": state in ENDED,
        "withdraw": state not in ENDED,
    }


def staged(town: Town, state: State) -> Filed:
    return STAGES[state](town)


@pytest.mark.parametrize("how", ["withdrawn", "spam"])
def test_who_is_out_says_nothing_more(town: Town, how: str) -> None:
    filed = in_progress(town)
    if how == "spam":
        mark_spam(actor=town.actor("dora"), concern_id=filed.concern.pk)
    else:
        withdraw(concern_id=filed.concern.pk)
    resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)
    who = {"concern_id": filed.concern.pk}

    for act in (
        lambda: confirm(**who),
        lambda: object_to_result(**who, text=NO),
        lambda: rate(**who, rating=1),
        lambda: withdraw(**who),
    ):
        with pytest.raises(Refused):
            act()


def test_a_concern_that_does_not_exist_says_nothing(town: Town) -> None:
    for act in (confirm, withdraw):
        with pytest.raises(NotFound):
            act(concern_id=10**9)


def test_a_confirmation_is_a_fact_of_the_concern(town: Town) -> None:
    filed, other = resolved(town), file(email="leo@people.example")
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=filed.ticket.pk)
    with time_machine.travel(MONDAY + dt.timedelta(days=900), tick=False):
        confirm(concern_id=filed.concern.pk)

    assert anew(filed).confirmed_at == MONDAY + dt.timedelta(days=900)
    assert anew(other).confirmed_at is None
    event = Event.objects.get(verb=Verb.CONFIRM)
    assert (event.actor_kind, event.concern_ref, event.data) == ("citizen", filed.concern.pk, {})


def test_the_same_answer_is_confirmed_once(town: Town) -> None:
    filed, other = resolved(town), file(email="leo@people.example")
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=filed.ticket.pk)
    confirm(concern_id=filed.concern.pk)

    with pytest.raises(Refused):
        confirm(concern_id=filed.concern.pk)


def test_a_new_answer_is_confirmed_anew(town: Town) -> None:
    filed, other = resolved(town), file(email="leo@people.example")
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=filed.ticket.pk)
    confirm(concern_id=filed.concern.pk)
    reopen(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Not yet.")
    resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)

    confirm(concern_id=filed.concern.pk)

    assert Event.objects.filter(verb=Verb.CONFIRM).count() == 2


@pytest.mark.parametrize("rating", [1, 5])
def test_a_grade_with_words_is_kept_and_the_event_has_the_grade_alone(
    town: Town, rating: int
) -> None:
    filed = resolved(town)
    with time_machine.travel(MONDAY, tick=False):
        rate(concern_id=filed.concern.pk, rating=rating, words=" Well done! ")

    concern = anew(filed)
    assert (concern.rating, concern.rating_words, concern.rated_at) == (
        rating,
        " Well done! ",
        MONDAY,
    )
    assert last_event().data == {"rating": rating}


def test_a_grade_is_given_again_and_words_are_optional(town: Town) -> None:
    filed = closed(town)
    rate(concern_id=filed.concern.pk, rating=1, words="Bad.")

    rate(concern_id=filed.concern.pk, rating=4, words="  ")

    concern = anew(filed)
    assert (concern.rating, concern.rating_words) == (4, "")


@pytest.mark.parametrize(
    ("rating", "words", "field"),
    [(0, "", "rating"), (6, "", "rating"), (-1, "", "rating"), (3, "a\x00b", "words")],
)
def test_a_grade_out_of_range_is_refused(town: Town, rating: int, words: str, field: str) -> None:
    filed = resolved(town)

    with pytest.raises(Invalid) as refusal:
        rate(concern_id=filed.concern.pk, rating=rating, words=words)

    assert refusal.value.field == field
    assert anew(filed).rating is None


def test_an_objection_of_the_only_one_moves_the_ticket(town: Town) -> None:
    filed = resolved(town)
    confirmed = anew(filed)
    with time_machine.travel(MONDAY, tick=False):
        objection = object_to_result(concern_id=filed.concern.pk, text=NO)

    five_working_days = dt.datetime(2026, 3, 9, 16, 0, tzinfo=dt.UTC)
    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.review_due) == (State.REOPEN_REQUESTED, five_working_days)
    assert (objection.due, objection.verdict, objection.ticket) == (five_working_days, "", ticket)
    message = objection.message
    assert (message.kind, message.direction, message.text) == (
        MessageKind.OBJECTION,
        Direction.IN,
        NO,
    )
    # The answer stays until somebody decides.
    assert ticket.answer_message.text == FIXED.text
    verbs = list(Event.objects.order_by("-pk").values_list("verb", "actor_kind", "concern_ref")[:2])
    assert verbs == [
        (Verb.REVIEW, "system", confirmed.pk),
        (Verb.OBJECT, "citizen", confirmed.pk),
    ]
    assert Event.objects.get(verb=Verb.OBJECT).data == {"objection": objection.pk}


def test_an_objection_among_others_moves_nothing(town: Town) -> None:
    filed, other = in_progress(town), file(email="leo@people.example")
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=filed.ticket.pk)
    resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)

    object_to_result(concern_id=other.concern.pk, text=NO)

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.review_due, ticket.unanswered_since) == (
        State.RESOLVED,
        None,
        None,
    )
    assert last_event().verb == Verb.OBJECT


def test_who_is_out_does_not_count_as_company(town: Town) -> None:
    filed, other = in_progress(town), file(email="leo@people.example")
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=filed.ticket.pk)
    withdraw(concern_id=filed.concern.pk)
    resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)

    object_to_result(concern_id=other.concern.pk, text=NO)

    assert fresh(filed.ticket).state == State.REOPEN_REQUESTED


def test_an_objection_to_a_closed_ticket_waits_and_is_listed(town: Town) -> None:
    filed = closed(town)
    with time_machine.travel(MONDAY, tick=False):
        object_to_result(concern_id=filed.concern.pk, text=NO)

    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.unanswered_since) == (State.CLOSED, MONDAY)


def test_an_objection_takes_the_confirmation_back(town: Town) -> None:
    filed, other = resolved(town), file(email="leo@people.example")
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=filed.ticket.pk)
    confirm(concern_id=filed.concern.pk)

    object_to_result(concern_id=filed.concern.pk, text=NO)

    assert anew(filed).confirmed_at is None


def test_one_objection_at_a_time_and_a_new_one_after_the_decision(town: Town) -> None:
    filed, other = resolved(town), file(email="leo@people.example")
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=filed.ticket.pk)
    first = object_to_result(concern_id=filed.concern.pk, text=NO)
    with pytest.raises(Refused):
        object_to_result(concern_id=filed.concern.pk, text=NO)
    decide_objection(
        actor=town.actor("tess"), objection_id=first.pk, verdict=Verdict.UPHELD, text="Yes."
    )

    object_to_result(concern_id=filed.concern.pk, text="Still not.")

    assert Objection.objects.filter(verdict="").count() == 1


@pytest.mark.parametrize("text", ["", " ", "x" * 10_001])
def test_an_objection_needs_words(town: Town, text: str) -> None:
    filed = resolved(town)

    with pytest.raises(Invalid) as refusal:
        object_to_result(concern_id=filed.concern.pk, text=text)

    assert refusal.value.field == "text"
    assert (Objection.objects.count(), fresh(filed.ticket).state) == (0, State.RESOLVED)


def test_withdrawing_leaves_the_matter_to_the_city(town: Town) -> None:
    filed, other = assigned(town), file(email="leo@people.example")
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=filed.ticket.pk)

    withdraw(concern_id=other.concern.pk)
    left_one = last_event().data
    withdraw(concern_id=filed.concern.pk)

    assert (left_one, last_event().data) == ({"left": 1}, {"left": 0})
    assert {anew(one).standing for one in (filed, other)} == {Standing.WITHDRAWN}
    assert fresh(filed.ticket).state == State.ASSIGNED


def test_a_withdrawal_is_said_once(town: Town) -> None:
    filed = assigned(town)
    withdraw(concern_id=filed.concern.pk)

    with pytest.raises(Refused):
        withdraw(concern_id=filed.concern.pk)


def test_of_a_joined_ticket_the_lead_hears(town: Town) -> None:
    filed = merged(town)

    withdraw(concern_id=filed.concern.pk)

    assert last_event().ticket == fresh(filed.ticket).merged_into


def test_words_of_an_objection_are_kept_as_typed(town: Town) -> None:
    filed = resolved(town)

    object_to_result(concern_id=filed.concern.pk, text="  No!\r\n")

    assert Message.objects.get(kind=MessageKind.OBJECTION).text == "  No!\r\n"
