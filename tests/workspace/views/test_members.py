"""Administrators take people on, appoint, dismiss, and close accounts; nobody else does, and only below themselves."""

import pytest

from accounts.models import User
from common.clock import today
from concerns.enums import State
from departments.enums import Capability
from departments.models import Membership
from tests.factories.organisation import MembershipFactory, UserFactory
from tests.support.stages import in_progress
from tests.support.town import Town, fresh
from tests.workspace.conftest import Desk


def duties_of(user: User) -> set[tuple[str, str]]:
    return set(
        Membership.objects.current().filter(user=user).values_list("capability", "department__key")
    )


@pytest.mark.parametrize("name", ["carl", "tess", "dora", "ada", "max", "norman"])
@pytest.mark.parametrize("path", ["", "add/", "1/"])
def test_only_administrators_see_people(town: Town, desk: Desk, name: str, path: str) -> None:
    assert desk(name).open(f"/workspace/members/{path}").status == 403


def test_people_are_listed_with_their_duties_and_found_by_name(town: Town, desk: Desk) -> None:
    alma = desk("alma")
    everybody = alma.open("/workspace/members/")
    found = alma.open("/workspace/members/?words=ca+rl")

    assert {"Carl", "Dora", "Norman"} <= set(everybody.links)
    assert "Clerk, Streets" in everybody.words
    assert "Carl" in found.links
    assert "Dora" not in found.links


def test_somebody_is_taken_on_appointed_and_dismissed(town: Town, desk: Desk) -> None:
    alma = desk("alma")
    page = alma.open("/workspace/members/add/")
    streets = str(town.office("streets").pk)
    page = alma.press(
        page, page.form("email"), name="Nia New", email="Nia@Northmoor.example", language="en",
        department_id=streets, capability="clerk",
    )  # fmt: skip
    nia = User.objects.get(email="nia@northmoor.example")

    assert page.heading == "Nia New"
    assert not nia.has_usable_password()
    assert duties_of(nia) == {("clerk", "streets")}
    page = alma.press(page, page.form("capability"), department_id=streets, capability="team_lead")
    assert duties_of(nia) == {("clerk", "streets"), ("team_lead", "streets")}
    first = Membership.objects.get(user=nia, capability="clerk")
    form = next(one for one in page.forms if one.action.endswith(f"/duties/{first.pk}/end/"))
    alma.press(page, form)
    assert duties_of(nia) == {("team_lead", "streets")}


def test_a_duty_of_long_standing_ends_yesterday_and_stays_on_record(town: Town, desk: Desk) -> None:
    carl = Membership.objects.get(user=town.people["carl"])
    alma = desk("alma")
    page = alma.open(f"/workspace/members/{town.people['carl'].pk}/")
    alma.press(page, next(one for one in page.forms if one.action.endswith("/end/")))

    carl.refresh_from_db()
    assert carl.valid_until is not None
    assert carl.valid_until < today()
    assert desk("carl").open("/workspace/queues/department/").status == 200
    assert town.actor("carl").grants == frozenset()


def test_the_last_administrator_of_the_city_stays(town: Town, desk: Desk) -> None:
    alma = desk("alma")
    page = alma.open(f"/workspace/members/{town.people['alma'].pk}/")
    page = alma.press(page, next(one for one in page.forms if one.action.endswith("/end/")))

    assert "Nobody else administers the whole city." in page.words
    assert duties_of(town.people["alma"]) == {("admin", "town")}


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"email": "carl@northmoor.example"}, "email", "Somebody with this e-mail address"),
        ({"email": "no"}, "email", "This is no complete e-mail address."),
        ({"name": " "}, "name", "Please enter a name."),
    ],
)
def test_what_is_wrong_with_a_newcomer_is_said_at_its_field(
    town: Town, desk: Desk, said: dict[str, str], field: str, words: str
) -> None:
    alma = desk("alma")
    page = alma.open("/workspace/members/add/")
    given = {"name": "Nia", "email": "nia@northmoor.example", "language": "en"} | said
    page = alma.press(
        page,
        page.form("email"),
        **given,
        department_id=str(town.office("streets").pk),
        capability="clerk",
    )

    assert page.status == 422
    assert page.error(field).startswith(words)
    assert not User.objects.filter(name="Nia").exists()


def test_closing_an_account_releases_and_reopening_does_not_give_back(
    town: Town, desk: Desk
) -> None:
    filed = in_progress(town)
    carl, alma = town.people["carl"], desk("alma")
    page = alma.open(f"/workspace/members/{carl.pk}/")
    assert "1 ticket goes back to its department." in page.words
    page = alma.press(page, next(one for one in page.forms if one.action.endswith("/close/")))

    assert "Tickets released to their departments: 1." in page.words
    assert User.objects.get(pk=carl.pk).is_active is False
    page = alma.open(f"/workspace/members/{carl.pk}/")
    alma.press(page, next(one for one in page.forms if one.action.endswith("/reopen/")))
    assert User.objects.get(pk=carl.pk).is_active is True
    ticket = fresh(filed.ticket)
    assert (ticket.state, ticket.assignee) == (State.IN_PROGRESS, None)


@pytest.fixture
def local(town: Town) -> User:
    """An administrator of Streets alone."""
    loretta = UserFactory(name="Loretta")
    MembershipFactory(user=loretta, department=town.office("streets"), capability=Capability.ADMIN)
    town.people["loretta"] = loretta
    return loretta


def test_an_administrator_decides_only_below_themselves(
    town: Town, desk: Desk, local: User
) -> None:
    visitor = desk("loretta")
    page = visitor.open("/workspace/members/add/")
    offered = page.form("email").options["department_id"]

    assert offered == ["", str(town.office("streets").pk)]
    assert visitor.open(f"/workspace/members/{town.people['paul'].pk}/").status == 404
    paul = Membership.objects.get(user=town.people["paul"])
    page = visitor.open(f"/workspace/members/{town.people['carl'].pk}/")
    form = next(one for one in page.forms if one.action.endswith("/end/"))
    form.action = f"/workspace/members/{town.people['carl'].pk}/duties/{paul.pk}/end/"
    assert "You may not do this." in visitor.press(page, form).words
    assert duties_of(town.people["paul"]) == {("clerk", "parks")}


def test_an_administrator_closes_no_account_of_somebody_with_duties_elsewhere(
    town: Town, desk: Desk, local: User
) -> None:
    parks = town.office("parks")
    MembershipFactory(user=town.people["carl"], department=parks, capability=Capability.CLERK)
    visitor = desk("loretta")
    page = visitor.open(f"/workspace/members/{town.people['carl'].pk}/")
    answer = visitor.press(page, next(one for one in page.forms if one.action.endswith("/close/")))

    assert answer.status == 403
    assert User.objects.get(pk=town.people["carl"].pk).is_active is True
