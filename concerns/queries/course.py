"""The course of a matter in sentences for the person it concerns; no internal word stands in them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from common.words import in_language
from concerns.enums import Verb, Verdict
from concerns.models import Event
from concerns.publishing import long_date
from departments.models import Department

COURSE: Mapping[str, StrOrPromise] = {
    Verb.FILED: gettext_lazy("We received your concern."),
    Verb.FOLLOWED: gettext_lazy("You follow this matter."),
    Verb.ADDED: gettext_lazy("We received your concern and handle it with what is known already."),
    Verb.START_TRIAGE: gettext_lazy("We are finding out who is responsible."),
    Verb.ROUTE: gettext_lazy("We gave your concern to %(department)s."),
    Verb.TRANSFER: gettext_lazy("We gave your concern to %(department)s."),
    Verb.ACCEPT: gettext_lazy("Somebody works on it now."),
    Verb.SCHEDULE: gettext_lazy("We planned it for %(date)s."),
    Verb.RESCHEDULE: gettext_lazy("We had to move it to %(date)s."),
    Verb.START: gettext_lazy("The work has begun."),
    Verb.ANSWER: gettext_lazy("You answered our question."),
    Verb.REPLY: gettext_lazy("You wrote to us."),
    Verb.ATTACH: gettext_lazy("You sent us files."),
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
    Verb.RENEW_PROOF: gettext_lazy(
        "You got a new link and a new PIN; the old ones no longer work."
    ),
}
DECISIONS: Mapping[str, StrOrPromise] = {
    Verdict.REOPENED: gettext_lazy("We agreed with your objection and took it up again."),
    Verdict.DETACHED: gettext_lazy(
        "We agreed with your objection and handle your concern on its own."
    ),
    Verdict.UPHELD: gettext_lazy("We decided on your objection: the answer stands."),
}


@dataclass(frozen=True, slots=True)
class Entry:
    at: dt.datetime
    sentence: str


def with_departments(events: QuerySet[Event]) -> QuerySet[Event]:
    """Let each event know the names of the department it tells of, in the same statement."""
    told = Cast(KT("data__department"), BigIntegerField())
    department = Department.objects.filter(pk=OuterRef("department_told"))
    names = Subquery(department.values("names")[:1])
    return events.alias(department_told=told).annotate(department_names=names)


def course_of(events: Iterable[Event]) -> list[Entry]:
    """What happened, in the order of the events, which come `with_departments`."""
    entries = [Entry(event.at, sentence_for(event)) for event in events]
    return [entry for entry in entries if entry.sentence]


def sentence_for(event: Event) -> str:
    if event.verb == Verb.DECIDE_OBJECTION:
        return str(DECISIONS.get(event.data.get("verdict", ""), ""))
    words = str(COURSE.get(event.verb, ""))
    names = getattr(event, "department_names", None)
    values = {
        "department": in_language(names) if names else _("the department responsible"),
        "date": day(event.data.get("date")),
    }
    return words % values if words else ""


def day(text: str | None) -> str:
    return long_date(dt.date.fromisoformat(text)) if text else ""
