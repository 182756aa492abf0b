"""Published matters at the REST door: list, map, and following."""

import uuid

import pytest
import time_machine

from concerns.actions.correcting import publish, unpublish
from concerns.actions.deciding import resolve
from concerns.actions.safeguarding import encircle
from concerns.enums import Channel, Verb
from concerns.models import Concern, Event
from concerns.references import pin
from tests.support.rest import Rest, pointers_in, problem_in, program_of
from tests.support.sql import budget
from tests.support.stages import FIXED, RITA, in_progress
from tests.support.town import HARBOUR, Place, file, fresh

HILL = Place(address="Hill Road 9", lat=54.05123456, lon=-0.85123456)


def put_out(town, filed=None, *, by="carl"):
    filed = filed or file(place=HARBOUR, email=RITA)
    return filed, publish(actor=town.actor(by), ticket_id=filed.ticket.pk)


@pytest.fixture
def harbour(town):
    return put_out(town, file(email=RITA, name="Rita Roe"))


def test_the_list_says_released_facts_and_no_more(town):
    with time_machine.travel("2026-11-20T12:00:00+00:00", tick=False):
        _filed, one = put_out(town, file(email=RITA, name="Rita Roe"))

        with budget(1):
            answer = Rest().get("published/")

    assert answer.json() == {
        "results": [
            {
                "key": str(one.key),
                "category": {"slug": "pothole", "name": "Pothole"},
                "district": {"key": "harbour", "name": "Harbour", "schematic": False},
                "state": "in_progress",
                "state_label": "In progress",
                "since": "2026-11-20",
                "reports": 1,
                "words": None,
                "place": {"lat": 54.05, "lon": -0.95},
            }
        ],
        "next": None,
        "previous": None,
    }
    assert Rest().get(f"published/{one.key}/").json() == answer.json()["results"][0]
    assert answer["Cache-Control"] == "no-store"


def test_no_number_of_the_city_s_own_leaves_the_house(harbour):
    filed, _one = harbour

    said = Rest().get("published/").content.decode()

    for secret in (filed.concern.reference, "Rita", RITA, "Quay Street", "hole in the road"):
        assert secret not in said
    assert f'"{filed.ticket.pk}"' not in said
    assert '"id"' not in said


def test_the_list_is_paged(town):
    made = [str(put_out(town)[1].key) for _nth in range(5)][::-1]

    first = Rest().get("published/?limit=2")
    second = Rest().client.get(first.json()["next"])
    third = Rest().client.get(second.json()["next"])

    shown = [one["key"] for page in (first, second, third) for one in page.json()["results"]]
    assert (shown, third.json()["next"]) == (made, None)
    assert 'rel="next"' in first["Link"]
    back = Rest().client.get(second.json()["previous"])
    assert back.json()["results"] == first.json()["results"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("category=pothole", 1),
        ("district=harbour", 1),
        ("state=in_progress", 2),
        ("state=done", 0),
        ("bbox=-1,54,-0.9,54.1", 1),
        ("bbox=-1,54,-0.8,54.1&category=tree", 1),
    ],
)
def test_list_and_map_filter_alike(town, query, count):
    put_out(town)
    put_out(town, file(category="tree", place=HILL), by="paul")

    with budget(2):
        listed = Rest().get(f"published/?{query}")
    with budget(2):
        drawn = Rest().get(f"published.geojson?{query}")

    assert (len(listed.json()["results"]), len(drawn.json()["features"])) == (count, count)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("category=no-such", ("/category", "invalid")),
        ("category=it-incident", ("/category", "invalid")),
        ("district=no-such", ("/district", "invalid")),
        ("state=needs_reply", ("/state", "invalid_choice")),
        ("state=assigned", ("/state", "invalid_choice")),
        ("bbox=1,2,3", ("/bbox", "box")),
        ("bbox=1,2,0,3", ("/bbox", "box")),
        ("bbox=a,b,c,d", ("/bbox", "box")),
        ("bbox=nan,0,1,1", ("/bbox", "box")),
        ("bbox=0,0,inf,1", ("/bbox", "box")),
        ("reporter=rita", ("/reporter", "unknown_field")),
    ],
)
@pytest.mark.parametrize("path", ["published/", "published.geojson"])
def test_what_cannot_be_asked_is_named(town, path, query, pointer):
    answer = Rest().get(f"{path}?{query}")

    assert (problem_in(answer)[0], pointers_in(answer)) == (422, [pointer])


def test_a_cursor_not_of_this_list_is_refused(town):
    answer = Rest().get("published/?cursor=x:y")

    assert (problem_in(answer)[0], pointers_in(answer)) == (422, [("/cursor", "invalid")])


def test_the_map_is_geojson(town):
    _filed, one = put_out(town, file(category="tree", place=HILL), by="paul")
    put_out(town, file(category="noise", place=Place()), by="dora")

    answer = Rest().get("published.geojson", Accept="*/*")

    assert answer["Content-Type"] == "application/geo+json"
    assert answer.json()["type"] == "FeatureCollection"
    feature = answer.json()["features"][0]
    assert (feature["type"], feature["id"]) == ("Feature", str(one.key))
    assert feature["geometry"] == {"type": "Point", "coordinates": [-0.851, 54.051]}
    assert feature["properties"]["category"] == {"slug": "tree", "name": "Tree"}
    assert (len(answer.json()["features"]), answer.json()["truncated"]) == (1, False)


def test_the_map_says_when_there_is_more(town, monkeypatch):
    monkeypatch.setattr("concerns.queries.public_map.MOST_ON_A_MAP", 1)
    put_out(town)
    _filed, newest = put_out(town)

    said = Rest().get("published.geojson").json()

    assert ([one["id"] for one in said["features"]], said["truncated"]) == ([str(newest.key)], True)


def test_what_is_gone_is_gone_everywhere(town):
    filed, one = put_out(town)
    encircle(actor=town.actor("carl"), ticket_id=filed.ticket.pk, circle_key="personnel")

    assert Rest().get("published/").json()["results"] == []
    assert Rest().get("published.geojson").json()["features"] == []
    assert problem_in(Rest().get(f"published/{one.key}/"))[:2] == (404, "not_found")
    assert problem_in(follow(Rest(), one))[:2] == (404, "not_found")


# Following


def follow(door, publication, body=None, key=""):
    path = f"published/{publication.key}/follow/"
    return door.post(path, body or {}, Idempotency_Key=key or str(uuid.uuid4()))


def test_who_follows_is_answered_like_one_who_files(town):
    filed, one = put_out(town, in_progress(town))

    with budget(15):
        answer = follow(Rest(), one, {"contact": {"email": "leo@people.example"}, "language": "de"})

    mine = Concern.objects.get(is_follow=True)
    assert answer.status_code == 201
    assert {name: answer.json()[name] for name in ("reference", "pin", "state")} == {
        "reference": mine.reference,
        "pin": pin(mine.pk, 1),
        "state": "in_progress",
    }
    assert (mine.words, mine.channel, mine.language) == ("", Channel.API, "de")
    assert mine.privacy_version != ""
    assert Event.objects.get(verb=Verb.FOLLOWED).concern_ref == mine.pk
    assert fresh(filed.ticket).concern_count == 2
    theirs = Rest({"Concern-Pin": answer.json()["pin"]}).get(f"concerns/{mine.reference}/")
    assert theirs.json()["company"] == 1


def test_one_may_follow_without_any_contact_data(town):
    _filed, one = put_out(town)

    assert follow(Rest(), one).status_code == 201
    assert Concern.objects.get(is_follow=True).reporter is None


def test_following_twice_with_one_key_follows_once(town):
    _filed, one = put_out(town)
    door = Rest()

    first, second = follow(door, one, key="one"), follow(door, one, key="one")

    assert (first.json(), second["Idempotency-Replayed"]) == (second.json(), "true")
    assert Concern.objects.filter(is_follow=True).count() == 1


def test_without_a_key_nobody_follows(town):
    _filed, one = put_out(town)

    answer = Rest().post(f"published/{one.key}/follow/", {})

    assert problem_in(answer)[:2] == (400, "key_missing")


def test_a_program_of_the_city_follows_for_people_whatever_its_person_sees(town):
    """A chatbot's account need not see the tickets."""
    _filed, one = put_out(town)

    assert follow(program_of(town.people["norman"]), one).status_code == 201
    narrow = program_of(town.people["norman"], scopes=["tickets:read"])
    assert problem_in(follow(narrow, one))[:2] == (403, "not_allowed")
    assert narrow.get("published/").status_code == 200


def test_what_was_never_published_or_is_no_longer_cannot_be_followed(town):
    filed, one = put_out(town)
    unpublish(actor=town.actor("carl"), ticket_id=filed.ticket.pk)

    assert problem_in(follow(Rest(), one))[:2] == (404, "not_found")
    path = f"published/{uuid.uuid4()}/follow/"
    assert problem_in(Rest().post(path, {}, Idempotency_Key="x"))[:2] == (404, "not_found")
    path = f"published/{filed.ticket.pk}/follow/"
    assert problem_in(Rest().post(path, {}, Idempotency_Key="y"))[:2] == (404, "not_found")
    assert not Concern.objects.filter(is_follow=True).exists()


def test_what_is_done_cannot_be_followed(town):
    filed, one = put_out(town, in_progress(town))
    resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)

    assert problem_in(follow(Rest(), one))[:2] == (409, "refused")
    assert Rest().get("published/").json()["results"][0]["state"] == "done"


def test_followers_count_against_the_limit_of_filings(town, settings):
    settings.FILINGS_PER_NETWORK_PER_HOUR = 1
    _filed, one = put_out(town)
    door = Rest()

    assert follow(door, one).status_code == 201
    assert problem_in(follow(door, one))[:2] == (429, "too_many")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"contact": {"email": "no address"}}, ("/contact/email", "invalid")),
        ({"language": "tlh"}, ("/language", "invalid_choice")),
        ({"description": "Me too!"}, ("/description", "unknown_field")),
    ],
)
def test_what_cannot_be_used_is_named(town, body, pointer):
    _filed, one = put_out(town)

    answer = follow(Rest(), one, body)

    assert (problem_in(answer)[0], pointers_in(answer)) == (422, [pointer])
