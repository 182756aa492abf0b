"""Letters to bodies outside that a ticket was passed to: what we ask of them, and the link by which they answer.

The link stands in the stored letter as a mark; it is filled in at delivery, and opens nothing once the wait is over.
"""

from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from common.actor import Actor
from common.city import city
from concerns.enums import Verb
from concerns.models import Referral
from concerns.notices.facts import Facts, city_day
from concerns.notices.rendering import FOLDER, page
from concerns.publishing import long_date
from concerns.queries.files import files_on
from concerns.references import REFERRAL_URL_MARK, defuse, referral_token, referral_url
from notifications.writers import Letter

PREFIX = "partner:"
CHANNEL = "email"
REFERRAL, REMINDER = "partner_referral", "partner_reminder"


def is_partner(recipient: str) -> bool:
    """Whether the post office's name is that of a body a ticket was passed to."""
    return recipient.startswith(PREFIX)


def referral_of(recipient: str) -> Referral:
    return Referral.objects.get(key=UUID(recipient.removeprefix(PREFIX)))


def letters_to_partner(facts: Facts) -> Iterator[Letter]:
    """What the partner is written when a ticket is passed to it, and when it is reminded; nothing once it is over."""
    waiting = Referral.objects.open().filter(ticket=facts.ticket)
    if facts.verb == Verb.REFER and "referral" in facts.data:
        waiting = waiting.filter(key=facts.data["referral"])
    elif facts.verb != Verb.REMIND:
        return
    related = ("partner", "ticket__category", "note")
    for referral in waiting.select_related(*related).order_by("-pk")[:1]:
        yield letter(referral, facts)


def letter(referral: Referral, facts: Facts) -> Letter:
    partner, reminded = referral.partner, facts.verb == Verb.REMIND
    language = (
        partner.language if partner.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    )
    with translation.override(language):
        said = page(
            f"{FOLDER}/partner",
            {
                "matter": matter(referral),
                "reminded": reminded,
                "words": defuse(referral.note.text),
                "answer_by": long_date(facts.wait_until) if facts.wait_until else "",
                "passed_on": long_date(city_day(referral.created_at)),
                "with_files": bool(files_on(Actor.partner(referral.ticket_id), referral.ticket_id)),
                "referral_url": REFERRAL_URL_MARK,
                "number": referral.ticket_id,
                "city_name": city().name,
                "phone": city().contact.phone,
                "language": language,
            },
        )
    return Letter(
        recipient=f"{PREFIX}{referral.key}",
        channel=CHANNEL,
        language=language,
        purpose=REMINDER if reminded else REFERRAL,
        address=partner.email,
        subject=said.subject,
        text=said.text,
        html=said.html,
    )


def matter(referral: Referral) -> str:
    """The ticket's title; nothing of a confidential one: a subject line is read over shoulders."""
    ticket = referral.ticket
    return _("a matter of the city") if ticket.is_confidential else defuse(ticket.title)


def filled(recipient: str, text: str) -> str:
    """A stored letter to a partner with its link."""
    referral = referral_of(recipient)
    url = referral_url(referral.key, referral_token(referral.pk))
    return text.replace(REFERRAL_URL_MARK, url)
