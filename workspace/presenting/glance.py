"""A ticket at a glance: its row in a queue, its state in a sentence, what must not be overlooked, its facts."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.clock import today
from concerns.enums import ANSWERED_STATES, Priority, Standing, State, Verb
from concerns.models import Ticket
from concerns.publishing import long_date
from concerns.queries.tickets import TicketDetail
from workspace.presenting.deadline import deadline_of


def row(ticket: Ticket) -> dict[str, Any]:
    """One line of a queue; needs the annotations of queries/tickets.py:listed."""
    last_verb = getattr(ticket, "last_verb", "")
    return {
        "url": url_of(ticket),
        "title": ticket.title,
        "icon": ticket.category.icon if ticket.category else "",
        "state": state_words(ticket),
        "deadline": deadline_of(ticket),
        "district": ticket.district.name if ticket.district else "",
        "concern_count": ticket.concern_count,
        "assignee": ticket.assignee.name if ticket.assignee else "",
        "last_event": Verb(last_verb).label if last_verb else "",
        "last_at": getattr(ticket, "last_at", None),
        "marks": [label for _tone, label in marks(ticket)],
    }


def url_of(ticket: Ticket) -> str:
    return reverse("workspace:ticket", args=[ticket.pk])


def marks(ticket: Ticket) -> list[tuple[str, str]]:
    """What a clerk must not overlook: pairs of tone and label."""
    found = [
        (ticket.is_confidential, "danger", _("Confidential")),
        (ticket.restricted_at is not None, "danger", _("Processing restricted")),
        (ticket.unanswered_since is not None, "warning", _("Unanswered message")),
        (ticket.follow_up_on is not None, *follow_up_mark(ticket)),
        (ticket.discard_proposed_at is not None, "warning", _("Proposed as spam")),
        (ticket.priority != Priority.NORMAL, *priority_mark(ticket)),
        (ticket.no_reply, "warning", _("No reply to our question")),
        (ticket.hand_backs > 1, "warning", _("Handed back more than once")),
        (ticket.reopenings > 0, "info", _("Reopened")),
    ]
    return [(tone, label) for holds, tone, label in found if holds]


def priority_mark(ticket: Ticket) -> tuple[str, str]:
    words = _("Priority: %(priority)s") % {"priority": Priority(ticket.priority).label}
    return ("warning" if ticket.priority > Priority.NORMAL else "info"), words


def follow_up_mark(ticket: Ticket) -> tuple[str, str]:
    day = ticket.follow_up_on
    if day is None or day > today():
        return "info", _("Follow-up on %(date)s") % {"date": long_date(day) if day else ""}
    return "warning", _("Follow-up due")


def state_words(ticket: Ticket) -> str:
    """The state, with the day where one is planned."""
    if ticket.state == State.SCHEDULED and ticket.scheduled_for:
        return _("Scheduled for %(date)s") % {"date": long_date(ticket.scheduled_for)}
    return ticket.get_state_display()


def state_sentence(ticket: Ticket) -> str:
    """State and responsibility in one sentence for staff."""
    state = state_words(ticket)
    department = ticket.department.name if ticket.department else ""
    if ticket.state == State.MERGED:
        return _("Joined to another ticket: work goes on there.")
    if ticket.assignee:
        return _("%(state)s: %(person)s, %(department)s.") % {
            "state": state,
            "person": ticket.assignee.name,
            "department": department,
        }
    return (
        _("%(state)s: %(department)s.") % {"state": state, "department": department}
        if department
        else f"{state}."
    )


def alerts(ticket: Ticket, detail: TicketDetail) -> list[tuple[str, str]]:
    """What needs attention before anything else."""
    found = []
    away = getattr(ticket, "away", None)
    if ticket.assignee and away:
        words = _("%(person)s is away until %(date)s; %(deputy)s stands in.")
        last = long_date(dt.date.fromisoformat(away["until"]))
        named = {"person": ticket.assignee.name, "deputy": away["deputy"], "date": last}
        found.append(("info", words % named))
    if ticket.unanswered_since:
        found.append(("warning", _("A message has no answer yet.")))
    if detail.company.objecting:
        found.append(
            (
                "warning",
                _("Somebody objects to the result. A person who did not write the answer decides."),
            )
        )
    if ticket.is_open and detail.company.placed and not detail.company.active:
        spam = all(concern.standing == Standing.SPAM for concern in detail.concerns)
        if not spam:
            found.append(
                ("info", _("Everybody withdrew. Is the matter itself done? Then close the ticket."))
            )
    return found


def concern_sentence(detail: TicketDetail) -> str:
    """How many people this is about."""
    follows = sum(concern.is_follow for concern in detail.concerns)
    said = ngettext("%(count)d concern", "%(count)d concerns", detail.company.placed) % {
        "count": detail.company.placed
    }
    if not follows:
        return f"{said}."
    return _("%(concerns)s, of these %(follows)d follow without words of their own.") % {
        "concerns": said,
        "follows": follows,
    }


def district_words(ticket: Ticket) -> str:
    if ticket.district is None:
        return ""
    if ticket.district.schematic:
        return _("%(district)s (its border is drawn roughly)") % {"district": ticket.district.name}
    return ticket.district.name


def side_facts(ticket: Ticket) -> list[tuple[str, str]]:
    """The column of facts: who, what, where."""
    facts = [
        (_("Category"), ticket.category.name if ticket.category else _("none yet")),
        (_("Kind"), ticket.get_kind_display()),
        (_("Department"), ticket.department.name if ticket.department else _("none yet")),
        (_("Assigned to"), ticket.assignee.name if ticket.assignee else _("nobody yet")),
        (_("Place"), ticket.address),
        (_("District"), district_words(ticket)),
        (_("Circle"), ticket.circle.name if ticket.circle else ""),
        (_("Passed to"), ticket.partner if ticket.state == State.WAITING_EXTERNAL else ""),
        (
            _("Result"),
            ticket.get_outcome_display()
            if ticket.state in (*ANSWERED_STATES, State.CLOSED)
            else "",
        ),
    ]
    return [(label, value) for label, value in facts if value]
