"""Buttons and rights agree: what is offered works, and what is not offered is refused."""

import pytest

from common.actor import Actor
from concerns.actions.correcting import publish, unpublish
from concerns.actions.filing import Filed
from concerns.actions.safeguarding import exclude
from concerns.actions.screening import mark_spam
from concerns.actions.voicing import withdraw
from concerns.actions.words import reply
from concerns.enums import State, Verb
from concerns.errors import DomainError, Invalid
from concerns.models import Ticket
from concerns.queries.allowed import allowed_actions
from concerns.queries.placements import company
from concerns.queries.tickets import ticket_detail
from concerns.queries.visible import visible
from tests.concerns.test_permissions import BY_CLOCK
from tests.factories.matters import CircleMemberFactory
from tests.support.acts import ALL, Act
from tests.support.sql import statements
from tests.support.stages import (
    STAGES,
    assigned,
    in_progress,
    pending_approval,
    reopen_requested,
    upheld_and_objected_again,
)
from tests.support.town import Town, file
from tests.support.undo import try_out

PEOPLE = ("dora", "carl", "tess", "ada", "alma", "max")
# One way to do each act is enough here; joining needs a partner, which `file` of the test provides.
ONE_EACH = {act.verb: act for act in reversed(ALL)}
# What works though no button shows it, each for a reason:
UNSEEN = {
    # Done about one objection, not about the ticket: offered beside the objection.
    Verb.DECIDE_OBJECTION,
    # The same act under two names; their own test is below.
    Verb.SCHEDULE,
    Verb.RESCHEDULE,
    # Four eyes may be asked for where they are not demanded.
    Verb.SUBMIT,
    # Who is about to make a ticket confidential can first keep a person out of it.
    Verb.EXCLUDE,
}

# Acts about a concern that stands elsewhere now, or that is spam with its whole ticket.
ABOUT_CONCERNS = {
    Verb.SPLIT,
    Verb.MARK_SPAM,
    Verb.UNMARK_SPAM,
    Verb.CORRECT_CONTACT,
    Verb.RENEW_PROOF,
}


NOT_THERE = (State.MERGED, State.DISCARDED)


def offered(actor: Actor, ticket: Ticket) -> list[Verb]:
    fresh = Ticket.objects.select_related("category", "answer_message").get(pk=ticket.pk)
    return allowed_actions(actor, fresh, company(fresh))


def works(town: Town, act: Act, actor: Actor, filed: Filed) -> bool:
    """Whether the act is admitted, a refused input aside; nothing stays of it."""
    try:
        try_out(lambda: act.do(town, actor, filed))
    except Invalid:
        return True
    except DomainError:
        return False
    return True


@pytest.mark.parametrize("state", STAGES)
def test_a_button_is_there_exactly_when_the_act_works(town: Town, state: State) -> None:
    filed = STAGES[state](town)
    file()  # something to join
    differences = set()
    for name in PEOPLE:
        actor = town.actor(name)
        if not visible(actor).filter(pk=filed.ticket.pk).exists():
            continue
        buttons = set(offered(actor, filed.ticket))
        for verb, act in ONE_EACH.items():
            if verb in UNSEEN or (verb in ABOUT_CONCERNS and state in NOT_THERE):
                continue
            if works(town, act, actor, filed) != (verb in buttons):
                differences.add((name, verb.value, "offered" if verb in buttons else "not offered"))

    assert differences == set()


def test_acts_of_the_clock_are_no_buttons(town: Town) -> None:
    for stage in STAGES.values():
        buttons = set(offered(Actor.system(), stage(town).ticket))
        assert not buttons & BY_CLOCK


@pytest.mark.parametrize(
    ("state", "verb"),
    [(State.IN_PROGRESS, Verb.SCHEDULE), (State.SCHEDULED, Verb.RESCHEDULE)],
)
def test_a_date_is_planned_once_and_then_moved(town: Town, state: State, verb: Verb) -> None:
    dates = {Verb.SCHEDULE, Verb.RESCHEDULE}

    assert set(offered(town.actor("carl"), STAGES[state](town).ticket)) & dates == {verb}


def test_where_approval_is_asked_for_the_answer_is_submitted(town: Town) -> None:
    plain, appeal = in_progress(town), in_progress(town, category="appeal")
    answers = {Verb.RESOLVE, Verb.DECLINE, Verb.SUBMIT}

    found = [set(offered(town.actor("carl"), one.ticket)) & answers for one in (plain, appeal)]

    assert found == [{Verb.RESOLVE, Verb.DECLINE}, {Verb.SUBMIT}]


def test_nobody_is_asked_who_left_no_address(town: Town) -> None:
    silent, reachable = file(), file(email="rita@people.example")
    for filed in (silent, reachable):
        ONE_EACH[Verb.ACCEPT].do(town, town.actor("carl"), filed)

    found = [Verb.ASK in offered(town.actor("carl"), one.ticket) for one in (silent, reachable)]

    assert found == [False, True]


def test_what_hangs_on_the_people_placed_there(town: Town) -> None:
    """Close after withdrawal, undo of spam, and dealing with what is unanswered."""
    waiting = {Verb.CLOSE_WITHDRAWN, Verb.UNMARK_SPAM, Verb.MARK_SPAM, Verb.SETTLE}
    plain, withdrawn, spam, written = (assigned(town) for _ in range(4))
    withdraw(concern_id=withdrawn.concern.pk)
    mark_spam(actor=town.actor("dora"), concern_id=spam.concern.pk)
    reply(concern_id=written.concern.pk, text="Hello?")

    found = [
        set(offered(town.actor("dora"), one.ticket)) & waiting
        for one in (plain, withdrawn, spam, written)
    ]

    assert found == [
        {Verb.MARK_SPAM},
        {Verb.CLOSE_WITHDRAWN, Verb.UNMARK_SPAM},
        {Verb.CLOSE_WITHDRAWN, Verb.UNMARK_SPAM},
        {Verb.MARK_SPAM, Verb.SETTLE},
    ]


def test_buttons_cost_nothing_but_where_approvers_or_reviewers_are_asked_for(town: Town) -> None:
    costs = []
    for filed in (assigned(town), pending_approval(town), reopen_requested(town)):
        ticket = ticket_detail(town.actor("tess"), filed.ticket.pk).ticket
        there, actor = company(ticket), town.actor("tess")
        with statements() as said:
            allowed_actions(actor, ticket, there)
        costs.append(len(said))

    assert costs == [0, 2, 1]


def test_who_upheld_before_has_no_button_to_review_again(town: Town) -> None:
    filed = upheld_and_objected_again(town, by="tess")
    review = {Verb.UPHOLD, Verb.REOPEN}

    found = {name: set(offered(town.actor(name), filed.ticket)) & review for name in PEOPLE}

    assert found == {name: review if name == "dora" else set() for name in PEOPLE}


def test_somebody_is_admitted_again_where_somebody_is_excluded(town: Town) -> None:
    one, other = in_progress(town), in_progress(town)
    exclude(actor=town.actor("tess"), ticket_id=one.ticket.pk, user_id=town.people["paul"].pk)

    found = [Verb.READMIT in offered(town.actor("tess"), filed.ticket) for filed in (one, other)]

    assert found == [True, False]


def test_what_is_published_can_be_taken_back_and_nothing_else(town: Town) -> None:
    ticket = assigned(town).ticket
    carl = town.actor("carl")
    both = {Verb.PUBLISH, Verb.UNPUBLISH}
    found = [set(offered(carl, ticket)) & both]
    publish(actor=carl, ticket_id=ticket.pk)
    found.append(set(offered(carl, ticket)) & both)
    unpublish(actor=carl, ticket_id=ticket.pk)
    found.append(set(offered(carl, ticket)) & both)

    assert found == [{Verb.PUBLISH}, {Verb.UNPUBLISH}, {Verb.PUBLISH}]


def test_what_must_not_be_published_has_no_button(town: Town) -> None:
    internal = file(category="it-incident", actor=town.actor("norman"))
    secret = file(category="staff")

    assert Verb.PUBLISH not in offered(town.actor("iris"), internal.ticket)
    assert Verb.PUBLISH not in offered(town.actor("petra"), secret.ticket)


@pytest.mark.parametrize("state", [State.MERGED, State.DISCARDED])
def test_nobody_is_written_to_where_nobody_is(town: Town, state: State) -> None:
    assert Verb.MESSAGE not in offered(town.actor("dora"), STAGES[state](town).ticket)


def test_a_confidential_ticket_offers_what_it_needs(town: Town) -> None:
    CircleMemberFactory(circle=town.circle, user=town.people["tess"])
    plain, secret = assigned(town), file(category="staff")
    about = {Verb.ENCIRCLE, Verb.LIFT_CIRCLE, Verb.EXCLUDE}

    found = [set(offered(town.actor("tess"), one.ticket)) & about for one in (plain, secret)]

    assert found == [{Verb.ENCIRCLE}, {Verb.LIFT_CIRCLE, Verb.EXCLUDE}]


def test_a_ticket_without_a_department_has_nobody_to_assign(town: Town) -> None:
    triage, ours = file(category="other"), file()

    found = [Verb.ASSIGN in offered(town.actor("dora"), one.ticket) for one in (triage, ours)]

    assert found == [False, True]
