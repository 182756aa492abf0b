"""A trial's year: everything that can become of a concern has become of some."""

import datetime as dt
from collections import Counter
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
import yaml
from django.conf import settings as configured
from django.core.management import CommandError, call_command

from common.city import city
from common.clock import now
from concerns.actions.crowd import DAYS, Crowd, Spot
from concerns.enums import OPEN_STATES, Audience, State, Verb
from concerns.models import Concern, Event, Objection, Ticket
from concerns.queries.audit import broken_chains
from geography.models import Address

MOMENT = dt.datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
SPOTS = [Spot(f"Straße {number}", 51.25, 7.15) for number in range(200)]
DATA = yaml.safe_load((configured.BASE_DIR / "cities/wuppertal/crowd.yaml").read_text())


@pytest.fixture
def first_city(db, settings):
    settings.CITY_FOLDER = settings.BASE_DIR / "cities" / "wuppertal"
    settings.TIME_ZONE = city().zone
    settings.LOGINS_FILE = None
    call_command("load_city", verbosity=0)


def test_the_same_seed_tells_the_same_stories():
    told = [Crowd(DATA, SPOTS, MOMENT, seed).stories(50) for seed in (1, 1, 2)]

    assert told[0] == told[1]
    assert told[0] != told[2]


def test_seasons_and_hot_spots_are_those_of_the_profile():
    crowd = Crowd({**DATA, "recent": 0}, SPOTS, MOMENT, 7)
    told = crowd.stories(4000)

    months = Counter(one["filed_at"].month for one in told)
    weekdays = Counter(one["filed_at"].weekday() for one in told)
    places = Counter(one["address"] for one in told if "address" in one)
    hottest = sum(count for _place, count in places.most_common(20)) / places.total()
    assert months[7] > months[2]
    assert weekdays[0] > weekdays[5]
    assert hottest > 0.2
    assert min(one["filed_at"] for one in told) > MOMENT - dt.timedelta(days=DAYS)
    winter = {one["filed_at"].month for one in told if one["category"] == "winter-service"}
    assert winter == {12, 1, 2}


# At a moment of its own: who waits today for what depends on the day that the stories are told.
@time_machine.travel(MOMENT)
def test_a_year_passes_through_every_state(first_city):
    call_command("seed_demo", count=320, stdout=StringIO(), stderr=StringIO())

    resting = set(Ticket.objects.values_list("state", flat=True))
    assert resting == set(State.values) - {State.RECEIVED}
    assert 320 <= Concern.objects.count() < 330
    assert list(broken_chains()) == []
    assert Objection.objects.exists()
    assert Ticket.objects.filter(circle__isnull=False).exists()
    assert Concern.objects.filter(audience=Audience.INTERNAL, author__isnull=False).exists()
    late = Ticket.objects.filter(state__in=OPEN_STATES, resolution_due__lt=now())
    assert late.exists()
    assert Event.objects.filter(at__gt=now()).count() == 0
    assert Event.objects.filter(verb=Verb.RATE).exists()


def test_a_second_crowd_is_refused(first_city):
    call_command("seed_demo", count=3, stdout=StringIO(), stderr=StringIO())

    with pytest.raises(CommandError, match="There is a crowd already"):
        call_command("seed_demo", count=3)


def test_a_crowd_needs_places(first_city):
    Address.objects.all().delete()

    with pytest.raises(CommandError, match="The gazetteer is empty"):
        call_command("seed_demo")


def test_a_crowd_is_for_trials_only(first_city, settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="this installation is no trial"):
        call_command("seed_demo")

    assert Concern.objects.count() == 0
