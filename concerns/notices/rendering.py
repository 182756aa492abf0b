"""A letter from its three templates: subject, text, HTML."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.city import city
from concerns.models import Concern, Ticket
from concerns.notices.occasions import Purpose
from concerns.references import PIN_MARK, TRACKING_URL_MARK, confirmation_url_mark, defuse

FOLDER = "concerns/notices"
# Letters of a changed state differ in their news only.
ONE_TEMPLATE = frozenset(
    {
        Purpose.IN_PROGRESS,
        Purpose.REFERRED,
        Purpose.SCHEDULED,
        Purpose.RESCHEDULED,
        Purpose.REOPENED,
        Purpose.DETACHED,
    }
)
LONGEST_PLACE = 80
BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")


@dataclass(frozen=True, slots=True, repr=False)  # a repr would carry the words into tracebacks
class Rendered:
    subject: str
    text: str
    html: str


def rendered(
    purpose: Purpose, concern: Concern, ticket: Ticket, particulars: Mapping[str, object]
) -> Rendered:
    """The letter to one concern's person in the active language, secrets as marks."""
    name = f"{FOLDER}/{'state' if purpose in ONE_TEMPLATE else purpose}"
    context: dict[str, object] = {
        **particulars,
        "matter": matter(concern, ticket),
        "reference": concern.reference,
        "tracking_url": TRACKING_URL_MARK,
        "confirmation_url": confirmation_url_mark(
            concern.reporter.address_generation if concern.reporter else 0
        ),
        "pin": PIN_MARK,
        "portal_url": f"{settings.PUBLIC_URL}/",
        "city_name": city().name,
        "phone": city().contact.phone,
        "language": get_language(),
    }
    return page(name, context)


def page(name: str, context: Mapping[str, object]) -> Rendered:
    """The three templates of a letter, filled: subject on one line, text without gaps, HTML with the subject."""
    subject = " ".join(render_to_string(f"{name}.subject.txt", context).split())
    text = render_to_string(f"{name}.txt", context)
    return Rendered(
        subject=subject,
        text=BLANK_LINES.sub("\n\n", text).strip() + "\n",
        html=render_to_string(f"{name}.html", {**context, "subject": subject}).strip(),
    )


def matter(concern: Concern, ticket: Ticket) -> str:
    """What it is about and where: the category as worked, the place as this person gave it, never another's.

    Nothing of it for a confidential matter: a subject line is read over shoulders.
    """
    if ticket.is_confidential or ticket.category is None:
        return _("Your concern")
    area = concern.district or ticket.district
    place = concern.address or (area.name if area else "")
    place = textwrap.shorten(defuse(place), LONGEST_PLACE, placeholder=" …")
    return ", ".join(filter(None, (ticket.category.name, place)))
