"""Letters reach who is there: the deputy instead of who is away, as far as they may know of the matter."""

import datetime as dt

import pytest

from accounts.enums import NoticeChoice
from concerns.actions.escalating import escalate
from concerns.actions.following_up import bring_up, follow_up
from concerns.actions.safeguarding import encircle
from concerns.actions.words import reply, send_message
from concerns.actions.working import assign
from tests.concerns.notices.staff import at_once, choose, readers, said, to_staff
from tests.factories.organisation import AbsenceFactory
from tests.support.stages import in_progress
from tests.support.stories import at
from tests.support.town import Town

LATER = dt.date(2027, 6, 1)
OVER = dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC)
LONG_OVER = dt.datetime(2026, 12, 8, 8, tzinfo=dt.UTC)


def away(town: Town, name: str, deputy: str) -> None:
    days = {"starts": dt.date(2026, 1, 1), "ends": LATER}
    AbsenceFactory(user=town.people[name], deputy=town.people[deputy], **days)


@pytest.fixture
def filed(town: Town, post):
    choose(NoticeChoice.NONE)
    filed = in_progress(town)
    send_message(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="We come on Friday.")
    post.out()
    return filed


def test_an_overdue_chain_reaches_the_deputies_up_to_the_heads(town, post, filed):
    away(town, "tess", "clara")
    away(town, "clara", "paul")
    away(town, "max", "hanna")

    with at(OVER):
        escalate()
        assert readers(to_staff(post.out())) == ["paul"]
    with at(LONG_OVER):
        escalate()
        assert readers(to_staff(post.out())) == ["hanna"]


def test_the_assignees_deputy_hears_by_their_own_choice(town, post, filed):
    away(town, "carl", "paul")
    reply(concern_id=filed.concern.pk, text="It grows.")
    assert readers(to_staff(post.out())) == []

    at_once(town.people["paul"])
    at_once(town.people["carl"])
    reply(concern_id=filed.concern.pk, text="And grows.")
    assert readers(to_staff(post.out())) == ["paul"]


def test_whose_deputy_may_not_know_of_it_hears_themself(town, post, filed):
    encircle(actor=town.actor("dora"), ticket_id=filed.ticket.pk, circle_key="personnel")
    petra = town.people["petra"]
    assign(actor=town.actor("max"), ticket_id=filed.ticket.pk, user_id=petra.pk)
    post.out()
    away(town, "petra", "paul")
    at_once(petra)
    at_once(town.people["paul"])

    reply(concern_id=filed.concern.pk, text="It grows.")

    assert readers(to_staff(post.out())) == ["petra"]


def test_whoever_has_the_ticket_hears_that_its_day_has_come(town, post, filed):
    day = dt.date(2026, 11, 20)
    plan = {"ticket_id": filed.ticket.pk, "date": day, "text": "Has Rita's hole sunk?"}
    follow_up(actor=town.actor("carl"), **plan)
    at_once(town.people["carl"])

    with at(dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)):
        bring_up()
        [mail] = to_staff(post.out())

    assert readers([mail]) == ["carl"]
    assert mail.subject == "Pothole, Quay Street 5: comes up again today"
    assert said(mail)[0] == (
        "Somebody wanted to look at this ticket again today; a note in it says what for."
    )
    assert "Rita" not in " ".join(said(mail))
