"""What the people of a ticket said, and what was said to them."""

from typing import Any

from django.utils.translation import gettext as _

from concerns.enums import Direction
from concerns.models import Concern, Message, Note, Ticket
from concerns.publishing import file_note
from concerns.queries.tickets import TicketDetail
from workspace.presenting.glance import url_of


def concern_row(
    concern: Concern, shown_contact: tuple[int, dict[str, str]] | None, ticket: Ticket
) -> dict[str, Any]:
    """What one person said, with their contact data only when they were asked for (and logged)."""
    contact = None
    if shown_contact and shown_contact[0] == concern.pk:
        labels = {"name": _("Name"), "email": _("E-mail"), "phone": _("Phone")}
        known = shown_contact[1]
        contact = [(label, known[key]) for key, label in labels.items() if known.get(key)]
    return {
        "reference": concern.reference,
        "kind": concern.get_kind_display(),
        "channel": concern.get_channel_display(),
        "language": concern.language,
        "filed_at": concern.created_at,
        "standing": "" if concern.is_active else concern.get_standing_display(),
        "words": concern.words,
        "items": [(_("Place"), concern.address)] if concern.address else [],
        "contact": contact,
        "contact_url": f"{url_of(ticket)}?contact={concern.pk}" if concern.reporter_id else "",
        "facts": facts_of(concern),
        "files": [
            {**row, "note": file_note(row["state"], row["refusal"])}
            for row in getattr(concern, "files", [])
        ],
        "acts": [],
    }


def facts_of(concern: Concern) -> list[str]:
    facts = [
        (
            getattr(concern, "waiting_objection", None) is not None,
            _("Objects to the result; this must be decided."),
        ),
        (concern.confirmed_at is not None, _("Confirmed the result.")),
        (
            concern.rating is not None,
            _("Rated the result %(grade)s of 5.") % {"grade": concern.rating},
        ),
        (
            bool(concern.reporter and concern.reporter.undeliverable_since),
            _("Mails come back; please call instead."),
        ),
    ]
    return [sentence for holds, sentence in facts if holds]


def conversation(detail: TicketDetail) -> list[dict[str, Any]]:
    """Messages and notes in the order they were written."""
    said = [message_row(message) for message in detail.messages] + [
        note_row(note) for note in detail.notes
    ]
    return sorted(said, key=lambda one: one["at"])


def message_row(message: Message) -> dict[str, Any]:
    from_city = message.direction == Direction.OUT
    draft = ("warning", _("Not sent: waits for approval")) if message.released_at is None else None
    return {
        "author": author_of(message) if from_city else _("Reporting person"),
        "from_city": from_city,
        "internal": False,
        "at": message.created_at,
        "text": message.text,
        "reference": message.concern.reference if message.concern else "",
        "delivery": draft,
    }


def author_of(written: Message | Note) -> str:
    if isinstance(written, Note) and written.partner:
        return written.partner.name
    return written.author.name if written.author else _("The city")


def note_row(note: Note) -> dict[str, Any]:
    return {
        "author": author_of(note),
        "from_city": True,
        "internal": True,
        "at": note.created_at,
        "text": note.text,
        "reference": "",
        "delivery": None,
    }
