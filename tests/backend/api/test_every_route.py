"""Every address of the REST interface: what is changed wants If-Match, what is created an Idempotency-Key."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.urls import URLPattern, reverse
from rest_framework.permissions import SAFE_METHODS
from rest_framework.views import APIView

from common.models import IdempotentRequest
from concerns.actions.correcting import publish
from concerns.api.urls import urlpatterns
from concerns.models import Event, Publication
from concerns.references import tracking_token
from tests.support.rest import Rest, problem_in, program_of
from tests.support.stages import in_progress

METHODS = {"get", "post", "put", "patch", "delete"}
IF_MATCH, KEY = (428, "precondition_required"), (400, "key_missing")
CREATED = {
    "api-concerns",
    "api-follow",
    "api-own-files",
    "api-own-concern-messages",
    "api-own-concern-object",
}
# What a person says of their own concern and nobody else can change: said twice it is said once.
SAID = {"api-own-concern-confirm", "api-own-concern-withdraw", "api-own-concern-rate"}
FORM = "multipart/form-data; boundary=x"


def routes() -> Iterator[tuple[URLPattern, type[APIView], str]]:
    """Every address with its view, once for each method it answers."""
    for pattern in urlpatterns:
        view = pattern.callback.cls
        for method in sorted(METHODS):
            if hasattr(view, method):
                yield pattern, view, method


CHANGING = [
    pytest.param(pattern, method, id=f"{method} {pattern.pattern}")
    for pattern, _view, method in routes()
    if method.upper() not in SAFE_METHODS
    and pattern.name not in SAID
    # Words that are only looked at; in an address they would stand in logs.
    and pattern.name != "api-category-suggestions"
]


@pytest.fixture
def there(town):
    """Values for every address, and who may change what is there."""
    filed = in_progress(town)
    publish(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    concern = filed.concern
    token = tracking_token(concern.pk, concern.generation)
    own = Rest({"Authorization": f"Concern {token}"})
    values = {
        "ticket_id": filed.ticket.pk,
        "reference": concern.reference,
        "slug": "pothole",
        "key": Publication.objects.get().key,
        "file_id": uuid4(),
    }
    return values, own, program_of(town.people["carl"])


@pytest.mark.parametrize(("pattern", "method"), CHANGING)
def test_nothing_is_changed_without_the_version_and_nothing_created_without_a_key(
    there, pattern, method
):
    values, own, program = there
    names = pattern.pattern.converters
    path = reverse(pattern.name, kwargs={name: values[name] for name in names})
    someone = own if "reference" in names else program
    before = Event.objects.count()

    kind = FORM if pattern.name == "api-own-files" else "application/json"
    answer = someone.send(method.upper(), path.removeprefix("/api/v1/"), b"{}", kind=kind)

    assert problem_in(answer)[:2] == (KEY if pattern.name in CREATED else IF_MATCH)
    assert Event.objects.count() == before
    assert not IdempotentRequest.objects.exists()


def test_what_is_excepted_or_created_is_there():
    assert {pattern.name for pattern in urlpatterns} >= CREATED | SAID


def test_every_address_has_a_view_and_a_name_of_its_own():
    assert all(issubclass(view, APIView) for _pattern, view, _method in routes())
    assert len({pattern.name for pattern in urlpatterns}) == len(urlpatterns)
