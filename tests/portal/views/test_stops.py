"""Where the report ends without a concern, and how people are told where to turn."""

import pytest
from django.conf import settings as configured

from common.city import city
from concerns.models import Category, Concern
from tests.portal.views.test_filing import begun, on, step_of
from tests.support.pages import Visitor
from tests.support.town import Town

BODY = city().bodies[0]
QUESTIONS = [
    {
        "key": "danger",
        "type": "yes_no",
        "labels": {"en": "Is somebody in danger?", "de": "Ist jemand in Gefahr?"},
        "stops": [{"is": True, "words": {"en": "Please call 112 at once.", "de": "Bitte 112."}}],
    },
    {
        "key": "how-high",
        "type": "number",
        "labels": {"en": "How high?", "de": "Wie hoch?"},
        "required": True,
    },
]


@pytest.fixture
def stopping(town: Town) -> Town:
    """Trees may be dangerous; noise is somebody else's matter."""
    redirect = {"words": {"en": "Others look after noise.", "de": "Andere."}, "body": BODY.key}
    Category.objects.filter(slug="tree").update(questions=QUESTIONS)
    Category.objects.filter(slug="noise").update(redirect=redirect)
    return town


def test_an_answer_that_means_danger_ends_the_report(stopping: Town, visitor: Visitor) -> None:
    page = on(visitor, begun(visitor), category="tree")
    page = on(visitor, page, address="Quay Street 5")
    stop = on(visitor, page, **{"answer-danger": "yes"})

    assert (stop.status, stop.heading) == (422, "Please turn to somebody else with this")
    assert "Please call 112 at once." in stop.words
    assert not Concern.objects.exists()


def test_back_from_a_stop_loses_nothing(stopping: Town, visitor: Visitor) -> None:
    page = on(visitor, begun(visitor), category="tree")
    page = on(visitor, page, address="Quay Street 5")
    stop = on(visitor, page, **{"answer-danger": "yes", "answer-how-high": "4"})
    back = on(visitor, stop, "go=details")

    assert step_of(back) == "details"
    assert (back.form("step")["answer-how-high"], back.form("step")["address"]) == (
        "4",
        "Quay Street 5",
    )
    assert step_of(on(visitor, back, **{"answer-danger": "no"})) == "contact"


def test_a_matter_of_somebody_else_names_them(stopping: Town, visitor: Visitor) -> None:
    stop = on(visitor, begun(visitor), category="noise")

    assert stop.status == 422
    assert "Others look after noise." in stop.words
    assert BODY.name in stop.words
    assert step_of(on(visitor, stop, "go=what")) == "what"


def test_a_matter_that_was_redirected_meanwhile_is_not_filed(town: Town, visitor: Visitor) -> None:
    page = on(visitor, begun(visitor), category="noise")
    page = on(visitor, on(visitor, page, address=""), email="")
    redirect = {"words": {"en": "Others look after noise.", "de": "Andere."}, "body": ""}
    Category.objects.filter(slug="noise").update(redirect=redirect)
    stop = on(visitor, page)

    assert "Others look after noise." in stop.words
    assert not Concern.objects.exists()


def test_the_privacy_notice_in_force_is_kept_with_the_concern(town: Town, visitor: Visitor) -> None:
    page = on(visitor, begun(visitor), category="noise")
    on(visitor, on(visitor, on(visitor, page, address=""), email=""))

    assert configured.CITY_FOLDER.name == "city"
    assert Concern.objects.get().privacy_version == city().privacy_version
