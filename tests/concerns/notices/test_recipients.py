"""Who is told, who is not, and who only once."""

import pytest
import time_machine

from common.clock import now
from common.models import ViewLog
from concerns.actions.contact import note_bounce
from concerns.actions.deciding import Answer, approve, resolve, submit
from concerns.actions.ending import close_when_over, decide_objection, reopen
from concerns.actions.joining import detach, join
from concerns.actions.people import deactivate_user
from concerns.actions.referring import refer, report_back
from concerns.actions.responsibility import hand_back, route, transfer
from concerns.actions.screening import discard, mark_spam, restore
from concerns.actions.voicing import confirm, object_to_result, rate, withdraw
from concerns.actions.waiting import ask, remind_or_expire
from concerns.actions.words import reply, send_message
from concerns.actions.working import accept, schedule, start
from concerns.enums import Channel, Outcome, Verdict
from tests.support.town import file

FIXED = Answer(outcome=Outcome.FIXED, text="The hole is filled.")


def known(name, language="en", **more):
    """A concern whose person has a confirmed address, for it came by mail."""
    return file(email=f"{name}@people.example", channel=Channel.MAIL, language=language, **more)


def together(town, *names, language="en"):
    """Concerns of these people on the first one's ticket, accepted by Carl."""
    first, *others = [known(name, language) for name in names]
    accept(actor=town.actor("carl"), ticket_id=first.ticket.pk)
    for other in others:
        join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=first.ticket.pk)
    return [first, *others]


def resolve_by_carl(town, ticket_id):
    resolve(actor=town.actor("carl"), ticket_id=ticket_id, answer=FIXED)


def test_thirty_seven_people_are_answered_each_in_their_language(town, post):
    first, *others = [
        known(f"person{number}", "de" if number % 3 else "en") for number in range(37)
    ]
    accept(actor=town.actor("carl"), ticket_id=first.ticket.pk)
    for other in others:
        join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=first.ticket.pk)
    post.out()

    resolve_by_carl(town, first.ticket.pk)
    mails = post.out()

    subjects = {
        "de": "Schlagloch, Quay Street 5: erledigt",
        "en": "Pothole, Quay Street 5: done",
    }
    expected = {
        f"person{number}@people.example": "de" if number % 3 else "en" for number in range(37)
    }
    assert len(mails) == 37
    assert {mail.to: mail.language for mail in mails} == expected
    assert {(mail.language, mail.subject) for mail in mails} == set(subjects.items())


def test_each_person_gets_their_own_reference_and_link(town, post):
    one, other = together(town, "rita", "leo")
    post.out()

    resolve_by_carl(town, one.ticket.pk)
    mails = {mail.to: mail for mail in post.out()}

    assert mails["rita@people.example"].said(one.concern)[-1] == "LINK"
    assert mails["leo@people.example"].said(other.concern)[-1] == "LINK"
    assert other.concern.reference not in mails["rita@people.example"].text


def test_spam_withdrawn_undeliverable_and_silent_people_are_not_told(town, post):
    filed = together(town, "rita", "spam", "gone", "bounced")
    without_mail = file()
    join(actor=town.actor("dora"), ticket_id=without_mail.ticket.pk, lead_id=filed[0].ticket.pk)
    mark_spam(actor=town.actor("dora"), concern_id=filed[1].concern.pk)
    withdraw(concern_id=filed[2].concern.pk)
    note_bounce(concern_id=filed[3].concern.pk, code="550")
    post.out()

    resolve_by_carl(town, filed[0].ticket.pk)

    assert post.recipients() == ["rita@people.example"]


def test_nobody_is_told_of_what_happened_before_they_came_or_after_they_left(town, post):
    lead, joined = together(town, "rita", "leo")
    post.out()
    send_message(actor=town.actor("carl"), ticket_id=lead.ticket.pk, text="To both.")
    with time_machine.travel(now().replace(hour=12)):
        detach(actor=town.actor("dora"), ticket_id=joined.ticket.pk)
        late = known("late")
        join(actor=town.actor("dora"), ticket_id=late.ticket.pk, lead_id=lead.ticket.pk)
        told = [mail.to for mail in post.out() if mail.subject.endswith("a message for you")]

    assert sorted(told) == ["leo@people.example", "rita@people.example"]


def test_a_message_to_one_person_reaches_nobody_else(town, post):
    one, other = together(town, "rita", "leo")
    post.out()

    send_message(
        actor=town.actor("carl"),
        ticket_id=one.ticket.pk,
        text="Only to you.",
        concern_ids=[other.concern.pk],
    )

    assert post.recipients() == ["leo@people.example"]


def test_each_message_carries_its_own_words_however_late_it_is_written(town, post):
    one, other = together(town, "rita", "leo")
    carl, ticket_id = town.actor("carl"), one.ticket.pk
    post.out()

    send_message(actor=carl, ticket_id=ticket_id, text="For all.")
    send_message(actor=carl, ticket_id=ticket_id, text="For Leo.", concern_ids=[other.concern.pk])
    mails = [(mail.to, mail.said(one.concern)[2]) for mail in post.out()]

    assert sorted(mails) == [
        ("leo@people.example", "For Leo."),
        ("leo@people.example", "For all."),
        ("rita@people.example", "For all."),
    ]


def test_a_question_and_its_reminder_go_to_who_was_asked(town, post):
    one, other = together(town, "rita", "leo")
    post.out()
    ask(
        actor=town.actor("carl"),
        ticket_id=one.ticket.pk,
        text="Which side?",
        concern_ids=[other.concern.pk],
    )
    asked = post.recipients()

    with time_machine.travel("2026-12-01T10:00:00Z"):
        remind_or_expire(ticket_id=one.ticket.pk)
        reminded = post.recipients()

    assert (asked, reminded) == (["leo@people.example"], ["leo@people.example"])


def test_reminding_a_partner_tells_no_citizen(town, post):
    [one] = together(town, "rita")
    refer(actor=town.actor("carl"), ticket_id=one.ticket.pk, partner="Mere Water", text="Pipe.")
    post.out()

    with time_machine.travel("2026-12-01T10:00:00Z"):
        remind_or_expire(ticket_id=one.ticket.pk)
        assert post.out() == []


def test_a_newcomer_to_an_answered_matter_gets_the_answer_at_once(town, post):
    [lead] = together(town, "rita")
    resolve_by_carl(town, lead.ticket.pk)
    post.out()
    with time_machine.travel("2026-11-20T10:00:00Z"):
        late = known("leo")
        post.out()
        join(actor=town.actor("dora"), ticket_id=late.ticket.pk, lead_id=lead.ticket.pk)
        mail = post.only()

    assert (mail.to, mail.subject) == ("leo@people.example", "Pothole, Quay Street 5: done")
    assert mail.said(late.concern) == [
        "Done: fixed. If that is not right, tell us by 30 November.",
        "Handled together with 1 similar report.",
        "Our answer:",
        "The hole is filled.",
        "Are you content with this answer, or not? Tell us by 30 November, here:",
        "LINK",
    ]


def test_objection_and_decision_stay_between_the_city_and_one_person(town, post):
    one, other = together(town, "rita", "leo")
    resolve_by_carl(town, one.ticket.pk)
    post.out()
    objection = object_to_result(concern_id=other.concern.pk, text="No.")
    receipted = post.recipients()

    decide_objection(
        actor=town.actor("dora"), objection_id=objection.pk, verdict=Verdict.UPHELD, text="No."
    )

    assert (receipted, post.recipients()) == (["leo@people.example"], ["leo@people.example"])


def test_reopening_by_an_objection_tells_the_others_that_work_goes_on(town, post):
    one, other = together(town, "rita", "leo")
    resolve_by_carl(town, one.ticket.pk)
    objection = object_to_result(concern_id=other.concern.pk, text="No.")
    post.out()

    decide_objection(
        actor=town.actor("dora"), objection_id=objection.pk, verdict=Verdict.REOPENED, text="Yes."
    )

    assert {mail.to: mail.subject for mail in post.out()} == {
        "leo@people.example": "Pothole, Quay Street 5: decision on your objection",
        "rita@people.example": "Pothole, Quay Street 5: taken up again",
    }


def test_reopening_otherwise_tells_everybody(town, post):
    one, other = together(town, "rita", "leo")
    resolve_by_carl(town, one.ticket.pk)
    object_to_result(concern_id=other.concern.pk, text="No.")
    post.out()

    reopen(actor=town.actor("dora"), ticket_id=one.ticket.pk, reason="It broke again.")

    assert post.recipients() == ["leo@people.example", "rita@people.example"]


def test_approving_tells_and_submitting_does_not(town, post):
    filed = known("rita", category="appeal")
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    post.out()
    submit(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)
    after_submitting = post.out()

    approve(actor=town.actor("ada"), ticket_id=filed.ticket.pk)

    assert (after_submitting, post.recipients()) == ([], ["rita@people.example"])


def test_a_transfer_nobody_heard_the_department_before_is_silent(town, post):
    filed = known("rita")
    post.out()
    parks = town.office("parks").pk
    transfer(actor=town.actor("carl"), ticket_id=filed.ticket.pk, department_id=parks, reason="x")
    after_transfer = post.out()

    accept(actor=town.actor("paul"), ticket_id=filed.ticket.pk)

    assert after_transfer == []
    assert post.only().subject == "Pothole, Quay Street 5: in progress with Parks"


def test_accepting_after_a_transfer_that_was_told_is_silent(town, post):
    [filed] = together(town, "rita")
    parks = town.office("parks").pk
    transfer(actor=town.actor("carl"), ticket_id=filed.ticket.pk, department_id=parks, reason="x")
    post.out()

    accept(actor=town.actor("paul"), ticket_id=filed.ticket.pk)

    assert post.out() == []


def test_a_way_back_to_the_same_department_is_silent(town, post):
    [filed] = together(town, "rita")
    post.out()
    ticket_id, streets = filed.ticket.pk, town.office("streets").pk

    hand_back(actor=town.actor("carl"), ticket_id=ticket_id, reason="Not ours.")
    route(actor=town.actor("dora"), ticket_id=ticket_id, department_id=streets)
    accept(actor=town.actor("clara"), ticket_id=ticket_id)

    assert post.out() == []


def test_what_concerns_nobody_outside_sends_nothing(town, post):
    [filed] = together(town, "rita")
    carl, ticket_id = town.actor("carl"), filed.ticket.pk
    refer(actor=carl, ticket_id=ticket_id, partner="Mere Water", text="Pipe.")
    schedule_after_report(town, ticket_id)
    post.out()

    start(actor=carl, ticket_id=ticket_id)
    reply(concern_id=filed.concern.pk, text="Thanks.")
    deactivate_user(actor=town.actor("alma"), user_id=town.people["carl"].pk)

    assert post.out() == []


def schedule_after_report(town, ticket_id):
    report_back(actor=town.actor("carl"), ticket_id=ticket_id, text="Done there.")
    schedule(actor=town.actor("carl"), ticket_id=ticket_id, date=now().date())


def test_what_people_do_after_the_answer_sends_nothing(town, post):
    [filed] = together(town, "rita")
    resolve_by_carl(town, filed.ticket.pk)
    post.out()

    rate(concern_id=filed.concern.pk, rating=5)
    confirm(concern_id=filed.concern.pk)

    assert post.out() == []


def test_closing_by_time_sends_nothing(town, post):
    [filed] = together(town, "rita")
    resolve_by_carl(town, filed.ticket.pk)
    post.out()

    with time_machine.travel("2026-12-10T10:00:00Z"):
        close_when_over(ticket_id=filed.ticket.pk)
        assert post.out() == []


def test_discarding_and_restoring_send_nothing(town, post):
    filed = known("rita")
    post.out()

    discard(actor=town.actor("dora"), ticket_id=filed.ticket.pk, reason="Advertising.")
    restore(actor=town.actor("dora"), ticket_id=filed.ticket.pk, reason="It was none.")

    assert post.out() == []


def test_an_employee_gets_mail_at_their_own_address_and_no_confirmation(town, post):
    iris = town.people["norman"]
    filed = file(category="it-incident", actor=town.actor("norman"), language="en")

    mail = post.only()

    assert (mail.to, mail.said(filed.concern)[-2]) == (iris.email, "LINK")


def test_a_former_employee_gets_none(town, post):
    file(category="it-incident", actor=town.actor("norman"))
    deactivate_user(actor=town.actor("alma"), user_id=town.people["norman"].pk)

    assert post.out() == []


@pytest.mark.parametrize(("language", "spoken"), [("tr", "en"), ("de-at", "de")])
def test_a_language_nobody_translated_becomes_the_citys(post, language, spoken):
    known("rita", language)

    assert post.only().language == spoken


def test_reading_the_addresses_is_logged_person_by_person(town, post):
    one, other = together(town, "rita", "leo")
    post.out()
    ViewLog.objects.all().delete()

    resolve_by_carl(town, one.ticket.pk)
    post.out()

    rows = ViewLog.objects.order_by("pk").values_list(
        "actor_kind", "subject_kind", "subject_id", "purpose"
    )
    assert list(rows) == [
        ("system", "reporter", filed.concern.reporter_id, "delivery") for filed in (one, other)
    ]
