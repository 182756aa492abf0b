"""How often one address is asked to confirm itself, counted over all doors.

Anybody can name a stranger's address, a thousand times. This is the place that sees it: every door's concerns come by
here one letter at a time, with the address's blind index; the post office knows neither addresses nor what a letter
asks, and an action would keep the person waiting. Over the limit the letter is not written. The concern counts all the
same, and nobody outside can tell: reference, PIN and link are given at the door, whether the address is known or not.

Only unanswered letters count: whoever confirms one (actions/contact.py) may file as many concerns as they like. A
worker that dies between counting and storing its letter counts it twice: too few mails, never too many.
"""

import logging

from django.conf import settings

from common import limits
from concerns.models import Reporter

ONE_DAY = 24 * 3600

log = logging.getLogger(__name__)


def may_be_asked(reporter: Reporter | None) -> bool:
    """Count one more confirmation letter to this address; whether it may still go out. Outside every transaction."""
    if reporter is None:
        return False
    keys = {confirmations_of(reporter): settings.CONFIRMATIONS_PER_ADDRESS_PER_DAY}
    try:
        limits.register(keys=keys, window_seconds=ONE_DAY)
    except limits.TooManyAttempts:
        log.warning("reporter %s is not asked to confirm: too many letters today", reporter.pk)
        return False
    return True


def confirmations_of(reporter: Reporter) -> str:
    """What the letters to this address are counted under (common/limits.py)."""
    return f"confirmation:{reporter.email_index}"
