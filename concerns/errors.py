"""What an action refuses, each with words a person can act on.

Doors translate: NotFound → 404, NotAllowed → 403, Refused → 409, Conflict → 412, Invalid and Stopped → 422,
StoreAway → 503.
"""

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise


class DomainError(Exception):
    """An action did nothing; `message` tells a person why and what to do next."""

    code = "error"
    message: StrOrPromise = _("This was not possible.")

    def __init__(self, message: StrOrPromise | None = None, *, field: str = "") -> None:
        self.message = message or type(self).message
        self.field = field
        super().__init__(str(self.message))


class NotFound(DomainError):
    """The thing does not exist, or this person may not know that it does."""

    code = "not_found"
    message = _("We cannot find this. Please check the reference or the address you used.")


class NotAllowed(DomainError):
    """The person may see the ticket but not do this."""

    code = "not_allowed"
    message = _("You may not do this. Please ask the department responsible.")


class Refused(DomainError):
    """The state of the matter does not allow it now."""

    code = "refused"
    message = _("This is not possible in the present state. Please reload the page to see what is.")


class Conflict(DomainError):
    """Somebody else was faster; nothing was changed."""

    code = "conflict"
    message = _(
        "Somebody else was faster. Nothing was changed. Please look at the new state and try again."
    )


class StoreAway(DomainError):
    """The store of files is full or out of reach; nothing was changed."""

    code = "unavailable"
    message = _(
        "We cannot keep files at the moment. Nothing was stored. Please send it without files, or try again later."
    )


class Invalid(DomainError):
    """What was given cannot be used; `field` names it."""

    code = "invalid"
    message = _("Please check what you entered.")


class Stopped(Invalid):
    """Not a matter to file: `message` says what to do instead, `body` names who is responsible (a key of city.yaml)."""

    code = "stopped"
    message = _("This is not for the city to deal with. Please turn to the body responsible.")

    def __init__(self, message: StrOrPromise, *, field: str, body: str = "") -> None:
        super().__init__(message, field=field)
        self.body = body
