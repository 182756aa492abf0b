"""Every error under /api/ as RFC 9457 `application/problem+json`: a constant title, words that say what to do next."""

import errno
import logging
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import singledispatch
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from rest_framework import exceptions as drf
from rest_framework.response import Response

from backend.api.kinds import KINDS, TITLES
from common import request_id
from common.idempotency import AlreadyInProgress, KeyUsedOtherwise
from common.limits import TooManyAttempts
from concerns import errors as domain
from concerns.api.questions import body_shown

CONTENT_TYPE = "application/problem+json"
SERVER_ERROR = 500
# Seconds after which a client may try again what failed by our fault, or is under way.
AGAIN_AFTER_FAILURE = 5
AGAIN_WHILE_BUSY = 1
AGAIN_WHEN_STORED = 60
OUTSIDE = {
    400: SuspiciousOperation(),
    403: PermissionDenied(),
    404: Http404(),
    503: OperationalError(),
}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one value; `pointer` is its JSON Pointer in the body, or the name of a query parameter."""

    pointer: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    code: str
    detail: StrOrPromise
    errors: Sequence[FieldError] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    # What this kind of problem says besides (RFC 9457, section 3.2).
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return KINDS[self.code]


def handle(exc: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's exception handler: an answer for everything, so that no error page and no stack ever leaves /api/."""
    problem = problem_of(exc)
    name = request_id.current_or_new()
    if problem.status >= SERVER_ERROR:
        log.error("request %s failed: %s\n%s", name, names_of(exc), frames_of(exc))
    return answer(problem, instance=context["request"].path, name=name)


def answer(problem: Problem, *, instance: str, name: str) -> Response:
    body = body_of(problem, instance=instance, name=name)
    return Response(
        body, status=problem.status, headers=dict(problem.headers), content_type=CONTENT_TYPE
    )


def outside(request: HttpRequest, status: int) -> JsonResponse:
    """What went wrong under /api/ before any endpoint was reached: a refused host, a failure on the way."""
    problem = problem_of(OUTSIDE.get(status, Exception()))
    body = body_of(problem, instance=request.path, name=request_id.current_or_new())
    return JsonResponse(body, status=problem.status, content_type=CONTENT_TYPE)


def body_of(problem: Problem, *, instance: str, name: str) -> dict[str, Any]:
    """`name` is the request's: what people tell us when they ask what happened."""
    body: dict[str, Any] = {
        "type": f"{settings.PUBLIC_URL}/api/docs/#problem-{problem.code}",
        "title": str(TITLES[problem.code]),
        "status": problem.status,
        "detail": str(problem.detail),
        "instance": instance,
        "request_id": name,
        **problem.more,
    }
    if problem.errors:
        body["errors"] = [
            {"pointer": one.pointer, "code": one.code, "detail": one.detail}
            for one in problem.errors
        ]
    return body


def names_of(exc: BaseException) -> str:
    """The kinds of an exception and its causes. Not their texts: a database's may quote the row, so people's words."""
    names = [type(exc).__qualname__]
    while following := (exc.__cause__ or exc.__context__):
        names.append(type(following).__qualname__)
        exc = following
    return " from ".join(names)


def frames_of(exc: BaseException) -> str:
    return "".join(traceback.format_tb(exc.__traceback__)).rstrip()


@singledispatch
def problem_of(_exc: Exception) -> Problem:
    """What an exception means to a client; anything unknown is our fault."""
    return Problem(
        "error",
        _("Something went wrong on our side. Please try again later, or tell us the request id."),
    )


@problem_of.register(OperationalError)
@problem_of.register(InterfaceError)
def _database(_exc: Exception) -> Problem:
    words = _(
        "We cannot store or read anything at the moment. Nothing was changed. Please send the same request again, "
        "with the same Idempotency-Key if it had one."
    )
    return Problem("unavailable", words, headers={"Retry-After": str(AGAIN_AFTER_FAILURE)})


@problem_of.register
def _domain(exc: domain.DomainError) -> Problem:
    return Problem(exc.code, exc.message)


@problem_of.register
def _store_away(exc: domain.StoreAway) -> Problem:
    return Problem(exc.code, exc.message, headers={"Retry-After": str(AGAIN_WHEN_STORED)})


@problem_of.register(OSError)
def _machine(exc: OSError) -> Problem:
    """An upload too large for memory is received on the disk."""
    return problem_of(domain.StoreAway() if is_full(exc) else Exception())


def is_full(exc: BaseException | None) -> bool:
    return isinstance(exc, OSError) and exc.errno in (errno.ENOSPC, errno.EDQUOT)


@problem_of.register
def _invalid(exc: domain.Invalid) -> Problem:
    pointer = pointer_of(exc.field.split(".") if exc.field else [])
    return Problem(exc.code, exc.message, [FieldError(pointer, exc.code, str(exc.message))])


@problem_of.register
def _stopped(exc: domain.Stopped) -> Problem:
    return replace(_invalid(exc), more={"body": body_shown(exc.body)})


@problem_of.register
def _too_many(exc: TooManyAttempts) -> Problem:
    words = _("There were too many attempts. Please wait before you try again.")
    return Problem("too_many", words, headers={"Retry-After": str(exc.retry_after_seconds)})


@problem_of.register(AlreadyInProgress)
def _in_progress(_exc: Exception) -> Problem:
    words = _("The same request is being carried out right now. Please ask again in a moment.")
    return Problem("in_progress", words, headers={"Retry-After": str(AGAIN_WHILE_BUSY)})


@problem_of.register(KeyUsedOtherwise)
def _key_used(_exc: Exception) -> Problem:
    words = _(
        "This Idempotency-Key was used for another request. Please use a new key for a new request."
    )
    return Problem("key_reused", words)


@problem_of.register(Http404)
def _nothing_here(_exc: Exception) -> Problem:
    return Problem("not_found", _("There is nothing at this address. Please check it."))


@problem_of.register(PermissionDenied)
def _denied(_exc: Exception) -> Problem:
    return Problem("not_allowed", domain.NotAllowed.message)


@problem_of.register(RequestDataTooBig)
def _too_large(_exc: Exception) -> Problem:
    return Problem("too_large", _("The request is larger than 1 MB. Please shorten what you send."))


@problem_of.register(UnreadablePostError)
@problem_of.register(SuspiciousOperation)
def _suspicious(_exc: Exception) -> Problem:
    return Problem("malformed", _("We cannot read this request. Please check how it is built."))


@problem_of.register
def _drf(exc: drf.APIException) -> Problem:
    code = exc.default_code if KINDS.get(exc.default_code) == exc.status_code else ""
    headers = {"WWW-Authenticate": shown} if (shown := getattr(exc, "auth_header", "")) else {}
    wait = getattr(exc, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(max(1, int(wait)))
    return Problem(
        code or BY_STATUS.get(exc.status_code, "error"), str(exc.detail), headers=headers
    )


BY_STATUS = {
    400: "malformed",
    401: "unauthenticated",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    428: "precondition_required",
    429: "too_many",
    500: "error",
}


@problem_of.register
def _fields(exc: drf.ValidationError) -> Problem:
    errors = list(errors_in(exc.detail, []))
    words = _("Some values cannot be used. Please correct them and send the request again.")
    return Problem("invalid", words, errors)


def errors_in(detail: Any, path: list[str]) -> Iterator[FieldError]:  # noqa: ANN401 - DRF nests freely
    """Every leaf of a ValidationError's detail, with the pointer to its value."""
    if isinstance(detail, Mapping):
        for name, below in detail.items():
            yield from errors_in(below, path if name == "non_field_errors" else [*path, str(name)])
    elif isinstance(detail, list):
        for place, one in enumerate(detail):
            yield from errors_in(one, path if isinstance(one, str) else [*path, str(place)])
    else:
        yield FieldError(pointer_of(path), str(getattr(detail, "code", "invalid")), str(detail))


def pointer_of(path: Sequence[str]) -> str:
    """RFC 6901: "" is the whole body."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in path)
