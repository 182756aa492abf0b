"""Who of the city's people hears of what: every occasion, by role, choice and confidentiality."""

import datetime as dt

import pytest

from accounts.enums import NoticeChoice
from common.actor import Actor
from concerns.actions.deciding import reject
from concerns.actions.ending import reopen, uphold
from concerns.actions.joining import detach
from concerns.actions.people import deactivate_user
from concerns.actions.referring import report_back
from concerns.actions.responsibility import hand_back, route, transfer
from concerns.actions.safeguarding import encircle, exclude, restrict
from concerns.actions.screening import discard, restore
from concerns.actions.voicing import object_to_result
from concerns.actions.words import reply
from concerns.actions.working import accept, assign
from concerns.enums import Channel, Verb
from concerns.notices.staff_occasions import STAFF_OCCASIONS
from notifications.models import Delivery
from tests.concerns.notices.staff import at_once, choose, readers, to_staff
from tests.factories.matters import CircleMemberFactory
from tests.support import stages
from tests.support.town import file

DISPATCHERS = ["dirk", "dora"]
STREETS = ["carl", "clara", "tess"]


def by(town, name, act, filed, **given):
    act(actor=town.actor(name), ticket_id=filed.ticket.pk, **given)


def filed_with_a_rule(town):
    file()


def filed_without_a_rule(town):
    file(category="other")


def filed_on_the_phone(town):
    file(actor=town.actor("carl"), channel=Channel.PHONE)


def filed_where_nobody_works(town):
    file(category="noise")


def routed(town):
    filed = stages.in_triage(town)
    by(town, "dora", route, filed, department_id=town.office("streets").pk)


def transferred(town):
    filed = stages.in_progress(town)
    by(town, "carl", transfer, filed, department_id=town.office("parks").pk, reason="A tree.")


def handed_back(town):
    by(town, "carl", hand_back, stages.in_progress(town), reason="Not ours.")


def handed_back_twice(town):
    filed = stages.in_progress(town)
    by(town, "carl", hand_back, filed, reason="Not ours.")
    by(town, "dora", route, filed, department_id=town.office("parks").pk)
    by(town, "paul", hand_back, filed, reason="Not ours.")


def restored(town):
    filed = stages.discarded(town)
    by(town, "dora", restore, filed, reason="A real hole.")


def detached(town):
    filed = stages.merged(town)

    by(town, "dora", detach, filed)


def reopened(town):
    by(town, "clara", reopen, stages.resolved(town), reason="Still there.")


def reopened_without_anybody(town):
    filed = stages.declined(town, worker="clara")
    deactivate_user(actor=Actor.system(), user_id=town.people["clara"].pk)
    by(town, "carl", reopen, filed, reason="Still there.")


def assigned(town):
    filed = stages.assigned(town)
    by(town, "tess", assign, filed, user_id=town.people["clara"].pk)


def taken(town):
    by(town, "clara", accept, stages.assigned(town))


def assigned_to_oneself(town):
    by(town, "tess", assign, stages.assigned(town), user_id=town.people["tess"].pk)


def written_to_the_assignee(town):
    reply(concern_id=stages.in_progress(town).concern.pk, text="Is anybody coming?")


def written_to_the_department(town):
    reply(concern_id=stages.assigned(town).concern.pk, text="Is anybody coming?")


def reported_once_more(town):
    file(onto=stages.in_progress(town).ticket.pk, actor=town.actor("tess"))


def reported_once_more_to_the_department(town):
    file(onto=stages.assigned(town).ticket.pk, actor=town.actor("tess"))


def written_to_triage(town):
    reply(concern_id=stages.in_triage(town).concern.pk, text="Is anybody coming?")


def written_to_somebody_who_left(town):
    filed = stages.resolved(town, worker="clara")
    town.people["clara"].is_active = False
    town.people["clara"].save(update_fields=["is_active"])
    reply(concern_id=filed.concern.pk, text="Is anybody coming?")


def answered(town):
    reply(concern_id=stages.waiting_reporter(town).concern.pk, text="The left side.")


def reported_back_to_a_colleague(town):
    by(town, "clara", report_back, stages.waiting_external(town), text="The pipe is mended.")


def objected(town):
    object_to_result(concern_id=stages.resolved(town).concern.pk, text="No.")


def objected_to_the_lead(town):
    filed = stages.in_progress(town, worker="tess")
    by(town, "tess", stages.resolve, filed, answer=stages.FIXED)
    object_to_result(concern_id=filed.concern.pk, text="No.")


def objected_again(town):
    """Tess upheld the answer to this person before."""
    filed = stages.reopen_requested(town)
    by(town, "tess", uphold, filed, text="It is filled.")
    object_to_result(concern_id=filed.concern.pk, text="It is not.")


def submitted(town):
    stages.pending_approval(town)


def sent_back(town):
    by(town, "ada", reject, stages.pending_approval(town), reason="Say when.")


# What happens → who hears of it, if everybody wants to; last, the subject after the matter.
TABLE = [
    (filed_with_a_rule, STREETS, "new in Streets"),
    (filed_without_a_rule, DISPATCHERS, "who is responsible?"),
    (filed_on_the_phone, ["clara", "tess"], "new in Streets"),
    (filed_where_nobody_works, DISPATCHERS, "new in Order"),
    (routed, STREETS, "new in Streets"),
    (transferred, ["paul"], "new in Parks"),
    (handed_back, DISPATCHERS, "who is responsible?"),
    (handed_back_twice, DISPATCHERS, "handed back 2 times"),
    (restored, ["dirk"], "who is responsible?"),
    (detached, ["dirk"], "who is responsible?"),
    (reopened, ["carl"], "taken up again"),
    (reopened_without_anybody, ["tess"], "taken up again"),
    (assigned, ["clara"], "assigned to you"),
    (taken, [], ""),
    (assigned_to_oneself, [], ""),
    (written_to_the_assignee, ["carl"], "new message"),
    (written_to_the_department, STREETS, "new message"),
    (written_to_triage, DISPATCHERS, "new message"),
    (reported_once_more, ["carl"], "reported once more"),
    (reported_once_more_to_the_department, ["carl", "clara"], "reported once more"),
    (written_to_somebody_who_left, ["carl", "tess"], "new message"),
    (answered, ["carl"], "our question is answered"),
    (reported_back_to_a_colleague, ["carl"], "the partner reported back"),
    (objected, ["dirk", "dora", "tess"], "objection"),
    (objected_to_the_lead, DISPATCHERS, "objection"),
    (objected_again, DISPATCHERS, "objection"),
    (submitted, ["ada"], "an answer waits for your approval"),
    (sent_back, ["carl"], "your answer was sent back"),
]


@pytest.mark.parametrize(("happens", "who", "words"), TABLE, ids=[one[0].__name__ for one in TABLE])
def test_who_hears_of_it_at_once(town, post, happens, who, words):
    at_once()

    happens(town)

    mails = to_staff(post.out())
    about = [mail for mail in mails if words and mail.subject.endswith(f": {words}")]
    assert readers(about) == who
    if not words:
        assert [mail for mail in mails if "assigned" in mail.subject] == []


def test_every_occasion_is_in_the_table_or_tested_by_itself():
    by_themselves = {
        *(Verb.BOUNCE, Verb.EXPIRE, Verb.DUE_SOON, Verb.OVERDUE, Verb.FAR_OVERDUE, Verb.UNACCEPTED),
        Verb.FOLLOW_UP_DUE,
        Verb.PARTNER_WORD,
    }
    happened = {
        Verb.FILED,
        Verb.ROUTE,
        Verb.TRANSFER,
        Verb.HAND_BACK,
        Verb.RESTORE,
        Verb.DETACH,
        Verb.REOPEN,
        Verb.ASSIGN,
        Verb.REPLY,
        Verb.ANSWER,
        Verb.ADDED,
        Verb.REPORT_BACK,
        Verb.OBJECT,
        Verb.SUBMIT,
        Verb.REJECT,
    }

    assert set(STAFF_OCCASIONS) == happened | by_themselves


@pytest.mark.parametrize("choice", [NoticeChoice.DAILY, NoticeChoice.NONE])
@pytest.mark.parametrize("happens", [one[0] for one in TABLE if one[0] is not handed_back_twice])
def test_who_chose_otherwise_gets_no_letter_and_has_no_row(town, post, happens, choice):
    choose(choice)

    happens(town)

    assert readers(post.out()) == []
    assert Delivery.objects.filter(recipient__startswith="user:").count() == 0


@pytest.mark.parametrize("choice", NoticeChoice.values)
def test_alarms_reach_everybody_whatever_they_chose(town, post, choice):
    choose(choice)

    handed_back_twice(town)

    alarms = [mail for mail in post.out() if mail.subject.startswith("Urgent: ")]
    assert readers(alarms) == DISPATCHERS


def test_one_persons_choice_is_not_anothers(town, post):
    at_once(town.people["clara"])
    choose(NoticeChoice.DAILY, town.people["carl"])

    file()

    assert readers(post.out()) == ["clara"]


def test_of_a_deactivated_person_no_letter_goes_out_nor_stays_on_its_way(town, post):
    at_once()
    town.people["carl"].is_active = False
    town.people["carl"].save(update_fields=["is_active"])
    file()
    post.expand()

    deactivate_user(actor=Actor.system(), user_id=town.people["clara"].pk)

    assert readers(post.out()) == ["tess"]


def test_who_may_no_longer_see_the_ticket_when_it_is_written_hears_nothing(town, post):
    at_once()
    by(town, "tess", assign, file(), user_id=town.people["clara"].pk)
    town.people["clara"].memberships.update(valid_until=dt.date(2026, 11, 15))

    assert readers(post.out()) == ["carl", "tess"]


def test_what_went_on_meanwhile_is_no_news(town, post):
    at_once()
    filed = file()
    by(town, "carl", transfer, filed, department_id=town.office("parks").pk, reason="A tree.")

    assert readers(post.out()) == ["paul"]


# --- confidential and restricted ---------------------------------------------------------------------------------

CIRCLE = ["max", "petra"]


def test_a_confidential_ticket_is_told_to_its_circle_alone_and_never_named(town, post):
    at_once()
    file(category="staff")

    mails = post.out()

    assert readers(mails) == CIRCLE
    assert {mail.subject for mail in to_staff(mails)} == {"A protected ticket waits for you"}
    assert [mail for mail in mails if "Quay" in mail.text + mail.html + mail.subject] == []
    assert [mail for mail in mails if "Staff" in mail.text + mail.html + mail.subject] == []


@pytest.mark.parametrize("act", ["message", "objection", "hand back"])
def test_what_happens_on_a_confidential_ticket_stays_in_its_circle(town, post, act):
    filed = file(category="staff", email="rita@people.example", channel=Channel.MAIL)
    at_once()
    if act == "message":
        reply(concern_id=filed.concern.pk, text="Is anybody coming?")
    elif act == "objection":
        by(town, "petra", accept, filed)
        by(town, "petra", stages.resolve, filed, answer=stages.FIXED)
        object_to_result(concern_id=filed.concern.pk, text="No.")
    else:
        by(town, "petra", hand_back, filed, reason="Not ours.")
    mails = post.out()

    assert set(readers(mails)) <= set(CIRCLE)
    assert readers(mails) != []
    assert [mail.subject for mail in to_staff(mails)] == [
        "A protected ticket waits for you" for _ in to_staff(mails)
    ]


def test_an_excluded_person_hears_nothing(town, post):
    CircleMemberFactory(circle=town.circle, user=town.people["dora"])
    at_once(town.people["petra"], town.people["max"])
    filed = file(category="staff")
    by(town, "dora", exclude, filed, user_id=town.people["petra"].pk)

    assert readers(post.out()) == ["max"]


def test_a_ticket_made_confidential_before_the_letter_is_written_is_not_named(town, post):
    at_once()
    filed = file()
    by(town, "carl", encircle, filed, circle_key="personnel")

    mails = to_staff(post.out())

    assert readers(mails) == CIRCLE
    assert {mail.subject for mail in mails} == {"A protected ticket waits for you"}


def test_of_a_restricted_ticket_only_its_administrators_hear_and_it_is_not_named(town, post):
    filed = stages.in_progress(town)
    by(town, "alma", restrict, filed, reason="disputed")
    at_once()
    post.out()

    reply(concern_id=filed.concern.pk, text="Is anybody coming?")

    mails = to_staff(post.out())
    assert [(mail.to, mail.subject) for mail in mails] == [
        ("alma@northmoor.example", "A protected ticket waits for you")
    ]
    assert [mail for mail in mails if "Quay" in mail.text + mail.html] == []


def test_spam_is_no_news(town, post):
    at_once()
    filed = file()
    by(town, "dora", discard, filed, reason="Advertising.")

    assert readers(post.out()) == []
