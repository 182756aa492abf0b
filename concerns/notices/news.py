"""The words of a letter that depend on what happened, in the active language; the rest stands in the templates."""

import datetime as dt
from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from common.city import city
from concerns.deadlines import OBJECTION_TIME
from concerns.enums import PublicState, State, Verb
from concerns.notices.background import Background
from concerns.notices.facts import city_day
from concerns.notices.occasions import Purpose
from concerns.publishing import (
    Situation,
    joined_sentence,
    long_date,
    state_sentence,
    still_ahead,
)
from concerns.references import defuse

# Somebody said the same as others before them.
TOGETHER = (Verb.JOIN, Verb.ADDED)
# What a letter that was held told, in the list of the one that replaces it.
HELD_TITLES: Mapping[str, StrPromise] = {
    Purpose.ACKNOWLEDGEMENT: gettext_lazy("We received your concern."),
    Purpose.IN_PROGRESS: gettext_lazy("A department took it up."),
    Purpose.REFERRED: gettext_lazy("We passed it to a partner."),
    Purpose.SCHEDULED: gettext_lazy("A date was planned."),
    Purpose.RESCHEDULED: gettext_lazy("The date was moved."),
    Purpose.REOPENED: gettext_lazy("We took it up again."),
    Purpose.DETACHED: gettext_lazy("It went on on its own."),
    Purpose.QUESTION: gettext_lazy("We asked you something."),
    Purpose.REMINDER: gettext_lazy("We reminded you of our question."),
    Purpose.MESSAGE: gettext_lazy("We wrote you a message."),
    Purpose.ANSWER: gettext_lazy("We answered you."),
    Purpose.JOINED: gettext_lazy("It was joined with similar reports."),
    Purpose.SPLIT: gettext_lazy("We made it a concern of its own."),
    Purpose.OBJECTED: gettext_lazy("We received your objection."),
    Purpose.DECISION: gettext_lazy("We decided on your objection."),
    Purpose.WITHDRAWN: gettext_lazy("You withdrew your concern."),
    Purpose.RENEWED: gettext_lazy("You got a new link and a new PIN."),
}


def particulars(background: Background) -> dict[str, object]:
    """What the templates may say about the event; the same for all its people of one language."""
    facts, known, objection = background.facts, situation(background), background.objection
    headline, news = headline_and_news(background, known)
    return {
        "headline": headline,
        "news": news,
        "words": background.words,
        "is_follow": facts.verb == Verb.FOLLOWED,
        "joined": joined_sentence(facts.company) if facts.verb in TOGETHER else "",
        "where_to_turn": where_to_turn(known.body),
        "promised": promise(promised(background)),
        "reply_by": promise(facts.wait_until),
        "decide_by": promise(city_day(objection.due) if objection else None),
        "object_by": promise(object_by(background)),
    }


def situation(background: Background) -> Situation:
    """What is known of the state at the event's moment.

    Names of partners and other bodies are words, so they are read from the ticket while it still has them.
    """
    facts, ticket = background.facts, background.ticket
    dates = {
        PublicState.RECEIVED: promised(background),
        PublicState.SCHEDULED: facts.scheduled_for,
        PublicState.DONE: object_by(background),
    }
    return Situation(
        date=dates.get(shown_state(background)),
        department=background.department.name if background.department else "",
        partner=defuse(ticket.partner) if facts.state == State.WAITING_EXTERNAL else "",
        outcome=facts.outcome,
        body=defuse(ticket.responsible_body) if facts.outcome == ticket.outcome else "",
    )


def shown_state(background: Background) -> PublicState:
    """The public state for those who get the letter: newcomers were not asked what others were asked."""
    state, verb = background.facts.public_state, background.facts.verb
    # Routed in the same breath; that a department works on it, accepting says.
    if verb == Verb.FILED:
        return PublicState.RECEIVED
    if verb in (*TOGETHER, Verb.FOLLOWED) and state == PublicState.NEEDS_REPLY:
        return PublicState.IN_PROGRESS
    return state


def headline_and_news(background: Background, known: Situation) -> tuple[str, list[str]]:
    """What the subject says after the matter, and the sentences a letter of a changed state begins with."""
    state = shown_state(background)
    sentence = state_sentence(state, known)
    more = MORE.get(background.purpose)
    if more is None:
        return state_words(state, known), [sentence]
    return more(background, state_words(state, known), sentence)


def _referred(_background: Background, words: str, sentence: str) -> tuple[str, list[str]]:
    return words, [sentence, _("We ask there until we have an answer, and tell you.")]


def _rescheduled(background: Background, words: str, sentence: str) -> tuple[str, list[str]]:
    before = dt.date.fromisoformat(background.facts.data["from_date"])
    moved = _("The date we told you before, %(date)s, no longer holds.")
    return words, [sentence, moved % {"date": long_date(before)}]


def _reopened(_background: Background, _words: str, sentence: str) -> tuple[str, list[str]]:
    return _("taken up again"), [_("We have taken up your concern again."), sentence]


def _detached(_background: Background, _words: str, sentence: str) -> tuple[str, list[str]]:
    return _("handled on its own"), [_("We handle your concern on its own from now on."), sentence]


def _decided(background: Background, _words: str, _sentence: str) -> tuple[str, list[str]]:
    verdicts = {
        "reopened": _("Your objection was granted: we take up your concern again."),
        "detached": _("Your objection was granted: we take up your concern again, on its own."),
    }
    verdict = verdicts.get(background.facts.data.get("verdict", ""), _("Our answer stands."))
    return _("decision on your objection"), [verdict]


MORE: Mapping[Purpose, Callable[[Background, str, str], tuple[str, list[str]]]] = {
    Purpose.REFERRED: _referred,
    Purpose.RESCHEDULED: _rescheduled,
    Purpose.REOPENED: _reopened,
    Purpose.DETACHED: _detached,
    Purpose.DECISION: _decided,
}


def state_words(state: PublicState, known: Situation) -> str:
    """The state as a subject line says it, after "Pothole, High Street 5: "."""
    if state == PublicState.IN_PROGRESS and known.partner:
        return _("passed to %(partner)s") % {"partner": known.partner}
    if state == PublicState.IN_PROGRESS and known.department:
        return _("in progress with %(department)s") % {"department": known.department}
    if state == PublicState.SCHEDULED and known.ahead:
        return _("planned for %(date)s") % {"date": known.day}
    return str(STATE_WORDS[state])


STATE_WORDS: Mapping[PublicState, StrPromise] = {
    PublicState.RECEIVED: gettext_lazy("received"),
    PublicState.CHECKING: gettext_lazy("being checked"),
    PublicState.IN_PROGRESS: gettext_lazy("in progress"),
    PublicState.NEEDS_REPLY: gettext_lazy("we need an answer from you"),
    PublicState.SCHEDULED: gettext_lazy("planned"),
    PublicState.DONE: gettext_lazy("done"),
    PublicState.NOT_POSSIBLE: gettext_lazy("not possible"),
}


def promised(background: Background) -> dt.date | None:
    """Until when we say that we tell more; for a concern that was split off, on its own ticket.

    None when that day is over: somebody who follows later is promised nothing that others were.
    """
    facts, due = background.facts, background.facts.first_response_due
    if facts.verb == Verb.SPLIT:
        own_due = background.ticket.first_response_due
        due = city_day(own_due) if own_due else None
    return still_ahead(due)


def object_by(background: Background) -> dt.date | None:
    """The last day on which people can say that the result is not right."""
    answered_at = background.facts.answered_at
    return city_day(answered_at + OBJECTION_TIME) if answered_at else None


def promise(date: dt.date | None) -> str:
    """A day as a letter promises it; "" for one that is over when the letter is written."""
    ahead = still_ahead(date)
    return long_date(ahead) if ahead else ""


def where_to_turn(body: str) -> str:
    """How to reach another body, if the city's data knows it."""
    for known in city().bodies:
        if body and body in (known.key, *known.names.values()):
            return ", ".join(filter(None, (known.name, known.phone, known.website)))
    return ""
