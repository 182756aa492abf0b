"""The demo of the first city plays from beginning to end, and only in a trial."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from common.city import city
from concerns.enums import State
from concerns.models import Concern, Ticket
from concerns.queries.audit import broken_chains
from departments.queries import actor_for


@pytest.fixture
def first_city(db, settings):
    settings.CITY_FOLDER = settings.BASE_DIR / "cities" / "wuppertal"
    settings.TIME_ZONE = city().zone
    call_command("load_city", verbosity=0)


def test_load_demo_tells_every_story_once(first_city, settings, tmp_path):
    settings.LOGINS_FILE = tmp_path / "logins.txt"

    call_command("load_demo")
    filed = Concern.objects.count()
    call_command("load_demo")

    assert Concern.objects.count() == filed == 14
    assert list(broken_chains()) == []
    assert Ticket.objects.filter(state=State.MERGED).count() == 2
    assert settings.LOGINS_FILE.read_text().count("@demo.sachstand.test") == 12


def test_load_demo_gives_each_person_the_rights_it_prints(first_city, settings):
    call_command("load_demo")

    carl = User.objects.get(email="carl@demo.sachstand.test")
    assert carl.check_password("Schwebebahn-2026")
    assert {capability for capability, _office in actor_for(carl).grants} == {"clerk"}


def test_load_demo_refuses_outside_a_trial(first_city, settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="this installation is no trial"):
        call_command("load_demo")

    assert Concern.objects.count() == 0
