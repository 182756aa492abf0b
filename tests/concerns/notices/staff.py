"""The city's people as readers of mail: what they chose, and what reached them."""

from accounts.enums import NoticeChoice
from accounts.models import User

HOUSE = "@northmoor.example"


def choose(choice, *people):
    """Let these people (default: everybody) hear of news that way."""
    chosen = User.objects.filter(pk__in=[one.pk for one in people]) if people else User.objects
    chosen.update(notices=choice)


def at_once(*people):
    choose(NoticeChoice.AT_ONCE, *people)


def to_staff(mails):
    """Those of the mails that went to the city's people."""
    return [mail for mail in mails if mail.to.endswith(HOUSE)]


def readers(mails):
    """Whom of the city's people the mails reached, by first name."""
    return sorted(mail.to.removesuffix(HOUSE) for mail in to_staff(mails))


def said(mail):
    """The lines of a letter to staff between salutation and foot."""
    lines = [line for line in mail.text.splitlines() if line]
    return lines[1 : lines.index(next(line for line in lines if line.startswith("https://"))) + 1]
