"""Pages of long lists by a signed cursor, with RFC 8288 links."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from operator import itemgetter
from typing import Any

from django.core.signing import BadSignature, Signer
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from common.paging import Key, Page, Place
from concerns.api.serializers.fields import Query
from concerns.errors import Invalid

SALT = "concerns.api.pages"
DEFAULT_LENGTH, LONGEST = 50, 200


class PageQuery(Query):
    """Which page of a list."""

    cursor = serializers.CharField(
        max_length=500, required=False, help_text="From `next` or `previous`."
    )
    limit = serializers.IntegerField(
        min_value=1, max_value=LONGEST, default=DEFAULT_LENGTH, help_text="Rows a page."
    )


class PageOutput(serializers.Serializer[Any]):
    """What stands around the rows of a page."""

    next = serializers.URLField(allow_null=True, help_text="The following page.")
    previous = serializers.URLField(allow_null=True, help_text="The page before.")


def place_in(cursor: str | None, listed: str) -> Place | None:
    """Where the page begins; raises Invalid for a cursor not made by us, or for another list or order."""
    if cursor is None:
        return None
    with suppress(BadSignature):
        of, back, keys = Signer(salt=SALT).unsign_object(cursor)
        if of == listed:
            return Place(tuple(map(key_from, keys)), back)
    raise Invalid(_("This page does not exist. Please begin at the first one."), field="cursor")


def cursor_of(place: Place, listed: str) -> str:
    keys = [key if isinstance(key, int) else key.isoformat() for key in place.keys]
    return Signer(salt=SALT).sign_object([listed, place.back, keys])


def key_from(stored: int | str) -> Key:
    return stored if isinstance(stored, int) else dt.datetime.fromisoformat(stored)


def paged(
    request: Request,
    page: Page,
    listed: str,
    row: Callable[[Mapping[str, Any]], str] = itemgetter("row"),
) -> HttpResponse:
    """The rows of a page, each the JSON that `row` gives of it, with links to the pages beside it."""
    links = {
        name: place and link_to(request, cursor_of(place, listed))
        for name, place in {"next": page.following, "previous": page.previous}.items()
    }
    relations = {"next": "next", "previous": "prev"}
    header = ", ".join(f'<{url}>; rel="{relations[name]}"' for name, url in links.items() if url)
    rows = ",".join(row(one) for one in page.rows)
    said = ",".join(f"{json.dumps(name)}:{json.dumps(url)}" for name, url in links.items())
    return in_json(f'{{"results":[{rows}],{said}}}', {"Link": header} if header else {})


def in_json(text: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """An answer whose JSON is made already."""
    return HttpResponse(text, content_type="application/json", headers=headers)


def link_to(request: Request, cursor: str) -> str:
    return replace_query_param(request.build_absolute_uri(), "cursor", cursor)
