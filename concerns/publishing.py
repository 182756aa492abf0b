"""What a citizen is told of a ticket: seven public states, never the internal one, and the sentences for them."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django_stubs_ext import StrPromise

from common.clock import today
from concerns.enums import (
    DECLINING_OUTCOMES,
    OPEN_STATES,
    Audience,
    FileRefusal,
    FileState,
    Outcome,
    PublicState,
    Standing,
    State,
)
from concerns.models import Concern, Ticket

PUBLIC_STATES = {
    State.RECEIVED: PublicState.RECEIVED,
    State.IN_TRIAGE: PublicState.CHECKING,
    State.ASSIGNED: PublicState.IN_PROGRESS,
    State.IN_PROGRESS: PublicState.IN_PROGRESS,
    State.WAITING_REPORTER: PublicState.NEEDS_REPLY,
    State.WAITING_EXTERNAL: PublicState.IN_PROGRESS,
    State.SCHEDULED: PublicState.SCHEDULED,
    State.PENDING_APPROVAL: PublicState.IN_PROGRESS,
    State.RESOLVED: PublicState.DONE,
    State.DECLINED: PublicState.NOT_POSSIBLE,
    State.REOPEN_REQUESTED: PublicState.CHECKING,
    State.DISCARDED: PublicState.NOT_POSSIBLE,
}
# About 100 m: a place is published no more exactly than that.
PUBLISHED_DECIMALS = 3


def public_state(ticket: Ticket, state: str | None = None) -> PublicState:
    """The public state of a ticket; a joined one has its lead's, a closed one that of its outcome.

    `merged_into` must be loaded for a joined ticket, else it costs a statement. `state` is one the ticket was in
    before, when that is asked for.
    """
    state = state or ticket.state
    if state == State.MERGED and ticket.merged_into:
        return public_state(ticket.merged_into)
    if state == State.CLOSED:
        return (
            PublicState.NOT_POSSIBLE if ticket.outcome in DECLINING_OUTCOMES else PublicState.DONE
        )
    return PUBLIC_STATES[State(state)]


def concern_state(
    concern: Concern, ticket: Ticket, *, asked: bool = True, objected: bool = False
) -> PublicState:
    """What this one person is told: their own facts come before the ticket's.

    `asked` says whether an open question is addressed to them: of many, only those asked need to reply.
    `objected` says whether their objection still waits for its decision.
    """
    if concern.standing == Standing.SPAM:
        return PublicState.NOT_POSSIBLE
    if concern.standing == Standing.WITHDRAWN and ticket.state in OPEN_STATES:
        return PublicState.DONE
    if objected:
        return PublicState.CHECKING
    state = public_state(ticket)
    if state == PublicState.NEEDS_REPLY and not asked:
        return PublicState.IN_PROGRESS
    return state


@dataclass(frozen=True, slots=True)
class Situation:
    """What the sentence of a state can name; what is not known stays empty.

    `date` is the day told to the person, as `queries/own.py:told_date` gives it; once it is over no sentence promises
    it any more. `objected` says that their objection waits for its decision.
    """

    date: dt.date | None = None
    department: str = ""
    partner: str = ""
    outcome: str = ""
    body: str = ""
    objected: bool = False

    @property
    def day(self) -> str:
        return long_date(self.date) if self.date else ""

    @property
    def ahead(self) -> bool:
        """Whether there is a day to promise."""
        return still_ahead(self.date) is not None


def state_sentence(state: PublicState, situation: Situation) -> str:
    """Where it stands, in words for the person it concerns, in the active language (ui.md)."""
    return SENTENCES[state](situation)


def standing_sentence(
    concern: Concern, ticket: Ticket, state: PublicState, *, date: dt.date | None = None
) -> str:
    """`state_sentence` for a concern on the ticket it is placed on now, `state` as `concern_state` gives it.

    The ticket's department must be loaded, else it costs a statement.
    """
    if concern.standing == Standing.WITHDRAWN and ticket.state in OPEN_STATES:
        return _("You have withdrawn your concern.")
    return state_sentence(state, situation_of(concern, ticket, state, date=date))


def situation_of(
    concern: Concern, ticket: Ticket, state: PublicState, *, date: dt.date | None
) -> Situation:
    spam = concern.standing == Standing.SPAM
    return Situation(
        date=date,
        department=ticket.department.name if ticket.department else "",
        partner=ticket.partner if ticket.state == State.WAITING_EXTERNAL else "",
        outcome=Outcome.ABUSE_SPAM if spam else ticket.outcome,
        body="" if spam else ticket.responsible_body,
        # Who is responsible is looked for in triage only; else it is their objection that is being checked.
        objected=state == PublicState.CHECKING and ticket.state != State.IN_TRIAGE,
    )


def joined_sentence(count: int) -> str:
    """That others said the same; `count` is the number of concerns handled together, one's own not counted."""
    if count < 1:
        return ""
    return ngettext(
        "Handled together with %(count)d similar report.",
        "Handled together with %(count)d similar reports.",
        count,
    ) % {"count": count}


def still_ahead(date: dt.date | None) -> dt.date | None:
    """A day as a promise: none once it is over, for nobody may read a promise for a day that has passed."""
    return date if date and date >= today() else None


def long_date(date: dt.date) -> str:
    """A date as a letter says it ("3 December"), with the year unless it is this one."""
    if date.year == today().year:
        return date_format(date, pgettext("date format in letters, this year", "j F"))
    return date_format(date, pgettext("date format in letters, another year", "j F Y"))


def _received(known: Situation) -> str:
    if known.ahead:
        words = _("Received. We have your concern and will tell you by %(date)s what happens next.")
        return words % {"date": known.day}
    if known.date:
        return _("Received. We have your concern. Our answer takes longer than we wanted.")
    return _("Received. We have your concern and will tell you what happens next.")


def _checking(known: Situation) -> str:
    if not known.objected:
        return _("Being checked. We are finding out who in the city is responsible.")
    if known.ahead:
        words = _(
            "Being checked. Somebody who did not write the answer decides on your objection by %(date)s."
        )
        return words % {"date": known.day}
    words = _("Being checked. Somebody who did not write the answer decides on your objection.")
    if known.date:
        words = _(
            "Being checked. Somebody who did not write the answer decides on your objection. "
            "It takes longer than we wanted."
        )
    return words


def _in_progress(known: Situation) -> str:
    if known.partner:
        return _("In progress: passed to %(partner)s.") % {"partner": known.partner}
    if known.department:
        return _("In progress with %(department)s.") % {"department": known.department}
    return _("In progress.")


def _needs_reply(_known: Situation) -> str:
    return _("We need an answer from you.")


def _scheduled(known: Situation) -> str:
    if known.date is None:
        return _("Planned.")
    words = _("It was planned for %(date)s; we are setting a new day.")
    if known.ahead:
        words = _("Planned for %(date)s.")
    return words % {"date": known.day}


def _done(known: Situation) -> str:
    outcome = OUTCOME_WORDS.get(known.outcome, gettext_lazy("settled"))
    words = _("Done: %(outcome)s.")
    if known.ahead:
        words = _("Done: %(outcome)s. If that is not right, tell us by %(date)s.")
    return words % {"outcome": outcome, "date": known.day}


def _not_possible(known: Situation) -> str:
    reason = REASON_WORDS.get(known.outcome)
    if reason is None:
        return _("Not possible. Our answer says why.")
    words = _("Not possible: %(reason)s.")
    if known.body:
        words = _("Not possible: %(reason)s. Responsible: %(body)s.")
    return words % {"reason": reason, "body": known.body}


SENTENCES: Mapping[PublicState, Callable[[Situation], str]] = {
    PublicState.RECEIVED: _received,
    PublicState.CHECKING: _checking,
    PublicState.IN_PROGRESS: _in_progress,
    PublicState.NEEDS_REPLY: _needs_reply,
    PublicState.SCHEDULED: _scheduled,
    PublicState.DONE: _done,
    PublicState.NOT_POSSIBLE: _not_possible,
}
# How it ended, after "Done: ".
OUTCOME_WORDS: Mapping[str, StrPromise] = {
    Outcome.FIXED: gettext_lazy("fixed"),
    Outcome.ANSWERED: gettext_lazy("answered"),
    Outcome.ADVICE_GIVEN: gettext_lazy("advice given"),
    Outcome.NO_FAULT_FOUND: gettext_lazy("no fault found"),
    Outcome.ALREADY_PLANNED: gettext_lazy("already planned"),
    Outcome.NO_REPLY: gettext_lazy("ended without your answer"),
    Outcome.WITHDRAWN: gettext_lazy("withdrawn"),
}
# Why not, after "Not possible: ".
REASON_WORDS: Mapping[str, StrPromise] = {
    Outcome.NOT_RESPONSIBLE: gettext_lazy("the city is not responsible for this"),
    Outcome.CANNOT_DO: gettext_lazy("the city cannot do this"),
    Outcome.ABUSE_SPAM: gettext_lazy("this was sorted out as misuse"),
}


def may_be_published(ticket: Ticket) -> bool:
    """Never what is confidential, internal or restricted, nor what is spam or shown by its lead."""
    closed_off = ticket.is_confidential or ticket.restricted_at is not None
    nothing_there = ticket.state in (State.MERGED, State.DISCARDED)
    return ticket.audience == Audience.PUBLIC and not (closed_off or nothing_there)


def coarsened(degrees: float | None) -> float | None:
    """A coordinate as it may be published."""
    return None if degrees is None else round(degrees, PUBLISHED_DECIMALS)


def file_note(state: str, refusal: str) -> str:
    """What there is to say of a file that cannot be had; "" of one that can."""
    if state == FileState.REFUSED:
        return str(FileRefusal(refusal).label)
    return str(FileState.HELD.label) if state == FileState.HELD else ""
