"""What somebody had typed when their session ended: kept sealed in the session of nobody, for them alone, for an hour.

Whose it is says a signed cookie that outlives the session. The person's reference is the seal's context: for anybody
else who signs in at this browser, and after any change, the seal does not open and the draft is thrown away.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict

from common.clock import now
from common.crypto import SealBroken, UnknownKey, seal, unseal

DRAFTS = "drafts"
DESK = "/workspace/"
LIFE_SECONDS = 3600
# The longest words we take, in any script, and the fields around them.
LONGEST_BYTES = 64 * 1024
MOST = 5
PERSON = "last_at_desk"
PERSON_SECONDS = 24 * 3600
NEVER_KEPT = frozenset({"csrfmiddlewaretoken"})


def remember_person(response: HttpResponseBase, ref: object) -> None:
    """Who is at this browser's desk: a random reference, no name; told to the workspace only."""
    response.set_signed_cookie(
        PERSON,
        str(ref),
        salt=PERSON,
        max_age=PERSON_SECONDS,
        path=DESK,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_person(response: HttpResponseBase) -> None:
    response.delete_cookie(PERSON, path=DESK, samesite="Lax")


def keep(request: HttpRequest) -> bool:
    """Keep what was sent for the person who was here last; False when that is unknown or it is too long."""
    person = request.get_signed_cookie(PERSON, default=None, salt=PERSON, max_age=PERSON_SECONDS)
    typed = {name: said for name, said in request.POST.lists() if name not in NEVER_KEPT}
    page = page_of(request).path
    draft = {"at": now().timestamp(), "page": page, "typed": typed}
    blob = json.dumps(draft, ensure_ascii=False).encode("utf-8", "replace")
    if not person or len(blob) > LONGEST_BYTES:
        return False
    sealed = base64.b64encode(seal(blob, context=context_of(person))).decode()
    earlier = {path: old for path, old in kept_in(request.session).items() if path != page}
    request.session[DRAFTS] = dict([*earlier.items(), (page, sealed)][-MOST:])
    return True


def typed_before(request: HttpRequest, ref: object) -> MultiValueDict[str, str] | None:
    """What this person had typed into this page, until they send it or the hour is over."""
    kept = kept_in(request.session)
    if not kept:
        return None
    opened = {page: draft for page, blob in kept.items() if (draft := opened_by(blob, page, ref))}
    if request.method == "POST":
        opened = {page: draft for page, draft in opened.items() if page != page_of(request).path}
    if opened.keys() != kept.keys():
        request.session[DRAFTS] = {page: kept[page] for page in opened}
    draft = opened.get(request.path) if request.method == "GET" else None
    return MultiValueDict(draft["typed"]) if draft else None


def page_of(request: HttpRequest) -> SplitResult:
    """The page a form was sent from, where it can be told; else the address it was sent to."""
    try:
        origin = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        origin = urlsplit("")
    ours = origin.netloc == request.get_host() and origin.path.startswith(DESK)
    return origin if ours else urlsplit(request.get_full_path())


def kept_in(session: SessionBase) -> Mapping[str, str]:
    kept: Mapping[str, str] = session.get(DRAFTS, {})
    return kept


def opened_by(sealed: str, page: str, ref: object) -> dict[str, Any] | None:
    """The draft, if it is this person's, of this page, unchanged and not too old."""
    try:
        blob = unseal(base64.b64decode(sealed), context=context_of(ref))
    except (SealBroken, UnknownKey, ValueError):
        return None
    draft: dict[str, Any] = json.loads(blob)
    fresh = now().timestamp() - draft["at"] < LIFE_SECONDS
    return draft if fresh and draft["page"] == page else None


def context_of(ref: object) -> bytes:
    return f"draft:{ref}".encode()
