"""The kinds of problems: code → status, title and remedy. The code stands in `type`, after `#problem-`."""

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
    "length_missing": 411,
    "conflict": 412,
    "too_large": 413,
    "unsupported_media_type": 415,
    "invalid": 422,
    "stopped": 422,
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
    "length_missing": _("The Content-Length is missing"),
    "conflict": _("Somebody else was faster"),
    "too_large": _("The request is too large"),
    "unsupported_media_type": _("This form of request is not understood"),
    "invalid": _("Some values cannot be used"),
    "stopped": _("This cannot be filed here"),
    "key_reused": _("The Idempotency-Key was used before"),
    "precondition_required": _("If-Match is missing"),
    "too_many": _("Too many attempts"),
    "error": _("Something went wrong"),
    "unavailable": _("Not available at the moment"),
}
# What a program does about it; the documentation says so where `type` leads.
REMEDIES = {
    "malformed": _("The body is no JSON, or has two readings. Send UTF-8, each name once."),
    "key_missing": _("Send an Idempotency-Key: a random value of yours, new for each new request."),
    "unauthenticated": _(
        "Send an API key, or the proof of the concern. A key that worked before has expired or was revoked."
    ),
    "not_allowed": _(
        "The scope of the key or the rights of its person do not reach so far. Ask an administrator."
    ),
    "not_found": _("Check the address. What one may not know of looks as if it did not exist."),
    "method_not_allowed": _("Look up in this page which methods the address has."),
    "not_acceptable": _("Accept application/json."),
    "refused": _("Fetch the ticket: `allowed_actions` says what is possible in its present state."),
    "in_progress": _("Send the same request again after the seconds in Retry-After."),
    "length_missing": _("Send the body in one piece, not in chunks."),
    "conflict": _("Fetch the ticket again, decide anew, and send its new ETag as If-Match."),
    "too_large": _("Shorten the body, or send fewer or smaller files."),
    "unsupported_media_type": _("Send application/json, and forms only where files are taken."),
    "invalid": _("`errors` points at each value that cannot be used, and says why."),
    "stopped": _(
        "Do not send it again; tell the person what `detail` says, and from `body` whom to turn to."
    ),
    "key_reused": _("Use a new Idempotency-Key for a new request."),
    "precondition_required": _("Send the ETag you were given as If-Match."),
    "too_many": _("Wait for the seconds in Retry-After. RateLimit tells what is left."),
    "error": _("Try again later. If it stays, tell us the request_id."),
    "unavailable": _("Send the same request again later, with the same Idempotency-Key."),
}
