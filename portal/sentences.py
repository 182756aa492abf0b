"""Where it stands and what comes next, in sentences for the person it concerns; no internal word stands in them."""

from django.utils.translation import gettext as _

from common.actor import Actor
from concerns.enums import ANSWERED_STATES, State
from concerns.publishing import long_date, standing_sentence, still_ahead
from concerns.queries.own import Standing, standing

# States whose own sentence names the date.
SAID_BY_THE_STATE = (State.RECEIVED, State.SCHEDULED, *ANSWERED_STATES)


def sentence_of(actor: Actor) -> str:
    """The state of a proven concern as a sentence."""
    return state_of(standing(actor))


def state_of(stands: Standing) -> str:
    return standing_sentence(stands.concern, stands.ticket, stands.state, date=stands.told_date)


def next_of(stands: Standing) -> str:
    """What comes next and by when; empty where the state's own sentence says it or nothing comes."""
    ticket = stands.ticket
    if not stands.concern.is_active or stands.objected or ticket.state in SAID_BY_THE_STATE:
        return ""
    if ticket.state in (State.CLOSED, State.DISCARDED):
        return _("Nothing further happens. You can still write to us.")
    return promise(stands)


def promise(stands: Standing) -> str:
    """The date a person can hold us to, or we them; a day that has passed is owned up to."""
    told = stands.told_date
    if told is None:
        return ""
    late = still_ahead(told) is None
    if stands.must_reply:
        words = _("Please answer by %(date)s. Then we carry on.")
        if late:
            words = _("Please answer as soon as you can. Then we carry on.")
    elif stands.ticket.first_responded_at is None:
        words = _("You hear from us by %(date)s.")
        if late:
            words = _("We wanted to write to you by %(date)s. It takes longer; we keep at it.")
    else:
        words = _("We want to be done by %(date)s.")
        if late:
            words = _("We wanted to be done by %(date)s. It takes longer; we keep at it.")
    return words % {"date": long_date(told)}
