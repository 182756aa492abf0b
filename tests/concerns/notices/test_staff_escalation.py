"""Who hears that a date is near, has passed, passed long ago, or that nobody accepts a ticket; and what they read."""

import datetime as dt

import pytest

from accounts.enums import NoticeChoice
from concerns.actions.escalating import escalate
from concerns.actions.responsibility import transfer
from concerns.actions.safeguarding import encircle
from concerns.actions.words import send_message
from concerns.models import Ticket
from departments.enums import Capability
from departments.models import Membership
from tests.concerns.notices.staff import at_once, choose, readers, said, to_staff
from tests.factories.organisation import MembershipFactory
from tests.support.stages import in_progress
from tests.support.stories import at
from tests.support.town import Town, file

# The stage begins on Monday, 16 November 2026; a pothole is answered by the 19th and mended by the 30th.
NEAR = dt.datetime(2026, 11, 27, 8, tzinfo=dt.UTC)
OVER = dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC)
LONG_OVER = dt.datetime(2026, 12, 8, 8, tzinfo=dt.UTC)


@pytest.fixture
def ticket(town: Town, post) -> Ticket:
    """Carl works on it, and people have heard from us; everybody chose to hear nothing."""
    choose(NoticeChoice.NONE)
    filed = in_progress(town)
    send_message(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="We come on Friday.")
    post.out()
    return filed.ticket


def letters(post, moment: dt.datetime):
    with at(moment):
        escalate()
        return to_staff(post.out())


def test_the_assignee_hears_that_it_is_near_if_they_want_to(town, post, ticket):
    at_once(town.people["carl"])

    [mail] = letters(post, NEAR)

    assert (readers([mail]), mail.subject) == (
        ["carl"],
        "Pothole, Quay Street 5: due on 30 November",
    )
    assert said(mail)[0] == "The result is due on 30 November."


def test_who_wants_to_hear_nothing_is_not_told_that_it_is_near(post, ticket):
    assert letters(post, NEAR) == []


def test_the_leads_hear_that_it_is_over_and_the_head_that_it_is_long_over(town, post, ticket):
    [mail] = letters(post, OVER)
    assert readers([mail]) == ["tess"]
    assert mail.subject == "Urgent: Pothole, Quay Street 5: overdue: due on 30 November"
    assert said(mail)[:2] == ["The result is due on 30 November.", "Carl works on it."]

    [mail] = letters(post, LONG_OVER)
    assert readers([mail]) == ["max"]
    assert mail.subject == "Urgent: Pothole, Quay Street 5: long overdue: due on 30 November"
    assert said(mail)[:3] == [
        "The result is due on 30 November.",
        "Five working days and more have passed since.",
        "Carl works on it.",
    ]
    assert letters(post, LONG_OVER) == []


def test_the_nearest_head_hears_it(town, post, ticket):
    MembershipFactory(
        user=town.people["hanna"],
        department=town.office("public-works"),
        capability=Capability.MANAGER,
    )

    assert readers(letters(post, LONG_OVER)) == ["hanna"]


def test_without_leads_and_heads_the_desk_hears_it(town, post, ticket):
    Membership.objects.filter(capability__in=[Capability.TEAM_LEAD, Capability.MANAGER]).delete()

    assert readers(letters(post, OVER)) == ["carl", "clara"]
    assert readers(letters(post, LONG_OVER)) == ["carl", "clara"]


def test_the_leads_hear_that_nobody_accepts_it(town, post):
    choose(NoticeChoice.NONE)
    file()
    post.out()

    mails = letters(post, dt.datetime(2026, 11, 19, 8, tzinfo=dt.UTC))

    [mail] = [one for one in mails if "accepts" in one.subject]
    assert readers([mail]) == ["tess"]
    assert mail.subject == "Urgent: Pothole, Quay Street 5: nobody accepts it"
    assert said(mail)[:2] == [
        "The ticket has been with Streets since 16 November, and nobody has accepted it.",
        "Please give it to somebody, or pass it on.",
    ]


def test_what_went_on_before_the_letter_was_written_is_no_news(town, post, ticket):
    with at(OVER):
        escalate()
        transfer(
            actor=town.actor("carl"),
            ticket_id=ticket.pk,
            department_id=town.office("parks").pk,
            reason="Roots.",
        )
        Ticket.objects.filter(pk=ticket.pk).update(resolution_due=LONG_OVER)
        choose(NoticeChoice.NONE)
        mails = to_staff(post.out())

    assert [one for one in mails if "overdue" in one.subject] == []


def test_of_a_confidential_ticket_its_circle_alone_hears(town, post, ticket):
    encircle(actor=town.actor("carl"), ticket_id=ticket.pk, circle_key=town.circle.key)
    post.out()

    mails = letters(post, OVER)

    assert readers(mails) == ["max", "petra"]
    assert {one.subject for one in mails} == {"Urgent: a protected ticket waits for you"}
