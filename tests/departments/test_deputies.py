"""Who is there for whom: chains of deputies, days, circles, closed accounts, and what is lent."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.clock import today
from departments.enums import Capability
from departments.models import Absence
from departments.queries import (
    absences_known_to,
    actor_for,
    colleagues_of,
    stand_ins,
)
from tests.factories.organisation import AbsenceFactory, UserFactory
from tests.support.sql import budget
from tests.support.town import Town

PEOPLE = ("carl", "clara", "tess", "paul", "ada", "dora")
ONE_DAY = dt.timedelta(days=1)


def away(town: Town, name: str, deputy: str, **days: dt.date) -> Absence:
    return AbsenceFactory(user=town.people[name], deputy=town.people[deputy], **days)


def there_for(town: Town) -> dict[str, str]:
    names = {user.pk: name for name, user in town.people.items()}
    return {names[user]: names[deputy] for user, deputy in stand_ins().items()}


def test_a_deputy_has_the_duties_of_who_is_away_and_knows_them_as_lent(town: Town) -> None:
    streets, carl = town.office("streets").pk, town.people["carl"]
    away(town, "carl", "paul")

    with budget(1):
        actor = actor_for(town.people["paul"])

    assert (Capability.CLERK, streets) in actor.grants
    assert actor.lent == {(Capability.CLERK, streets)}
    assert actor.own_departments(Capability.CLERK) == {town.office("parks").pk}
    assert actor.stands_in_for == {carl.pk}


def test_a_chain_ends_at_who_is_there(town: Town) -> None:
    away(town, "carl", "clara")
    away(town, "clara", "paul")

    assert there_for(town) == {"carl": "paul", "clara": "paul"}
    both = {town.people["carl"].pk, town.people["clara"].pk}
    assert actor_for(town.people["paul"]).stands_in_for == both


@pytest.mark.parametrize("from_now", [(-9, -1), (1, 9)])
def test_only_on_the_days_of_the_absence(town: Town, from_now: tuple[int, int]) -> None:
    first, last = (today() + count * ONE_DAY for count in from_now)
    away(town, "carl", "paul", starts=first, ends=last)

    assert there_for(town) == {}
    assert actor_for(town.people["paul"]).lent == frozenset()


def test_nobody_administers_in_anothers_place(town: Town) -> None:
    away(town, "alma", "carl")

    actor = actor_for(town.people["carl"])

    assert (actor.has(Capability.ADMIN), actor.lent) == (False, frozenset())
    assert actor.stands_in_for == {town.people["alma"].pk}


@pytest.mark.parametrize("closed", ["carl", "paul"])
def test_closed_accounts_neither_stand_in_nor_are_stood_in_for(town: Town, closed: str) -> None:
    away(town, "carl", "paul")
    town.people[closed].is_active = False
    town.people[closed].save()

    assert there_for(town) == {}
    assert actor_for(town.people["paul"]).lent == frozenset()


def test_where_deputies_form_a_circle_all_hear_themselves(town: Town) -> None:
    away(town, "carl", "clara")
    away(town, "clara", "paul")
    away(town, "paul", "carl")
    away(town, "tess", "carl")

    assert there_for(town) == {}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_sight_and_letters_go_the_same_ways(db: None, data: st.DataObject) -> None:
    """Against what is obviously right: follow the deputies one by one; whoever is met twice is nobody's end."""
    people = [UserFactory() for _each in range(5)]
    chosen = st.none() | st.integers(0, 4)
    deputies = {n: data.draw(chosen, label=f"deputy of {n}") for n in range(5)}
    deputies = {n: other for n, other in deputies.items() if other is not None and other != n}
    for n, other in deputies.items():
        AbsenceFactory(user=people[n], deputy=people[other])

    ends, met = {}, {n: [n] for n in range(5)}
    for n in deputies:
        at = n
        while at in deputies and deputies[at] not in met[n]:
            at = deputies[at]
            met[n].append(at)
        if at not in deputies:
            ends[n] = at
    assert stand_ins() == {people[n].pk: people[end].pk for n, end in ends.items()}
    for n, person in enumerate(people):
        behind = {other for other in range(5) if n in met[other]} - {n}
        assert actor_for(person).stands_in_for == {people[other].pk for other in behind}
    Absence.objects.all().delete()


def test_absences_are_known_to_those_they_concern(town: Town) -> None:
    theirs = away(town, "carl", "paul")
    elsewhere = away(town, "iris", "norman")
    away(town, "carl", "paul", starts=today() - 9 * ONE_DAY, ends=today() - ONE_DAY)

    known = {
        name: list(absences_known_to(town.actor(name)))
        for name in ("carl", "paul", "tess", "clara", "alma", "norman")
    }

    assert known == {
        "carl": [theirs],
        "paul": [theirs],
        "tess": [theirs],
        "clara": [],
        "alma": [theirs, elsewhere],
        "norman": [elsewhere],
    }


def test_colleagues_are_those_who_work_here_or_above(town: Town) -> None:
    names = [one.name for one in colleagues_of(town.actor("carl"))]

    assert names == ["Ada", "Alma", "Carl", "Clara", "Dirk", "Dora", "Hanna", "Max", "Tess"]
    assert list(colleagues_of(town.actor("norman"))) == []
