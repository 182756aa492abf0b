"""The course of a matter in sentences for the person it concerns; no internal word stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from common.actor import Actor
from common.clock import today
from concerns.enums import ANSWERED_STATES, State, Verb, Verdict
from concerns.models import Event
from concerns.publishing import long_date, standing_sentence
from concerns.queries.own import Standing, standing
from departments.models import Department

COURSE: Mapping[str, StrOrPromise] = {
    Verb.FILED: gettext_lazy("We received your concern."),
    Verb.FOLLOWED: gettext_lazy("You follow this matter."),
    Verb.START_TRIAGE: gettext_lazy("We are finding out who is responsible."),
    Verb.ROUTE: gettext_lazy("We gave your concern to %(department)s."),
    Verb.TRANSFER: gettext_lazy("We gave your concern to %(department)s."),
    Verb.ACCEPT: gettext_lazy("Somebody works on it now."),
    Verb.SCHEDULE: gettext_lazy("We planned it for %(date)s."),
    Verb.RESCHEDULE: gettext_lazy("We had to move it to %(date)s."),
    Verb.START: gettext_lazy("The work has begun."),
    Verb.ANSWER: gettext_lazy("You answered our question."),
    Verb.REPLY: gettext_lazy("You wrote to us."),
    Verb.REFER: gettext_lazy("We passed it to another body and follow it up."),
    Verb.REPORT_BACK: gettext_lazy("The other body reported back to us."),
    Verb.RESOLVE: gettext_lazy("We answered you."),
    Verb.DECLINE: gettext_lazy("We answered you."),
    Verb.APPROVE: gettext_lazy("We answered you."),
    Verb.REOPEN: gettext_lazy("We took your concern up again."),
    Verb.CLOSE: gettext_lazy("Your concern is closed."),
    Verb.UPHOLD: gettext_lazy("Your concern is closed."),
    Verb.JOIN: gettext_lazy("Others reported the same. We handle it together."),
    Verb.DETACH: gettext_lazy("We handle your concern on its own again."),
    Verb.SPLIT: gettext_lazy("You told us of two matters. The second has a reference of its own."),
    Verb.CONFIRM: gettext_lazy("You told us that it is settled."),
    Verb.OBJECT: gettext_lazy("You objected to the result."),
    Verb.WITHDRAW: gettext_lazy("You withdrew your concern."),
    Verb.RATE: gettext_lazy("You told us how you found it."),
    Verb.CONFIRM_ADDRESS: gettext_lazy("You confirmed your e-mail address."),
    Verb.CORRECT_CONTACT: gettext_lazy("Your contact data were corrected."),
}
DECISIONS: Mapping[str, StrOrPromise] = {
    Verdict.REOPENED: gettext_lazy("We agreed with your objection and took it up again."),
    Verdict.DETACHED: gettext_lazy(
        "We agreed with your objection and handle your concern on its own."
    ),
    Verdict.UPHELD: gettext_lazy("We decided on your objection: the answer stands."),
}


# States whose own sentence names the date.
SAID_BY_THE_STATE = (State.RECEIVED, State.SCHEDULED, *ANSWERED_STATES)


@dataclass(frozen=True, slots=True)
class Entry:
    at: datetime
    sentence: str


def course(events: list[Event]) -> list[Entry]:
    """What happened, newest first (one statement for the departments named)."""
    named = {event.data.get("department") for event in events if event.data.get("department")}
    departments = Department.objects.in_bulk(named) if named else {}
    entries = [Entry(event.at, sentence_for(event, departments)) for event in events]
    return [entry for entry in reversed(entries) if entry.sentence]


def sentence_for(event: Event, departments: Mapping[int, Department]) -> str:
    if event.verb == Verb.DECIDE_OBJECTION:
        return str(DECISIONS.get(event.data.get("verdict", ""), ""))
    words = str(COURSE.get(event.verb, ""))
    department = departments.get(event.data.get("department") or 0)
    values: dict[str, Any] = {
        "department": department.name if department else _("the department responsible"),
        "date": day(event.data.get("date")),
    }
    return words % values if words else ""


def day(text: str | None) -> str:
    return long_date(datetime.fromisoformat(text).date()) if text else ""


def sentence_of(actor: Actor) -> str:
    """The state of a proven concern as a sentence."""
    return state_of(standing(actor))


def state_of(stands: Standing) -> str:
    return standing_sentence(stands.concern, stands.ticket, stands.state, date=stands.next_date)


def next_of(stands: Standing) -> str:
    """What comes next and by when; empty where the state's own sentence says it or nothing comes."""
    ticket = stands.ticket
    if not stands.concern.is_active or stands.objected or ticket.state in SAID_BY_THE_STATE:
        return ""
    if ticket.state in (State.CLOSED, State.DISCARDED):
        return _("Nothing further happens. You can still write to us.")
    return promise(stands) if stands.next_date else ""


def promise(stands: Standing) -> str:
    """The date a person can hold us to, or we them; a day that has passed is owned up to."""
    if stands.next_date is None:
        return ""
    late = stands.next_date < today()
    if stands.must_reply:
        words = _("Please answer by %(date)s. Then we carry on.")
    elif stands.ticket.first_responded_at is None:
        words = _("You hear from us by %(date)s.")
        if late:
            words = _("We wanted to write to you by %(date)s. It takes longer; we keep at it.")
    else:
        words = _("We want to be done by %(date)s.")
        if late:
            words = _("We wanted to be done by %(date)s. It takes longer; we keep at it.")
    return words % {"date": long_date(stands.next_date)}
