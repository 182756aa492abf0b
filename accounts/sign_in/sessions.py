"""How long a session lasts: so many hours at most, and so many minutes without anybody at it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from common.clock import now

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

BEGUN, SEEN = "begun_at", "seen_at"
MINUTE = 60
# That somebody is there is written down this often at most: not every page shall cost a statement.
NOTED_EVERY = 5 * MINUTE


class TimedAuthentication(AuthenticationMiddleware):
    """Whose request it is, asked for only when somebody wants to know; nobody's when the session has ended."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: user_of(request))  # type: ignore[assignment] # as Django does


def begin(session: SessionBase) -> None:
    session[BEGUN] = session[SEEN] = int(now().timestamp())


def user_of(request: HttpRequest) -> "AbstractBaseUser | AnonymousUser":
    session = request.session
    if SESSION_KEY in session:
        keep_time(session, by_hand="HX-Request" not in request.headers)
    user = get_user(request)
    if user.is_anonymous and SESSION_KEY in session:
        # Of somebody whose account was closed: it shall not revive with the account.
        session.flush()
    return user


def keep_time(session: SessionBase, *, by_hand: bool) -> None:
    """End a session that is over; note that somebody is there, unless a page asked by itself (htmx)."""
    if BEGUN not in session:
        begin(session)
    moment = int(now().timestamp())
    unseen = moment - session[SEEN]
    if moment - session[BEGUN] >= settings.SESSION_COOKIE_AGE or unseen >= idle_seconds():
        session.flush()
    elif by_hand and unseen >= min(NOTED_EVERY, idle_seconds() // 2):
        session[SEEN] = moment


def idle_seconds() -> int:
    minutes: int = settings.STAFF_IDLE_MINUTES
    return minutes * MINUTE
