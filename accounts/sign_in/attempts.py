"""How often somebody may try to prove who they are, for each account and each network (common/limits.py)."""

import logging
import unicodedata

from django.conf import settings
from django.http import HttpRequest

from common.idempotency import hashed_client
from common.limits import clear, register
from common.network import network_of

log = logging.getLogger(__name__)
PASSWORD, CODE, LINK = "sign-in", "code", "password-link"


def account_named(text: str) -> str:
    """The address an account is stored under, however it was typed: all spellings share one count of attempts."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def mark_of(account: str) -> str:
    """What the log calls an account whose person proved nothing: the same for all attempts at it, and nobody's name."""
    return hashed_client(f"account:{account_named(account)}")[:16]


def note(what: str, *, who: object) -> None:
    """One line of the log for every attempt to prove oneself; `who` is a reference or a mark, never an address."""
    log.info("%s: %s", what, who, extra={"fields": {"sign_in": what, "account": str(who)}})


def count(request: HttpRequest, *, what: str, who: str) -> None:
    """Count an attempt, before anything secret is looked at. Raises TooManyAttempts."""
    keys = {
        f"{what}:account:{who}": settings.SIGN_IN_ATTEMPTS_PER_ACCOUNT,
        f"{what}:network:{network_of(request)}": settings.SIGN_IN_ATTEMPTS_PER_NETWORK,
    }
    register(keys=keys, window_seconds=settings.PROOF_WINDOW_SECONDS)


def forget(*, what: str, who: str) -> None:
    """Begin afresh for this account, after success; the network's count stays."""
    clear(f"{what}:account:{who}")
