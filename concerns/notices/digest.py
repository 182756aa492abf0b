"""The daily mail: one envelope a day, expanded to each person who chose it and has news."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import NoticeChoice
from accounts.models import User
from concerns.links import desk_url, queue_url, ticket_url
from concerns.models import Ticket
from concerns.notices.gathered import Day, Part, Reader, Section
from concerns.notices.rendering import Rendered
from concerns.notices.staff_letters import (
    StaffWriter,
    due_words,
    language_of,
    letter,
    staff_page,
    user_id_of,
)
from concerns.notices.staff_occasions import News
from departments.queries import actors_for
from notifications.models import Envelope
from notifications.writers import Letter

BATCH = 200
# Where the rest of a long section stands; what waits is spread over several queues.
QUEUES = {Part.NEW: "department", Part.ASSIGNED: "mine", Part.OVERDUE: "due"}


class DigestWriter(StaffWriter):
    """Writes the letters of a day's envelope (notifications/writers.py)."""

    def letters(self, envelope: Envelope, after: str) -> Iterable[Letter]:
        said = envelope.facts
        moments = (dt.datetime.fromisoformat(said[name]) for name in ("since", "until"))
        day = Day.of(*moments)
        for batch in batches(user_id_of(after)):
            actors = actors_for(batch)
            for person in batch:
                if sections := Reader(person, actors[person.pk], day).sections():
                    language = language_of(person)
                    yield letter(person, language, News.DIGEST, digest(sections, language))


def batches(after: int) -> Iterator[list[User]]:
    """Those who chose the daily mail, in ascending order of id; one statement a batch."""
    readers = User.objects.filter(is_active=True, notices=NoticeChoice.DAILY).order_by("pk")
    batch = list(readers.filter(pk__gt=after)[:BATCH])
    while batch:
        yield batch
        batch = list(readers.filter(pk__gt=batch[-1].pk)[:BATCH])


def digest(sections: list[Section], language: str) -> Rendered:
    with translation.override(language):
        return staff_page(
            "digest",
            {
                "subject_words": ", ".join(counted(sections)),
                "sections": [shown(section) for section in sections],
                "url": desk_url(),
                "button": _("Go to the workspace"),
            },
        )


def counted(sections: list[Section]) -> list[str]:
    """The news in numbers, as the subject says it: "3 new tickets, 1 overdue"; the first names what it counts."""
    counts = {section.part: section.count for section in sections}
    new = counts.get(Part.NEW, 0) + counts.get(Part.ASSIGNED, 0)
    waiting, overdue = counts.get(Part.WAITING, 0), counts.get(Part.OVERDUE, 0)
    said = []
    if new:
        said.append(ngettext("%(count)d new ticket", "%(count)d new tickets", new))
    if waiting and not said:
        said.append(
            ngettext("%(count)d ticket waits for you", "%(count)d tickets wait for you", waiting)
        )
    elif waiting:
        said.append(ngettext("%(count)d waits for you", "%(count)d wait for you", waiting))
    if overdue and not said:
        said.append(ngettext("%(count)d ticket overdue", "%(count)d tickets overdue", overdue))
    elif overdue:
        said.append(ngettext("%(count)d overdue", "%(count)d overdue", overdue))
    numbers = [count for count in (new, waiting, overdue) if count]
    return [words % {"count": count} for words, count in zip(said, numbers, strict=True)]


def shown(section: Section) -> dict[str, object]:
    titles = {
        Part.NEW: _("New in your department"),
        Part.ASSIGNED: _("Assigned to you"),
        Part.WAITING: _("Waiting for you"),
        Part.OVERDUE: _("Overdue"),
    }
    more, queue = section.count - len(section.tickets), QUEUES.get(section.part)
    return {
        "title": titles[section.part],
        "count": section.count,
        "lines": [(line(ticket), ticket_url(ticket.pk)) for ticket in section.tickets],
        "more": _("and %(count)d more") % {"count": more} if more else "",
        "more_url": queue_url(queue) if queue else desk_url(),
    }


def line(ticket: Ticket) -> str:
    """One ticket on one line; of a protected one nothing but its number."""
    number = _("Ticket %(number)s") % {"number": ticket.pk}
    if ticket.is_confidential or ticket.restricted_at is not None:
        return _("Protected ticket %(number)s") % {"number": ticket.pk}
    return ", ".join(filter(None, (ticket.title, number, due_words(ticket))))
