"""Pages of long lists by a signed cursor (RFC 8288 links): no counting, and no page slides while others file."""

from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from concerns.errors import Invalid

SALT = "concerns.api.pages"


class NewestFirst(CursorPagination):
    """By id, so that a place in the list is one value that never changes and is never empty."""

    ordering = "-id"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"

    def decode_cursor(self, request: Request) -> Any:  # noqa: ANN401 - DRF's tuple
        signed = request.query_params.get(self.cursor_query_param)
        if signed is None:
            return None
        try:
            return Cursor(*Signer(salt=SALT).unsign_object(signed))
        except BadSignature:
            raise Invalid(
                _("This page does not exist. Please begin at the first one."), field="cursor"
            ) from None

    def encode_cursor(self, cursor: Any) -> str:  # noqa: ANN401 - DRF's tuple
        signed = Signer(salt=SALT).sign_object(list(cursor))
        return replace_query_param(self.base_url or "", self.cursor_query_param, signed)

    def get_paginated_response(self, data: Any) -> Response:  # noqa: ANN401 - DRF's signature
        links = {"next": self.get_next_link(), "prev": self.get_previous_link()}
        header = ", ".join(f'<{url}>; rel="{name}"' for name, url in links.items() if url)
        body = {"results": data, "next": links["next"], "previous": links["prev"]}
        return Response(body, headers={"Link": header} if header else {})
