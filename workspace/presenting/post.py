"""Stuck post in words: what kind of letter, to whom in general, why it did not leave; never an address."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrOrPromise

from common.actor import Actor
from concerns.notices.occasions import Purpose
from concerns.notices.staff_letters import is_staff
from concerns.notices.staff_occasions import News
from concerns.queries.visible import visible
from notifications.queries import Trouble

LETTERS: Mapping[str, StrOrPromise] = {
    Purpose.ACKNOWLEDGEMENT: gettext_lazy("Acknowledgement"),
    Purpose.CONFIRMATION: gettext_lazy("Confirmation of the address"),
    Purpose.CONDENSED: gettext_lazy("Summary after confirmation"),
    Purpose.QUESTION: gettext_lazy("Question"),
    Purpose.REMINDER: gettext_lazy("Reminder"),
    Purpose.MESSAGE: gettext_lazy("Message"),
    Purpose.ANSWER: gettext_lazy("Answer"),
    Purpose.OBJECTED: gettext_lazy("Receipt of an objection"),
    Purpose.DECISION: gettext_lazy("Decision on an objection"),
    Purpose.WITHDRAWN: gettext_lazy("Receipt of a withdrawal"),
    News.DIGEST: gettext_lazy("Daily mail"),
}
CHANNELS: Mapping[str, StrOrPromise] = {"email": gettext_lazy("e-mail")}
# How codes begin (notifications/channels, delivery.py), in the order they are looked for.
REASONS: Sequence[tuple[str, StrOrPromise]] = (
    ("timeout", gettext_lazy("The mail server did not answer in time.")),
    ("tls", gettext_lazy("No encrypted connection to the mail server came about.")),
    ("bad address", gettext_lazy("This is no address that mail can be sent to.")),
    ("no such channel", gettext_lazy("This way of sending is not set up here.")),
    ("worker lost", gettext_lazy("The program ended again and again while it was at it.")),
    ("4", gettext_lazy("The mail server asks to try again later.")),
    ("5", gettext_lazy("The mail server refuses it.")),
    ("SMTPAuthentication", gettext_lazy("The mail server refuses our log-in.")),
    ("SMTP", gettext_lazy("The mail server broke off.")),
    ("Connection", gettext_lazy("The mail server cannot be reached.")),
    ("gaierror", gettext_lazy("The mail server's name is not known.")),
    ("OSError", gettext_lazy("The mail server cannot be reached.")),
)


def rows(actor: Actor, stuck: Sequence[Trouble]) -> list[dict[str, Any]]:
    """One line for each; a ticket is linked if this person may know of it (one statement for all)."""
    ids = {ticket for one in stuck if (ticket := ticket_in(one))}
    known = set(visible(actor).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    return [row(one, known) for one in stuck]


def row(one: Trouble, known: set[int]) -> dict[str, Any]:
    ticket = ticket_in(one)
    words, url = letter_words(one), ""
    if ticket in known:
        words = _("%(letter)s, ticket %(number)s") % {"letter": words, "number": ticket}
        url = reverse("workspace:ticket", args=[ticket])
    return {
        "letter": words,
        "ticket_url": url,
        "recipient": recipient_words(one),
        "reason": reason_words(one.code),
        "attempts": attempts_words(one),
        "since": one.created_at,
        "next_attempt_at": one.next_attempt_at,
        "try_again_url": reverse("workspace:delivery-try-again", args=[one.id]),
        "give_up_url": reverse("workspace:delivery-give-up", args=[one.id]),
    }


def ticket_in(one: Trouble) -> int | None:
    ticket = one.facts.get("ticket")
    return ticket if isinstance(ticket, int) else None


def letter_words(one: Trouble) -> str:
    if one.kind == "envelope":
        return _("Letters not written yet")
    if one.purpose.startswith("alarm_"):
        return _("Alarm")
    if one.purpose in LETTERS:
        return str(LETTERS[one.purpose])
    if not one.topic.startswith("concerns."):
        return _("Letter about an account")
    return _("News for colleagues") if is_staff(one.recipient) else _("News on a concern")


def recipient_words(one: Trouble) -> str:
    if one.kind == "envelope":
        return _("to everybody it concerns")
    to = _("to a person who wrote to us, by %(channel)s")
    if is_staff(one.recipient):
        to = _("to somebody who works here, by %(channel)s")
    return to % {"channel": CHANNELS.get(one.channel, one.channel)}


def attempts_words(one: Trouble) -> str:
    """How often it was tried, and the code for whoever asks the mail server's keeper."""
    tried = ngettext("%(count)d attempt", "%(count)d attempts", one.attempts)
    return ", ".join(filter(None, (tried % {"count": one.attempts}, one.code)))


def reason_words(code: str) -> str:
    """The error in a sentence; what is no answer of another machine is a defect of ours."""
    if not code:
        return _("No attempt has failed yet.")
    found = next((words for start, words in REASONS if code.startswith(start)), None)
    return str(found or _("A defect in the program; the log says more."))


def pauses(paused: Mapping[str, str]) -> list[dict[str, str]]:
    """Channels that wait for their other end to come back."""
    sentence = _("Paused: %(channel)s. %(reason)s")
    return [
        {
            "title": sentence
            % {"channel": CHANNELS.get(channel, channel), "reason": reason_words(code)},
            "text": _("It is tried again by itself once a minute. (%(code)s)") % {"code": code},
        }
        for channel, code in paused.items()
    ]
