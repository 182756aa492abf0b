"""Filing: what a person said is stored whole, routed with its reasons, and refused with words that help."""

import pytest

from concerns.enums import State, Verb
from concerns.errors import Invalid
from concerns.models import Concern, Event, Placement, Ticket
from notifications.models import Envelope
from tests.support.town import OUTSIDE, Place, Town, file


def test_file_concern_routes_to_the_department_of_the_rule(town: Town) -> None:
    filed = file()

    ticket = Ticket.objects.get()
    assert ticket.state == State.ASSIGNED
    assert ticket.department == town.office("streets")
    assert ticket.title == "Pothole, Quay Street 5"
    assert filed.concern.district == town.districts["harbour"]
    events = list(Event.objects.values_list("verb", "from_state", "to_state"))
    assert events == [
        (Verb.FILED, "", State.RECEIVED),
        (Verb.ROUTE, State.RECEIVED, State.ASSIGNED),
    ]
    assert Event.objects.get(verb=Verb.ROUTE).data["why"]["rule"] == "potholes"
    assert Placement.objects.get().concern == Concern.objects.get()
    assert Envelope.objects.count() == 1


def test_file_concern_without_a_rule_goes_to_triage(town: Town) -> None:
    file(category="other")

    ticket = Ticket.objects.get()
    assert ticket.state == State.IN_TRIAGE
    assert ticket.department is None
    assert Event.objects.get(verb=Verb.START_TRIAGE).data["why"]["by"] == "nothing"


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"words": "  "}, "description"),
        ({"words": "a\x00b"}, "description"),
        ({"category": "no-such"}, "category"),
        ({"place": OUTSIDE}, "place"),
        ({"place": Place(lat=float("nan"), lon=1.0)}, "place"),
        ({"place": Place()}, "place"),
        ({"kind": "nonsense"}, "kind"),
        ({"kind": "incident"}, "kind"),
        ({"kind": "order"}, "kind"),
        ({"email": "not an address"}, "contact.email"),
        ({"category": "it-incident"}, "category"),
    ],
)
def test_file_concern_refuses_what_it_cannot_use(
    town: Town, bad: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        file(**bad)

    assert refusal.value.field == field
    assert Concern.objects.count() == 0
    assert Ticket.objects.count() == 0
