"""Two at once: every change of a ticket names the version it was decided on (RFC 9110 §13, RFC 6585 §3)."""

import re

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from concerns.errors import Conflict

TAG = re.compile(r'"v(?P<version>\d{1,9})"')


class VersionMissing(APIException):
    status_code = 428
    default_code = "precondition_required"
    default_detail = _(
        "Please say which version you decided on: send the ETag you were given as If-Match."
    )


def entity_tag(version: int) -> str:
    return f'"v{version}"'


def tag_named(request: Request) -> str | None:
    """What If-Match names, quotes and all; None for `*`, any version. Raises VersionMissing without the header."""
    named = request.headers.get("If-Match", "").strip()
    if not named:
        raise VersionMissing
    return None if named == "*" else named


def version_named(request: Request) -> int | None:
    """The version of a ticket that If-Match names; None for any.

    Raises VersionMissing without the header, Conflict for a tag that no version of ours has (weak ones never match).
    """
    named = tag_named(request)
    if named is None:
        return None
    tag = TAG.fullmatch(named)
    if tag is None:
        raise Conflict
    return int(tag["version"])
