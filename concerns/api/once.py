"""Creating something once, however often the same request arrives: Idempotency-Key at the REST door."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from accounts.models import ApiKey
from common.actor import Actor
from common.idempotency import Answer, Once, answer_once, fingerprint
from common.network import network_of
from concerns.actions.attaching import files_with_rows

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

# A structured-field string or the bare value: 1 to 255 visible signs of ASCII, no quotes within.
KEY = re.compile(r'(?P<quote>"?)(?P<key>[\x21\x23-\x7e]{1,255})(?P=quote)')
KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!#-~]{1,255}$"},
    OpenApiParameter.HEADER,
    required=True,
    description="A random value of yours, best a UUID. The same request with the same key is carried out once and "
    "answered alike for 24 hours, then with `Idempotency-Replayed: true`.",
)


class KeyMissing(APIException):
    status_code = 400
    default_code = "key_missing"
    default_detail = _(
        "Please send an Idempotency-Key of 1 to 255 signs, best a new UUID, so that nothing is filed twice."
    )


def once(request: Request, act: Callable[[], Answer]) -> Answer:
    """Carry out `act` for this request, or give the answer it had before; files written go again if it fails."""
    named = Once(
        client=client_of(request),
        key=key_of(request),
        fingerprint=fingerprint(request.method or "", request.path, said_in(request)),
    )
    with files_with_rows():
        return answer_once(named, act)


def replayed(answer: Answer) -> dict[str, str]:
    return {"Idempotency-Replayed": "true"} if answer.replayed else {}


def client_of(request: Request) -> str:
    """Whose requests share their keys: a program, a person signed in, the author of a concern, else one network."""
    if isinstance(request.auth, ApiKey):
        return f"key:{request.auth.pk}"
    if isinstance(request.auth, Actor):
        return f"concern:{request.auth.concern_id}"
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"network:{network_of(request._request)}"  # noqa: SLF001 - DRF's name for Django's request


def key_of(request: Request) -> str:
    given = KEY.fullmatch(request.headers.get("Idempotency-Key", "").strip())
    if given is None:
        raise KeyMissing
    return given["key"]


def said_in(request: Request) -> bytes:
    """The body; of a form what it holds, for whoever sends it again may draw other boundaries between its parts."""
    if not request.content_type.startswith("multipart/"):
        return request.body
    texts = sorted(request.POST.lists())
    files = [
        (name, [(file.name, hash_of(file)) for file in files])
        for name, files in sorted(request.FILES.lists())
    ]
    return json.dumps([texts, files]).encode()


def hash_of(file: "UploadedFile[Any]") -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()
