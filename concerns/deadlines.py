"""Until when: targets of a category counted in the department's calendar, and what waiting does to them."""

import datetime as dt

from concerns.enums import WAITING_STATES, State
from concerns.models import Category, Ticket
from departments.calendars import working_days_after
from departments.models import Calendar

# How long a question or a referral waits before the reminder, and after it before it expires.
REPLY_TIME = dt.timedelta(days=14)
REMINDED_TIME = dt.timedelta(days=7)
# How long a person has to say that the result is not right.
OBJECTION_TIME = dt.timedelta(days=14)
REVIEW_WORKING_DAYS = 5
# A person's message waits no longer without an alarm.
ANSWER_WORKING_DAYS = 2
# Without a category (triage) the city still owes a first answer.
DEFAULT_FIRST_RESPONSE_DAYS = 3
DEFAULT_RESOLUTION_DAYS = 10


def set_targets(
    ticket: Ticket, *, category: Category | None, calendar: Calendar, start: dt.datetime
) -> None:
    """Put first response and resolution on the ticket, in working days after `start`."""
    first = category.first_response_days if category else DEFAULT_FIRST_RESPONSE_DAYS
    resolution = category.resolution_days if category else DEFAULT_RESOLUTION_DAYS
    ticket.first_response_due = working_days_after(calendar, start, first)
    ticket.resolution_due = working_days_after(calendar, start, resolution)


def restart_resolution(ticket: Ticket, *, calendar: Calendar, start: dt.datetime) -> None:
    """Work begins anew: the full resolution time from `start`."""
    days = ticket.category.resolution_days if ticket.category else DEFAULT_RESOLUTION_DAYS
    ticket.resolution_due = working_days_after(calendar, start, days)


def leave_state(ticket: Ticket, *, state: str, at: dt.datetime) -> tuple[int, int]:
    """Settle the clock of the state being left: (worked, waited) seconds of calendar time.

    A wait is added to its own sum and moves the resolution date by its length, so that coming back from a wait
    never finds the date already missed because of it.
    """
    elapsed = max(int((at - ticket.state_since).total_seconds()), 0)
    if state not in WAITING_STATES:
        return elapsed, 0
    if state == State.WAITING_REPORTER:
        ticket.reporter_wait_seconds += elapsed
    else:
        ticket.external_wait_seconds += elapsed
    give_back(ticket, elapsed)
    return 0, elapsed


def give_back(ticket: Ticket, waited_seconds: int) -> None:
    """Move the resolution date by the time that others kept us waiting."""
    if ticket.resolution_due:
        ticket.resolution_due += dt.timedelta(seconds=waited_seconds)


def start_wait(ticket: Ticket, *, at: dt.datetime) -> None:
    ticket.wait_until = at + REPLY_TIME
    ticket.reminded_at = None


def review_due(calendar: Calendar, at: dt.datetime) -> dt.datetime:
    """When an objection must be decided: five working days after it came."""
    return working_days_after(calendar, at, REVIEW_WORKING_DAYS)


def answer_due(calendar: Calendar, at: dt.datetime) -> dt.datetime:
    """Until when a message of a person should have been dealt with."""
    return working_days_after(calendar, at, ANSWER_WORKING_DAYS)


def earlier(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    """The earlier of two dates; a date beats none."""
    return min((date for date in (one, other) if date), default=None)
