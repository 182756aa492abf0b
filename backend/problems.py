"""Refusals as pages: what is wrong and what to do, in the frame of the door that was knocked at."""

import sys
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backend.api.problems import is_full, outside
from common.limits import TooManyAttempts
from concerns.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, Refused, StoreAway
from portal.views import filing
from workspace.door import form_again

UNAVAILABLE = 503
# How the reasons begin that Django gives for a request of another site.
FROM_ELSEWHERE = ("Origin", "Referer")
STATUS: dict[type[Exception], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Refused: 409,
    Conflict: 409,
    Invalid: 404,
    TooManyAttempts: 429,
    StoreAway: UNAVAILABLE,
}


def problem_page(request: HttpRequest, status: int, explanation: str = "") -> HttpResponse:
    """The page for a status: in the frame of the workspace for people who work there, else in the portal's."""
    if request.path.startswith("/api/"):
        return outside(request, status)
    door = "workspace" if at_the_desk(request) else "portal"
    context = {"status": status, "explanation": explanation}
    return render(request, f"{door}/problem.html", context, status=status)


def at_the_desk(request: HttpRequest) -> bool:
    """Whether somebody signed in asked for a page of the workspace; never raises, the database may be down."""
    if not request.path.startswith("/workspace/"):
        return False
    try:
        return bool(request.user.is_authenticated)
    except (AttributeError, DatabaseError):
        return False


class DomainProblems:
    """Answer what an action refused and no view answered. The REST door has an exception handler of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        status = next((code for kind, code in STATUS.items() if isinstance(exception, kind)), None)
        if status is None:
            return None
        said = str(exception.message) if isinstance(exception, DomainError) else ""
        return problem_page(request, status, said)


# Django calls these with names of its own: `exception` and `reason`.
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return problem_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return problem_page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Mostly a page that stood open for too long: reloading it helps, and that is what 400 says.

    A report, and a form at the desk, is drawn again, filled as it was sent; what another site sent is not.
    """
    ours = not reason.startswith(FROM_ELSEWHERE)
    if ours and request.resolver_match and request.resolver_match.view_name == "portal:report":
        return filing.again(request)
    again = form_again(request) if ours and at_the_desk(request) else None
    return again or problem_page(request, 400)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return problem_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """An upload too large for memory is received on the disk, before any view; that may be full.

    While the database is away a program may ask again, and a proxy knows it is not the page's fault.
    """
    failure = sys.exc_info()[1]
    if is_full(failure):
        return problem_page(request, UNAVAILABLE, str(StoreAway.message))
    away = isinstance(failure, (OperationalError, InterfaceError))
    return problem_page(request, UNAVAILABLE if away else 500)
