"""Writes the letters of the domain's envelopes, for the post office (notifications/writers.py)."""

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from django.conf import settings
from django.utils import translation

from common.actor import Actor
from common.prepared import Given, Prepared
from concerns.models import Concern, Reporter
from concerns.notices.announcing import recipient_of
from concerns.notices.background import Background
from concerns.notices.condensing import condensed_particulars
from concerns.notices.confirming import may_be_asked
from concerns.notices.facts import Facts
from concerns.notices.news import particulars
from concerns.notices.occasions import OCCASIONS, Purpose
from concerns.notices.partners import filled, is_partner, letters_to_partner, referral_of
from concerns.notices.recipients import batches
from concerns.notices.rendering import rendered
from concerns.notices.staff_letters import is_staff, letters_to_staff
from concerns.notices.staff_occasions import occasion_of
from concerns.notices.told import Told
from concerns.queries.contact import contacts_of
from concerns.references import fill_marks
from notifications.models import Envelope
from notifications.writers import Letter

CHANNEL = "email"
# What nobody but the owner of a confirmed address may read; others are asked to confirm instead.
WITH_PROOFS = (Purpose.ACKNOWLEDGEMENT, Purpose.RENEWED)


class BounceNoter(Protocol):
    def __call__(self, *, concern_id: int, code: str) -> None: ...


class UnreachableNoter(Protocol):
    def __call__(self, *, referral_id: int, code: str) -> None: ...


class NoticeWriter:
    """What is done when a person's or a partner's address refuses is an action: these stand above this room."""

    def __init__(self, note_bounce: BounceNoter, note_unreachable: UnreachableNoter) -> None:
        self._note_bounce, self._note_unreachable = note_bounce, note_unreachable

    def letters(self, envelope: Envelope, after: str) -> Iterable[Letter]:
        """First those to the concerns' people, then to a partner, then those to the city's people."""
        facts = Facts.read(envelope)
        if facts.verb in OCCASIONS and not (is_staff(after) or is_partner(after)):
            yield from self.letters_outside(facts, after)
            yield from letters_to_partner(facts)
        if occasion := occasion_of(facts):
            yield from letters_to_staff(Told.of(occasion, facts), after)

    def letters_outside(self, facts: Facts, after: str) -> Iterator[Letter]:
        background = Background.of(facts)
        pages: dict[str, dict[str, object]] = {}
        for batch in batches(facts, concern_id_of(after) if after else 0):
            addresses = addresses_of(batch)
            for concern in batch:
                if address := addresses.get(concern.pk):
                    told = letter(background, concern, address, pages)
                    if told.purpose != Purpose.CONFIRMATION or may_be_asked(concern.reporter):
                        yield told

    def confirmed(self, recipients: Collection[str]) -> Collection[str]:
        concern_ids = [concern_id_of(recipient) for recipient in recipients]
        reporters = dict(
            Concern.objects.filter(pk__in=concern_ids).values_list("pk", "reporter_id")
        )
        # All are locked and then looked at: a condition in SQL would pass over, unlocked, a row whose confirmation
        # is not committed yet.
        locked = Reporter.objects.select_for_update(no_key=True).order_by("pk")
        known = {
            one.pk for one in locked.filter(pk__in=reporters.values()) if one.address_confirmed_at
        }
        return [recipient_of(pk) for pk, reporter in reporters.items() if reporter in known]

    def fill(self, recipient: str, text: str) -> str:
        if is_staff(recipient):
            return text
        if is_partner(recipient):
            return filled(recipient, text)
        concern_id = concern_id_of(recipient)
        [(reference, generation)] = PROVEN_BY.all(pk=concern_id)
        return fill_marks(text, reference=reference, concern_id=concern_id, generation=generation)

    def bounced(self, recipient: str, channel: str, code: str) -> None:
        said = f"{channel} {code}"
        if is_partner(recipient):
            self._note_unreachable(referral_id=referral_of(recipient).pk, code=said)
        elif not is_staff(recipient):
            self._note_bounce(concern_id=concern_id_of(recipient), code=said)


PROVEN_BY = Prepared(
    lambda: Concern.objects.filter(pk=Given("pk")).values_list("reference", "generation")
)


def concern_id_of(recipient: str) -> int:
    return int(recipient.removeprefix("concern:"))


def addresses_of(batch: list[Concern]) -> dict[int, str]:
    """E-mail addresses by concern; reading those of reporters is logged, one statement for all."""
    reporters = {one.reporter.pk: one.reporter for one in batch if one.reporter}
    contacts = contacts_of(Actor.system(), list(reporters.values()), purpose="delivery")
    addresses = {one.pk: one.author.email for one in batch if one.author}
    for one in batch:
        if one.reporter_id in contacts:
            addresses[one.pk] = contacts[one.reporter_id].get("email", "")
    return addresses


def letter(
    background: Background, concern: Concern, address: str, pages: dict[str, dict[str, object]]
) -> Letter:
    """The letter of this event to one concern's person; `pages` keeps what all of one language share."""
    unconfirmed = is_unconfirmed(concern)
    purpose = background.purpose
    if unconfirmed and purpose in WITH_PROOFS:
        purpose = Purpose.CONFIRMATION
    language = language_of(concern)
    with translation.override(language):
        if purpose == Purpose.CONDENSED:
            ticket, said = condensed_particulars(background.facts, concern)
        else:
            ticket, said = background.ticket, pages.get(language) or particulars(background)
            pages[language] = said
        page = rendered(purpose, concern, ticket, said)
    return Letter(
        recipient=recipient_of(concern.pk),
        channel=CHANNEL,
        language=language,
        purpose=purpose,
        address=address,
        subject=page.subject,
        text=page.text,
        html=page.html,
        held=unconfirmed and purpose != Purpose.CONFIRMATION,
    )


def is_unconfirmed(concern: Concern) -> bool:
    """Until its address is confirmed a person gets one mail only; employees sign in, so theirs is known."""
    return concern.reporter is not None and concern.reporter.address_confirmed_at is None


def language_of(concern: Concern) -> str:
    """The person's language if the product speaks it, else the city's."""
    spoken = concern.language.split("-")[0]
    return spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
