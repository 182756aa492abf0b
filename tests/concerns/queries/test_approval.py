"""Who approves: never the author, never an excluded person, and never nobody while the city has anybody."""

import datetime as dt

import pytest

from common.actor import Actor
from common.clock import today
from concerns.actions.filing import Filed
from concerns.actions.safeguarding import exclude
from concerns.models import CircleMember, Exclusion, Ticket
from concerns.queries.approval import approvers_of, circle_people, may_approve, reviewers_of
from departments.enums import Capability
from departments.models import Membership
from tests.factories.matters import CircleMemberFactory
from tests.factories.organisation import AbsenceFactory, MembershipFactory
from tests.support.stages import pending_approval, reopen_requested
from tests.support.town import Town, file, fresh


def names(town: Town, filed: Filed) -> set[str]:
    ticket = Ticket.objects.select_related("department", "answer_message").get(pk=filed.ticket.pk)
    found = approvers_of(ticket)
    return {name for name, person in town.people.items() if person.pk in found}


def leave(town: Town, name: str) -> None:
    Membership.objects.filter(user=town.people[name]).update(
        valid_until=today() - dt.timedelta(days=1)
    )


def appoint(town: Town, name: str, office: str, capability: Capability) -> None:
    MembershipFactory(user=town.people[name], department=town.office(office), capability=capability)


def test_the_departments_own_approver_comes_first(town: Town) -> None:
    assert names(town, pending_approval(town)) == {"ada"}


def test_all_approvers_of_the_department_may(town: Town) -> None:
    appoint(town, "clara", "streets", Capability.APPROVER)

    assert names(town, pending_approval(town)) == {"ada", "clara"}


def test_without_one_the_parents_approver_decides(town: Town) -> None:
    leave(town, "ada")

    assert names(town, pending_approval(town)) == {"hanna"}


def test_the_grandparents_approver_decides_before_the_dispatchers(town: Town) -> None:
    leave(town, "ada")
    leave(town, "hanna")
    appoint(town, "max", "town", Capability.APPROVER)

    assert names(town, pending_approval(town)) == {"max"}


def test_without_any_approver_the_dispatchers_decide(town: Town) -> None:
    leave(town, "ada")
    leave(town, "hanna")

    assert names(town, pending_approval(town)) == {"dora", "dirk"}


def test_an_approver_beside_the_line_does_not_count(town: Town) -> None:
    leave(town, "ada")
    appoint(town, "paul", "parks", Capability.APPROVER)

    assert names(town, pending_approval(town)) == {"hanna"}


def test_the_author_never_approves_their_own_answer(town: Town) -> None:
    """Ada, the only approver of Streets, wrote it herself: it goes one node up."""
    appoint(town, "ada", "streets", Capability.CLERK)

    assert names(town, pending_approval(town, worker="ada")) == {"hanna"}


def test_an_absent_approver_is_no_approver(town: Town) -> None:
    town.people["ada"].is_active = False
    town.people["ada"].save()

    assert names(town, pending_approval(town)) == {"hanna"}


def test_an_excluded_approver_gives_way_to_the_node_above(town: Town) -> None:
    filed = pending_approval(town)

    exclude(actor=town.actor("tess"), ticket_id=filed.ticket.pk, user_id=town.people["ada"].pk)

    assert names(town, filed) == {"hanna"}


def test_programs_and_citizens_are_no_approvers(town: Town) -> None:
    filed = pending_approval(town)
    ticket = Ticket.objects.select_related("department", "answer_message").get()

    from_within = {name: may_approve(town.actor(name), ticket) for name in ("ada", "carl", "hanna")}

    assert from_within == {"ada": True, "carl": False, "hanna": False}
    assert may_approve(filed_actor(filed), ticket) is False


def filed_actor(filed: Filed) -> Actor:
    return Actor.citizen(filed.concern.pk)


def confidential(town: Town, worker: str = "petra") -> Filed:
    return pending_approval(town, category="staff", worker=worker)


def reviewers(town: Town, filed: Filed) -> set[str]:
    found = reviewers_of(Ticket.objects.get(pk=filed.ticket.pk))
    return {name for name, person in town.people.items() if person.pk in found}


def test_reviewers_are_the_team_leads_and_the_dispatchers(town: Town) -> None:
    assert reviewers(town, reopen_requested(town)) == {"tess", "dora", "dirk"}


def test_a_lead_above_reviews_and_one_beside_does_not(town: Town) -> None:
    appoint(town, "hanna", "public-works", Capability.TEAM_LEAD)
    appoint(town, "paul", "parks", Capability.TEAM_LEAD)
    leave(town, "dirk")

    assert reviewers(town, reopen_requested(town)) == {"tess", "hanna", "dora"}


def test_who_answered_and_who_is_excluded_review_nothing(town: Town) -> None:
    filed = reopen_requested(town, worker="tess")
    Exclusion.objects.create(ticket=filed.ticket, user=town.people["dora"])

    assert reviewers(town, filed) == {"dirk"}


def test_in_a_circle_its_own_people_review(town: Town) -> None:
    CircleMemberFactory(circle=town.circle, user=town.people["tess"])

    assert reviewers(town, reopen_requested(town, category="staff", worker="petra")) == {"tess"}


def test_in_a_circle_without_approvers_any_other_of_it_decides(town: Town) -> None:
    """Petra wrote; Max, by his capability, is the only other one. Ada of Streets must not even know."""
    assert names(town, confidential(town)) == {"max"}


def test_in_a_circle_its_approvers_come_first(town: Town) -> None:
    CircleMemberFactory(circle=town.circle, user=town.people["hanna"])

    assert names(town, confidential(town)) == {"hanna"}


def test_in_a_circle_its_dispatchers_come_before_others(town: Town) -> None:
    CircleMemberFactory(circle=town.circle, user=town.people["dirk"])

    assert names(town, confidential(town)) == {"dirk"}


def test_in_a_circle_neither_author_nor_excluded_person_decides(town: Town) -> None:
    CircleMemberFactory(circle=town.circle, user=town.people["norman"])
    filed = confidential(town)
    Exclusion.objects.create(ticket=filed.ticket, user=town.people["max"])

    assert names(town, filed) == {"norman"}


@pytest.mark.parametrize(
    ("office", "people"), [("town", {"petra", "max"}), ("streets", {"petra", "max", "iris"})]
)
def test_a_circle_is_its_people_and_who_has_the_capability_there_or_above(
    town: Town, office: str, people: set[str]
) -> None:
    """Iris, manager of Streets, manages no town; Max manages the town and so Streets."""
    appoint(town, "iris", "streets", Capability.MANAGER)
    CircleMember.objects.filter(capability=Capability.MANAGER).update(
        department=town.office(office)
    )
    filed = file(category="staff")

    found = circle_people(filed.ticket)

    assert {name for name, person in town.people.items() if person.pk in found} == people


def test_who_stands_in_for_an_approver_may_approve_unless_they_wrote_it(town: Town) -> None:
    AbsenceFactory(user=town.people["ada"], deputy=town.people["clara"])
    others, hers = (pending_approval(town, worker=name).ticket for name in ("carl", "clara"))

    found = [may_approve(town.actor("clara"), fresh(one)) for one in (others, hers)]

    assert found == [True, False]
    assert not may_approve(town.actor("carl"), fresh(hers))
    assert may_approve(town.actor("ada"), fresh(hers))


def test_nobodys_absence_admits_to_a_circle(town: Town) -> None:
    AbsenceFactory(user=town.people["max"], deputy=town.people["hanna"])
    ticket = fresh(pending_approval(town).ticket)
    ticket.circle = town.circle

    assert may_approve(town.actor("max"), ticket)
    assert not may_approve(town.actor("hanna"), ticket)
