"""Tickets as the workspace shows them: rows of a queue, the parts of a ticket's page."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.clock import city_zone, today
from common.words import in_language
from concerns.enums import ANSWERED_STATES, Direction, Standing, State, Verb
from concerns.models import Concern, Event, Message, Note, Ticket
from concerns.queries.tickets import TicketDetail


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date in words, with the tone of its urgency."""

    words: str
    tone: str
    at: dt.datetime
    lines: list[str] = field(default_factory=list)


def row(ticket: Ticket) -> dict[str, Any]:
    """One line of a queue; needs the annotations of queries/tickets.py:listed."""
    last_verb = getattr(ticket, "last_verb", "")
    return {
        "url": url_of(ticket),
        "title": ticket.title,
        "state": ticket.get_state_display(),
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


def deadline_of(ticket: Ticket) -> Deadline | None:
    """The date that presses now: the decision on an objection, the first response, the planned day, the resolution."""
    if ticket.state == State.REOPEN_REQUESTED and ticket.review_due:
        return in_words(ticket.review_due, [_("An objection must be decided.")])
    if not ticket.is_open:
        return None
    if ticket.first_response_due and ticket.first_responded_at is None:
        return in_words(ticket.first_response_due, first_lines(ticket))
    if ticket.resolution_due:
        return in_words(ticket.resolution_due, resolution_lines(ticket))
    return None


def first_lines(ticket: Ticket) -> list[str]:
    days = ticket.category.first_response_days if ticket.category else 0
    counted = ngettext(
        "First response within %(days)d working day",
        "First response within %(days)d working days",
        days,
    )
    return [
        counted % {"days": days},
        _("of the department's calendar, counted from the day of filing."),
    ]


def resolution_lines(ticket: Ticket) -> list[str]:
    waited = ticket.reporter_wait_seconds + ticket.external_wait_seconds
    lines = [
        _(
            "Resolution in working days of the department's calendar, counted from the filing or the last reopening."
        )
    ]
    if waited:
        hours = round(waited / 3600)
        lines.append(_("Moved by %(hours)d hours of waiting for others.") % {"hours": hours})
    return lines


def in_words(due: dt.datetime, lines: list[str]) -> Deadline:
    """How long there is still, in words a clerk reads at a glance."""
    days = (due.astimezone(city_zone()).date() - today()).days
    if days < 0:
        late = ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
        return Deadline(late, "danger", due, lines)
    if days == 0:
        return Deadline(_("today"), "warning", due, lines)
    words = ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return Deadline(words, "warning" if days == 1 else "info", due, lines)


def marks(ticket: Ticket) -> list[tuple[str, str]]:
    """What a clerk must not overlook: pairs of tone and label."""
    found = [
        (ticket.is_confidential, "danger", _("Confidential")),
        (ticket.restricted_at is not None, "danger", _("Processing restricted")),
        (ticket.unanswered_since is not None, "warning", _("Unanswered message")),
        (ticket.discard_proposed_at is not None, "warning", _("Proposed as spam")),
        (ticket.no_reply, "warning", _("No reply to our question")),
        (ticket.hand_backs > 1, "warning", _("Handed back more than once")),
        (ticket.reopenings > 0, "info", _("Reopened")),
    ]
    return [(tone, label) for holds, tone, label in found if holds]


def state_sentence(ticket: Ticket) -> str:
    """State and responsibility in one sentence for staff."""
    state = ticket.get_state_display()
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


def concern_row(
    concern: Concern, shown_contact: tuple[int, dict[str, str]] | None, ticket: Ticket
) -> dict[str, Any]:
    """What one person said, with their contact data only when they were asked for (and logged)."""
    contact = None
    if shown_contact and shown_contact[0] == concern.pk:
        labels = {"name": _("Name"), "email": _("E-mail"), "phone": _("Phone")}
        contact = [
            (labels.get(key, key), value) for key, value in shown_contact[1].items() if value
        ]
    return {
        "reference": concern.reference,
        "kind": concern.get_kind_display(),
        "channel": concern.get_channel_display(),
        "language": concern.language,
        "filed_at": concern.created_at,
        "standing": "" if concern.is_active else concern.get_standing_display(),
        "words": concern.words,
        "items": [(_("Place"), concern.address)] if concern.address else [],
        "contact": contact,
        "contact_url": f"{url_of(ticket)}?contact={concern.pk}" if concern.reporter_id else "",
        "facts": facts_of(concern),
        "acts": [],
    }


def facts_of(concern: Concern) -> list[str]:
    facts = [
        (
            getattr(concern, "waiting_objection", None) is not None,
            _("Objects to the result; this must be decided."),
        ),
        (concern.confirmed_at is not None, _("Confirmed the result.")),
        (
            concern.rating is not None,
            _("Rated the result %(grade)s of 5.") % {"grade": concern.rating},
        ),
        (
            bool(concern.reporter and concern.reporter.undeliverable_since),
            _("Mails come back; please call instead."),
        ),
    ]
    return [sentence for holds, sentence in facts if holds]


def conversation(detail: TicketDetail) -> list[dict[str, Any]]:
    """Messages and notes in the order they were written."""
    said = [message_row(message) for message in detail.messages] + [
        note_row(note) for note in detail.notes
    ]
    return sorted(said, key=lambda one: one["at"])


def message_row(message: Message) -> dict[str, Any]:
    from_city = message.direction == Direction.OUT
    draft = ("warning", _("Not sent: waits for approval")) if message.released_at is None else None
    return {
        "author": author_of(message) if from_city else _("Reporting person"),
        "from_city": from_city,
        "internal": False,
        "at": message.created_at,
        "text": message.text,
        "reference": message.concern.reference if message.concern else "",
        "delivery": draft,
    }


def author_of(written: Message | Note) -> str:
    return written.author.name if written.author else _("The city")


def note_row(note: Note) -> dict[str, Any]:
    return {
        "author": author_of(note),
        "from_city": True,
        "internal": True,
        "at": note.created_at,
        "text": note.text,
        "reference": "",
        "delivery": None,
    }


def event_row(event: Event) -> dict[str, Any]:
    """One line of the timeline, with the why of what happened by itself."""
    names = getattr(event, "department_names", None)
    sentence = str(Verb(event.verb).label)
    if names:
        sentence = f"{sentence}: {in_language(names)}"
    return {
        "at": event.at,
        "sentence": sentence,
        "actor": getattr(event, "actor_name", None) or actor_word(event.actor_kind),
        "automatic": event.actor_kind == "system",
        "why": why(event.data.get("why")),
    }


def actor_word(kind: str) -> str:
    return {
        "citizen": _("reporting person"),
        "system": _("Sachstand"),
        "partner": _("partner"),
        "integration": _("connected program"),
    }.get(kind, _("a former employee"))


def why(reasons: dict[str, Any] | None) -> str:
    """The stored reasons of a routing decision as a sentence."""
    if not reasons:
        return ""
    by = reasons["by"]
    if by == "rule":
        known = {
            "rule": reasons["rule"],
            "version": reasons["version"],
            "keyword": reasons.get("keyword", ""),
        }
        if known["keyword"]:
            return (
                _("Rule %(rule)s, version %(version)s, matched by the word “%(keyword)s”.") % known
            )
        return _("Rule %(rule)s, version %(version)s, was the most specific that matched.") % known
    if by == "tie":
        return _("These rules matched equally well: %(rules)s.") % {
            "rules": ", ".join(reasons["candidates"])
        }
    return {
        "category": _("No rule matched; the category names this department."),
        "nothing": _("No rule matched and the category names no department."),
        "person": _("A dispatcher decided."),
    }.get(by, "")


def side_facts(ticket: Ticket) -> list[tuple[str, str]]:
    """The column of facts: who, what, where."""
    facts = [
        (_("Category"), ticket.category.name if ticket.category else _("none yet")),
        (_("Kind"), ticket.get_kind_display()),
        (_("Department"), ticket.department.name if ticket.department else _("none yet")),
        (_("Assigned to"), ticket.assignee.name if ticket.assignee else _("nobody yet")),
        (_("Place"), ticket.address),
        (_("District"), ticket.district.name if ticket.district else ""),
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


def alerts(ticket: Ticket, detail: TicketDetail) -> list[tuple[str, str]]:
    """What needs attention before anything else."""
    found = []
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
