"""What letters to the city's people say, in the active language; never a citizen's words, name or address.

Of a confidential or restricted ticket they say only that something waits.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from concerns.enums import Reported, Verb
from concerns.links import deliveries_url, ticket_url
from concerns.models import Ticket
from concerns.notices.facts import city_day
from concerns.notices.staff_occasions import News
from concerns.notices.told import Told
from concerns.publishing import long_date


@dataclass(frozen=True, slots=True)
class Tidings:
    """The words of one letter: after the matter in its subject, its first sentences, and where to go."""

    subject: str
    sentences: list[str]
    url: str
    button: str


def tidings(told: Told) -> Tidings:
    """The news of a ticket, or of the post office, as a letter says it."""
    if told.ticket is None:
        return post_tidings(told)
    if told.is_protected:
        subject = _("a protected ticket waits for you")
        sentences = [
            _("A protected ticket waits for you."),
            _("E-mails do not say what such tickets are about. Please sign in to read on."),
        ]
    else:
        headline, sentences = WORDS[told.occasion.news](told, told.ticket)
        subject = f"{told.ticket.title}: {headline}"
    if told.occasion.alarm:
        subject = _("Urgent: %(news)s") % {"news": subject}
    subject = subject[:1].upper() + subject[1:]
    return Tidings(subject, sentences, ticket_url(told.ticket.pk), _("Open the ticket"))


def post_tidings(told: Told) -> Tidings:
    count = told.data["count"]
    subject = ngettext(
        "Urgent: %(count)d letter could not be delivered",
        "Urgent: %(count)d letters could not be delivered",
        count,
    ) % {"count": count}
    sentences = [
        ngettext(
            "%(count)d letter was tried again and again and did not get through.",
            "%(count)d letters were tried again and again and did not get through.",
            count,
        )
        % {"count": count},
        _("Nobody tries them any more. Please look why, and send them again or give them up."),
    ]
    return Tidings(subject, sentences, deliveries_url(), _("Show the deliveries"))


Words = tuple[str, list[str]]


def _new(_told: Told, ticket: Ticket) -> Words:
    department = ticket.department.name if ticket.department else ""
    known = {"department": department}
    sentence = _("A new ticket has come to %(department)s.") % known
    return _("new in %(department)s") % known, [sentence]


def _triage(told: Told, ticket: Ticket) -> Words:
    headline = _("who is responsible?")
    please = _("Please give the ticket to the department responsible.")
    if told.verb == Verb.HAND_BACK and ticket.department:
        back = _("%(department)s has handed the ticket back as not theirs.")
        return headline, [back % {"department": ticket.department.name}, please]
    if told.verb == Verb.FILED:
        return headline, [_("No rule was sure who is responsible for this ticket."), please]
    return headline, [_("The ticket is back in triage."), please]


def _reopened(_told: Told, _ticket: Ticket) -> Words:
    return _("taken up again"), [_("The ticket was reopened and is yours to work on.")]


def _assigned(_told: Told, _ticket: Ticket) -> Words:
    return _("assigned to you"), [_("A colleague has assigned this ticket to you.")]


def _message(_told: Told, _ticket: Ticket) -> Words:
    return _("new message"), [_("A person wrote to us and waits for an answer.")]


def _answered(_told: Told, _ticket: Ticket) -> Words:
    return _("our question is answered"), [_("A person answered our question. Work can go on.")]


def _added(_told: Told, _ticket: Ticket) -> Words:
    return _("reported once more"), [
        _("Another person reported the same matter. Their words and files stand on the ticket.")
    ]


def _no_reply(_told: Told, _ticket: Ticket) -> Words:
    return _("no answer came"), [
        _("The time to answer is over and no answer came. Please decide how to go on.")
    ]


def _reported(told: Told, _ticket: Ticket) -> Words:
    said = {
        Reported.DONE: _("It says that it is done."),
        Reported.NOT_OURS: _("It says that it is not responsible."),
    }.get(told.data.get("reported", ""))
    sentences = [_("The partner reported back. Work can go on."), *([said] if said else [])]
    return _("the partner reported back"), sentences


def _partner(told: Told, _ticket: Ticket) -> Words:
    if "date" not in told.data:
        return _("the partner wrote"), [_("The partner wrote something. It stands on the ticket.")]
    date = long_date(dt.date.fromisoformat(told.data["date"]))
    return _("the partner named a date"), [
        _("The partner means to be done by %(date)s. We remind it after that.") % {"date": date}
    ]


def _objection(_told: Told, _ticket: Ticket) -> Words:
    return _("objection"), [
        _("A person does not accept the result."),
        _("Please decide on the objection; whoever gave the answer may not."),
    ]


def _approval(_told: Told, _ticket: Ticket) -> Words:
    return _("an answer waits for your approval"), [
        _("An answer waits for your approval. Nobody outside sees it before.")
    ]


def _rejected(_told: Told, _ticket: Ticket) -> Words:
    return _("your answer was sent back"), [
        _("Your answer was not approved. The reason stands on the ticket.")
    ]


def _ping_pong(told: Told, _ticket: Ticket) -> Words:
    count = told.data["count"]
    headline = ngettext("handed back %(count)d time", "handed back %(count)d times", count)
    return headline % {"count": count}, [
        _("Departments keep handing this ticket back. Please decide who is responsible.")
    ]


def _bounce(_told: Told, _ticket: Ticket) -> Words:
    return _("our e-mail did not arrive"), [
        _("An e-mail to a person came back: their address does not take it."),
        _("Please reach them another way, by phone for instance."),
    ]


def _unanswered(told: Told, _ticket: Ticket) -> Words:
    since = day_of(told, "since")
    return _("a message waits for an answer since %(date)s") % {"date": since}, [
        _("A person's message waits for an answer since %(date)s.") % {"date": since}
    ]


def _objection_overdue(told: Told, _ticket: Ticket) -> Words:
    due = day_of(told, "due")
    return _("decision on an objection overdue"), [
        _("The decision on an objection was due on %(date)s.") % {"date": due},
        _("Please decide on the objection; whoever gave the answer may not."),
    ]


def _due_soon(told: Told, _ticket: Ticket) -> Words:
    due = day_of(told, "due")
    return _("due on %(date)s") % {"date": due}, [_owed(told) % {"date": due}]


def _overdue(told: Told, ticket: Ticket) -> Words:
    headline, sentences = _due_soon(told, ticket)
    return f"{_('overdue')}: {headline}", [*sentences, _held_by(ticket)]


def _far_overdue(told: Told, ticket: Ticket) -> Words:
    headline, sentences = _due_soon(told, ticket)
    long_over = _("Five working days and more have passed since.")
    return f"{_('long overdue')}: {headline}", [*sentences, long_over, _held_by(ticket)]


def _owed(told: Told) -> str:
    if told.data["of"] == "first_response":
        return _("People are to hear from us for the first time by %(date)s.")
    return _("The result is due on %(date)s.")


def _held_by(ticket: Ticket) -> str:
    if ticket.assignee:
        return _("%(person)s works on it.") % {"person": ticket.assignee.name}
    return _("Nobody works on it yet.")


def _follow_up(_told: Told, _ticket: Ticket) -> Words:
    return _("comes up again today"), [
        _("Somebody wanted to look at this ticket again today; a note in it says what for.")
    ]


def _unaccepted(told: Told, ticket: Ticket) -> Words:
    known = {
        "date": day_of(told, "since"),
        "department": ticket.department.name if ticket.department else "",
    }
    return _("nobody accepts it"), [
        _("The ticket has been with %(department)s since %(date)s, and nobody has accepted it.")
        % known,
        _("Please give it to somebody, or pass it on."),
    ]


def day_of(told: Told, name: str) -> str:
    """A moment of the facts as a day of the city."""
    return long_date(city_day(dt.datetime.fromisoformat(told.data[name])))


WORDS: Mapping[News, Callable[[Told, Ticket], Words]] = {
    News.NEW: _new,
    News.TRIAGE: _triage,
    News.REOPENED: _reopened,
    News.ASSIGNED: _assigned,
    News.MESSAGE: _message,
    News.ANSWERED: _answered,
    News.ADDED: _added,
    News.NO_REPLY: _no_reply,
    News.REPORTED: _reported,
    News.PARTNER: _partner,
    News.OBJECTION: _objection,
    News.APPROVAL: _approval,
    News.REJECTED: _rejected,
    News.PING_PONG: _ping_pong,
    News.BOUNCE: _bounce,
    News.UNANSWERED: _unanswered,
    News.OBJECTION_OVERDUE: _objection_overdue,
    News.DUE_SOON: _due_soon,
    News.OVERDUE: _overdue,
    News.FAR_OVERDUE: _far_overdue,
    News.UNACCEPTED: _unaccepted,
    News.FOLLOW_UP: _follow_up,
}
