"""What is published of the city's matters, and what never is."""

import json
import uuid

import pytest
from django.db import connection
from django.utils import translation

from concerns.actions.correcting import publish, unpublish
from concerns.actions.joining import detach, join
from concerns.actions.safeguarding import encircle, restrict, unrestrict
from concerns.actions.screening import discard, mark_spam
from concerns.actions.voicing import withdraw
from concerns.enums import PublicState, State
from concerns.errors import Invalid, NotFound
from concerns.models import Concern, Publication, Ticket
from concerns.publishing import public_state
from concerns.queries.public import (
    SEEN_FROM_OUTSIDE,
    Box,
    matching,
    one_as_json,
    one_published,
    published,
    rows_of,
    ticket_published_as,
)
from concerns.queries.public_map import on_the_map
from tests.factories.crowd import crowd
from tests.factories.matters import CategoryFactory
from tests.factories.organisation import DistrictFactory
from tests.support.sql import budget
from tests.support.stages import RITA, STAGES, assigned, in_progress
from tests.support.town import HARBOUR, Place, file, fresh

HILL = Place(address="Hill Road 9", lat=54.05123456, lon=-0.85123456)


def put_out(town, filed=None, *, by="carl"):
    filed = filed or file(email=RITA)
    publication = publish(actor=town.actor(by), ticket_id=filed.ticket.pk)
    return filed, publication


def keys(found):
    return set(found.values_list("key", flat=True))


def test_a_publication_gets_a_random_key_of_the_database(town):
    _filed, one = put_out(town)
    _filed, two = put_out(town)

    assert {type(one.key), one.key.version, one.key == two.key} == {uuid.UUID, 4, False}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_default FROM information_schema.columns "
            "WHERE table_name = 'concerns_publication' AND column_name = 'key'"
        )
        assert cursor.fetchone() == ("gen_random_uuid()",)


def test_a_row_says_category_coarse_place_state_and_since_and_nothing_of_people(town):
    filed, one = put_out(town, file(place=HILL, email=RITA, name="Rita Roe"))

    with budget(1):
        row = rows_of(published()).get()

    assert row == {
        "id": one.pk,
        "key": one.key,
        "category__slug": "pothole",
        "category__names": {"en": "Pothole", "de": "Pothole"},
        "category__icon": "",
        "lat": 54.051,
        "lon": -0.851,
        "ticket__district__key": "hill",
        "ticket__district__names": {"en": "Hill", "de": "Hill"},
        "ticket__created_at": fresh(filed.ticket).created_at,
        "state": "in_progress",
        "reports": 1,
        "said": None,
    }


# Never


def test_what_was_not_released_is_not_published(town):
    file()

    assert list(published()) == []


def test_what_was_taken_back_is_gone(town):
    filed, one = put_out(town)

    unpublish(actor=town.actor("carl"), ticket_id=filed.ticket.pk)

    assert gone(one)


def gone(publication):
    """From the list, by its key, and to be followed."""
    for ask in (one_published, ticket_published_as):
        with pytest.raises(NotFound):
            ask(publication.key)
    return publication.key not in keys(published())


def test_what_becomes_confidential_is_gone(town):
    filed, one = put_out(town)

    encircle(actor=town.actor("carl"), ticket_id=filed.ticket.pk, circle_key="personnel")

    assert gone(one)


def test_what_is_restricted_is_gone_for_good(town):
    filed, one = put_out(town)

    restrict(actor=town.actor("alma"), ticket_id=filed.ticket.pk, reason="disputed")

    assert gone(one)
    unrestrict(actor=town.actor("alma"), ticket_id=filed.ticket.pk)
    assert gone(one)


@pytest.mark.parametrize(
    "column", [{"circle": "personnel"}, {"audience": "internal"}, {"restricted_at": "2026-01-01Z"}]
)
def test_a_publication_that_should_have_been_taken_back_is_not_shown_either(town, column):
    filed, one = put_out(town)
    values = {"circle": town.circle} if "circle" in column else column
    if "restricted_at" in column:
        values = {"restricted_at": filed.ticket.created_at}

    Ticket.objects.filter(pk=filed.ticket.pk).update(**values)

    assert gone(one)


def test_spam_is_gone(town):
    filed, one = put_out(town)

    discard(actor=town.actor("dora"), ticket_id=filed.ticket.pk, reason="Advertising.")

    assert gone(one)


@pytest.mark.parametrize("leave", ["withdrawn", "spam"])
def test_what_nobody_says_any_more_is_gone(town, leave):
    filed, one = put_out(town)

    if leave == "withdrawn":
        withdraw(concern_id=filed.concern.pk)
    else:
        mark_spam(actor=town.actor("dora"), concern_id=filed.concern.pk)

    assert gone(one)


def test_a_joined_matter_is_shown_by_its_lead_alone_and_comes_back_when_detached(town):
    filed, one = put_out(town)
    lead, other = put_out(town)

    join(actor=town.actor("dora"), ticket_id=filed.ticket.pk, lead_id=lead.ticket.pk)

    assert keys(published()) == {other.key}
    assert gone(one)
    assert one_published(other.key)["reports"] == 2
    detach(actor=town.actor("dora"), ticket_id=filed.ticket.pk)
    assert keys(published()) == {one.key, other.key}


# Words


def consent(filed, **columns):
    moment = filed.ticket.created_at
    values = {name: moment if value else None for name, value in columns.items()}
    Concern.objects.filter(pk=filed.concern.pk).update(**values)


@pytest.mark.parametrize(
    ("released", "agreed", "taken_back", "shown"),
    [
        (True, True, False, "There is a deep hole in the road."),
        (False, True, False, None),
        (True, False, False, None),
        (True, True, True, None),
    ],
)
def test_words_need_consent_and_a_release_of_their_own(town, released, agreed, taken_back, shown):
    filed, one = put_out(town)
    consent(filed, words_consent_at=agreed, words_consent_withdrawn_at=taken_back)
    Publication.objects.update(words_released=released)

    assert one_published(one.key)["said"] == shown


def test_the_words_are_those_of_the_first_who_agreed(town):
    first, one = put_out(town, file("Mine, not for everybody."))
    second, third = file("Yours."), file("Theirs.")
    for other in (second, third):
        join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=first.ticket.pk)
        consent(other, words_consent_at=True)
    Publication.objects.update(words_released=True)

    assert one_published(one.key)["said"] == "Yours."
    withdraw(concern_id=second.concern.pk)
    assert one_published(one.key)["said"] == "Theirs."


def test_words_of_a_restricted_concern_are_not_shown(town):
    filed, one = put_out(town)
    consent(filed, words_consent_at=True, restricted_at=True)
    Publication.objects.update(words_released=True)

    assert one_published(one.key)["said"] is None


# States


@pytest.mark.parametrize("state", [state for state in STAGES if state != State.MERGED])
def test_the_state_is_the_public_one_as_seen_from_outside(town, state):
    filed = STAGES[state](town)
    Publication.objects.create(ticket=filed.ticket)
    ticket = fresh(filed.ticket)
    expected = public_state(ticket)

    row = rows_of(Publication.objects.filter(ticket=ticket)).get()

    assert ticket.state == state
    assert row["state"] == SEEN_FROM_OUTSIDE.get(expected, expected)


def test_a_closed_refusal_is_not_possible(town):
    filed, one = put_out(town, STAGES[State.CLOSED](town))
    assert one_published(one.key)["state"] == PublicState.DONE

    Ticket.objects.filter(pk=filed.ticket.pk).update(outcome="cannot_do")

    assert one_published(one.key)["state"] == PublicState.NOT_POSSIBLE


def test_nobody_outside_is_told_that_a_question_waits(town):
    assert SEEN_FROM_OUTSIDE == {PublicState.NEEDS_REPLY: PublicState.IN_PROGRESS}


# Filters


@pytest.fixture
def three(town):
    """By place and category: a pothole at the harbour, a tree on the hill, and one without a place."""
    water = CategoryFactory(slug="water", parent=town.categories["tree"])
    quarter = DistrictFactory(
        key="upper-hill",
        level="quarter",
        parent=town.districts["hill"],
        box=(-0.87, 54.04, -0.84, 54.06),
    )
    made = {
        "hole": put_out(town, file(place=HARBOUR))[1],
        "tree": put_out(town, file(category="water", place=HILL), by="dora")[1],
        "nowhere": put_out(town, file(category="other", place=Place()), by="dora")[1],
    }
    assert (water.parent, quarter.parent) == (town.categories["tree"], town.districts["hill"])
    return made


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, {"hole", "tree", "nowhere"}),
        ({"category": "pothole"}, {"hole"}),
        ({"category": "tree"}, {"tree"}),
        ({"category": "water"}, {"tree"}),
        ({"district": "harbour"}, {"hole"}),
        ({"district": "hill"}, {"tree"}),
        ({"district": "upper-hill"}, {"tree"}),
        ({"state": "in_progress"}, {"hole", "tree"}),
        ({"state": "checking"}, {"nowhere"}),
        ({"state": "done"}, set()),
        ({"box": Box(-1.0, 54.0, -0.9, 54.1)}, {"hole"}),
        ({"box": Box(-0.951, 54.049, -0.949, 54.051)}, {"hole"}),
        ({"box": Box(-0.9, 54.0, -0.8, 54.1), "category": "pothole"}, set()),
    ],
)
def test_filters(three, asked, names):
    assert keys(matching(**asked)) == {three[name].key for name in names}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"category": "no-such"}, "category"),
        ({"category": "it-incident"}, "category"),
        ({"district": "no-such"}, "district"),
    ],
)
def test_what_does_not_exist_is_named(town, asked, field):
    with pytest.raises(Invalid) as refusal:
        matching(**asked)

    assert refusal.value.field == field


def test_the_map_shows_what_has_a_place_up_to_a_limit(three, monkeypatch):
    with budget(1):
        all_of_them = on_the_map()
    assert shown(all_of_them) == ([three["tree"].key, three["hole"].key], False)

    monkeypatch.setattr("concerns.queries.public_map.MOST_ON_A_MAP", 1)

    assert shown(on_the_map()) == ([three["tree"].key], True)


def shown(found):
    features, more = found
    return [uuid.UUID(one["id"]) for one in json.loads(f"[{features}]")], more


@pytest.mark.parametrize("asked", [{"category": "tree"}, {"state": "in_progress"}, {}])
def test_the_map_takes_the_filters_of_the_list(three, asked):
    placed = [one for one in matching(**asked).order_by("-pk") if one.lat is not None]

    assert shown(on_the_map(**asked)) == ([one.key for one in placed], False)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_point_says_what_the_list_says(three, language):
    with translation.override(language):
        (feature,) = json.loads(f"[{on_the_map(category='tree')[0]}]")
        listed = json.loads(one_as_json(three["tree"].key))

    place = listed.pop("place")
    assert feature["properties"] == listed
    assert feature["geometry"] == {
        "type": "Point",
        "coordinates": [place["lon"], place["lat"]],
    }


# Counts


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, 1), (4, 4), (5, 5), (9, 5), (10, 10), (19, 10), (20, 20), (50, 50), (99, 50), (731, 100)],
)
def test_how_many_reported_is_said_in_steps(town, count, said):
    filed, one = put_out(town, in_progress(town))
    Ticket.objects.filter(pk=filed.ticket.pk).update(active_count=count)

    assert one_published(one.key)["reports"] == said


def test_followers_count_and_those_who_left_do_not(town):
    filed, one = put_out(town, in_progress(town))
    others = crowd(filed.ticket, 7)
    withdraw(concern_id=others[0].pk)

    with budget(1):
        assert one_published(one.key)["reports"] == 5
    assert fresh(filed.ticket).active_count == 7


def test_assigned_tickets_may_be_published(town):
    """What the tests above stand on."""
    assert put_out(town, assigned(town))[1].withdrawn_at is None
