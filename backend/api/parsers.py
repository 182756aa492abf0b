"""JSON without room for two readings (RFC 8259, and of RFC 7493 what protects the reader)."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

LARGEST_BODY = 1_000_000


class Doubtful(ValueError):
    """Readers of JSON disagree about what this means; the text says what it is."""


class StrictJSONParser(JSONParser):
    """Refuses, as a client's mistake, what other parsers bend: see `read`."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 - DRF's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> Any:  # noqa: ANN401 - JSON may be anything
        raw: bytes = stream.read(LARGEST_BODY + 1)
        if len(raw) > LARGEST_BODY:
            raise RequestDataTooBig
        try:
            return read(raw)
        except UnicodeError:
            raise ParseError(
                _("The body is not UTF-8. Please send all text in this encoding.")
            ) from None
        except Doubtful as doubt:
            raise ParseError(str(doubt)) from None
        except (ValueError, RecursionError):
            raise ParseError(_("The body is not JSON. Please check how it is built.")) from None


def read(raw: bytes) -> Any:  # noqa: ANN401 - JSON may be anything
    """The value of a JSON text in UTF-8.

    Raises UnicodeDecodeError for other bytes and for halves of surrogate pairs written as escapes, Doubtful for NaN
    and infinite numbers (also by overflow, like 1e999) and for a key that stands twice in one object, ValueError
    or RecursionError for what is no JSON or nested without end.
    """
    text = raw.decode("utf-8")
    value = json.loads(
        text,
        object_pairs_hook=without_doubles,
        parse_float=finite,
        parse_constant=finite,
    )
    if "\\u" in text:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Doubtful(_("The body holds a number that is none, or too large. Please check it."))
    return number


def without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Doubtful(_("A name stands twice in one object. Please send each only once."))
    return found
