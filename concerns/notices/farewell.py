"""The last letter to an address that was replaced: short, without a word or the matter of the concern, without proofs.

The address stands on a row of its own, which no concern points to (actions/contact.py).
"""

from collections.abc import Collection, Iterator

from django.conf import settings
from django.utils import translation

from common.actor import Actor
from common.city import city
from concerns.models import Concern, Reporter
from concerns.notices.rendering import FOLDER, page
from concerns.notices.writer import CHANNEL, language_of
from concerns.queries.contact import contact_of
from notifications.models import Envelope
from notifications.writers import Letter

PURPOSE = "farewell"


class FarewellWriter:
    """Its envelopes name the former address's row and, in their facts, the concern."""

    def letters(self, envelope: Envelope, after: str) -> Iterator[Letter]:
        former = Reporter.objects.filter(pk=envelope.subject_id).first()
        if former and not after:
            yield letter(former, Concern.objects.get(pk=envelope.facts["concern"]))

    def confirmed(self, recipients: Collection[str]) -> Collection[str]:
        return recipients

    def fill(self, _recipient: str, text: str) -> str:
        return text

    def bounced(self, recipient: str, channel: str, code: str) -> None:
        """Nobody reads there any more: then there is nobody to tell."""


def letter(former: Reporter, concern: Concern) -> Letter:
    language = language_of(concern)
    with translation.override(language):
        said = page(
            f"{FOLDER}/{PURPOSE}",
            {
                "reference": concern.reference,
                "portal_url": f"{settings.PUBLIC_URL}/",
                "city_name": city().name,
                "phone": city().contact.phone,
                "language": language,
            },
        )
    return Letter(
        recipient=f"reporter:{former.pk}",
        channel=CHANNEL,
        language=language,
        purpose=PURPOSE,
        address=contact_of(Actor.system(), former, purpose="delivery")["email"],
        subject=said.subject,
        text=said.text,
        html=said.html,
    )
