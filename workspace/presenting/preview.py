"""What an act would write to people, for whoever is about to do it: how many read it, and how it reads."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language_info, ngettext, override
from django.utils.translation import gettext as _

from concerns.notices.foretelling import Foretold
from concerns.references import blank_marks
from notifications.writers import Letter
from workspace.presenting.post import CHANNELS


def preview(foretold: Sequence[Foretold]) -> list[dict[str, Any]]:
    """One entry for each kind of letter: whom it reaches and whom not, and its text in each language."""
    heard = [one for one in foretold if one.letters or besides(one)] or foretold[:1]
    return [
        {
            "told": told(one),
            "besides": besides(one),
            "letters": [shown(letter, count) for letter, count in one.letters],
        }
        for one in heard
    ]


def told(one: Foretold) -> str:
    count = sum(readers for _letter, readers in one.letters)
    if not count:
        return _("Nobody gets a letter of this now.")
    words = ngettext(
        "%(count)d person gets this letter, by %(channel)s.",
        "%(count)d people get this letter, by %(channel)s.",
        count,
    )
    return words % {"count": count, "channel": CHANNELS[one.channel]}


def besides(one: Foretold) -> list[str]:
    """What becomes of those whom the letter does not reach."""
    unconfirmed = ngettext(
        "%(count)d person has not confirmed the address yet; once they do, they hear of it in a summary.",
        "%(count)d people have not confirmed their address yet; once they do, they hear of it in a summary.",
        one.unconfirmed,
    )
    looking = ngettext(
        "%(count)d person wants no mail and looks at the concern's page.",
        "%(count)d people want no mail and look at their concern's page.",
        one.looking,
    )
    unreachable = ngettext(
        "%(count)d person cannot be reached (no address, or mail comes back); it stands on the concern's page.",
        "%(count)d people cannot be reached (no address, or mail comes back); it stands on their concern's page.",
        one.unreachable,
    )
    found = (
        (one.unconfirmed, unconfirmed),
        (one.looking, looking),
        (one.unreachable, unreachable),
    )
    return [words % {"count": count} for count, words in found if count]


def shown(letter: Letter, count: int) -> dict[str, Any]:
    """A letter without its secrets: nobody at the desk may have another person's link and PIN."""
    language = get_language_info(letter.language)["name_translated"]
    words = ngettext(
        "In %(language)s, for %(count)d person", "In %(language)s, for %(count)d people", count
    )
    with override(letter.language):
        text = blank_marks(
            letter.text, link=_("[the person's own link]"), code=_("[the person's PIN]")
        )
    return {
        "heading": words % {"language": language, "count": count},
        "language": letter.language,
        "subject": letter.subject,
        "text": text.strip(),
    }
