"""The kinds of problems: code → status and title. The code stands in `type`, after `#problem-`."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "malformed": 400,
    "key_missing": 400,
    "unauthenticated": 401,
    "not_allowed": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "refused": 409,
    "in_progress": 409,
    "conflict": 412,
    "too_large": 413,
    "unsupported_media_type": 415,
    "invalid": 422,
    "key_reused": 422,
    "precondition_required": 428,
    "too_many": 429,
    "error": 500,
    "unavailable": 503,
}
TITLES = {
    "malformed": _("The request cannot be read"),
    "key_missing": _("The Idempotency-Key is missing"),
    "unauthenticated": _("Please prove who you are"),
    "not_allowed": _("This is not allowed"),
    "not_found": _("Nothing was found"),
    "method_not_allowed": _("This method is not possible here"),
    "not_acceptable": _("This form of answer does not exist"),
    "refused": _("This is not possible in the present state"),
    "in_progress": _("The same request is under way"),
    "conflict": _("Somebody else was faster"),
    "too_large": _("The request is too large"),
    "unsupported_media_type": _("This form of request is not understood"),
    "invalid": _("Some values cannot be used"),
    "key_reused": _("The Idempotency-Key was used before"),
    "precondition_required": _("If-Match is missing"),
    "too_many": _("Too many attempts"),
    "error": _("Something went wrong"),
    "unavailable": _("Not available at the moment"),
}
