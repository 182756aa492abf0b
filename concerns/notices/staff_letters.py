"""Letters to the city's people: of one event or alarm, to each who hears of it, in their language."""

from collections.abc import Collection, Iterator, Mapping

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from common.city import city
from common.clock import now
from concerns.links import account_url
from concerns.models import Ticket
from concerns.notices.facts import city_day
from concerns.notices.hearers import hearers
from concerns.notices.rendering import Rendered, page
from concerns.notices.staff_news import tidings
from concerns.notices.told import Told
from concerns.publishing import long_date
from notifications.writers import Letter

PREFIX = "user:"
CHANNEL = "email"
FOLDER = "concerns/notices/staff"


class StaffWriter:
    """What the post office asks of a writer besides letters, where all recipients work for the city."""

    def confirmed(self, recipients: Collection[str]) -> Collection[str]:
        return recipients

    def fill(self, _recipient: str, text: str) -> str:
        return text

    def bounced(self, recipient: str, channel: str, code: str) -> None:
        """An address of staff is the administrators' to mend; the post office keeps the refusal for them."""


def is_staff(recipient: str) -> bool:
    """Whether the post office's name of a person is that of somebody who works for the city."""
    return recipient.startswith(PREFIX)


def staff_name(user_id: int) -> str:
    """The post office's name for a person who works for the city."""
    return f"{PREFIX}{user_id}"


def user_id_of(recipient: str) -> int:
    """The id behind a name; 0, which is before all, behind any other name."""
    return int(recipient.removeprefix(PREFIX)) if is_staff(recipient) else 0


def letters_to_staff(told: Told, after: str) -> Iterator[Letter]:
    """One letter for each who hears of it, beginning behind the recipient `after`."""
    pages: dict[str, Rendered] = {}
    for person in hearers(told, user_id_of(after)):
        language = language_of(person)
        if language not in pages:
            pages[language] = notice(told, language)
        yield letter(person, language, told.occasion.news, pages[language])


def letter(person: User, language: str, purpose: str, said: Rendered) -> Letter:
    return Letter(
        recipient=staff_name(person.pk),
        channel=CHANNEL,
        language=language,
        purpose=purpose,
        address=person.email,
        subject=said.subject,
        text=said.text,
        html=said.html,
    )


def language_of(person: User) -> str:
    """The person's language if the product speaks it, else the city's."""
    spoken = person.language.split("-")[0]
    return spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def notice(told: Told, language: str) -> Rendered:
    with translation.override(language):
        said = tidings(told)
        return staff_page(
            "notice",
            {
                "subject_words": said.subject,
                "news": said.sentences,
                "url": said.url,
                "button": said.button,
                "is_alarm": told.occasion.alarm,
                "facts": [] if told.is_protected or not told.ticket else facts_of(told.ticket),
            },
        )


def staff_page(name: str, context: Mapping[str, object]) -> Rendered:
    """A page in the active language, with what all letters to staff carry."""
    common = {
        "account_url": account_url(),
        "city_name": city().name,
        "language": translation.get_language(),
    }
    return page(f"{FOLDER}/{name}", {**common, **context})


def facts_of(ticket: Ticket) -> list[str]:
    """What a person needs to place a ticket: what it is, its number, until when."""
    number = _("Ticket %(number)s") % {"number": ticket.pk}
    due = due_words(ticket)
    return [ticket.title, ", ".join(filter(None, (number, due)))]


def due_words(ticket: Ticket) -> str:
    """The date that presses next; "" for a ticket that has none."""
    first = ticket.first_response_due if ticket.first_responded_at is None else None
    due = (first or ticket.resolution_due) if ticket.is_open else None
    if due is None:
        return ""
    words = _("due by %(date)s") if due > now() else _("was due on %(date)s")
    return words % {"date": long_date(city_day(due))}
