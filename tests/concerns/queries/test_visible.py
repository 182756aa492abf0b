"""Who may know of which ticket: every sort of person against every sort of ticket, and no reader that says more."""

import re

import pytest

from common.actor import Actor, ActorKind
from concerns.actions.filing import Filed
from concerns.actions.joining import join
from concerns.actions.responsibility import transfer
from concerns.actions.safeguarding import encircle, exclude, lift_circle, restrict
from concerns.enums import Channel
from concerns.errors import NotFound
from concerns.models import CircleMember, Ticket
from concerns.queries.tickets import QUEUES, found_by, queue, queue_counts, ticket_detail
from concerns.queries.visible import ticket_for, visible
from departments.enums import Capability
from tests.factories.matters import CircleMemberFactory
from tests.factories.organisation import MembershipFactory, UserFactory
from tests.support.acts import ALL, Act, name_of
from tests.support.stages import RITA
from tests.support.town import Town, file

Sorts = dict[str, Filed]

# A row: who; columns: a street ticket, one of another department, one in triage without a department, one transferred
# from Streets to Order, a confidential one, one that excludes Carl, a restricted one, one of internal IT.
COLUMNS = ("street", "noise", "triage", "once", "secret", "excluded", "restricted", "internal")
TABLE = {
    "dora": "yyyy-y-y",
    "dirk": "yyyy-y-y",
    "carl": "y--y----",
    "clara": "y--y-y--",
    "tess": "y--y-y--",
    "paul": "--------",
    "ada": "y--y-y--",
    "hanna": "y--y-y--",
    "max": "yy-yyy-y",
    "alma": "yy-y-yyy",
    "petra": "----y---",
    "norman": "--------",
    "iris": "-------y",
}


@pytest.fixture
def sorts(town: Town) -> Sorts:
    filed = {
        "street": file(email=RITA),
        "noise": file(category="noise"),
        "triage": file(category="other"),
        "once": file(),
        "secret": file(category="staff"),
        "excluded": file(),
        "restricted": file(),
        "internal": file(
            category="it-incident", actor=town.actor("norman"), channel=Channel.PORTAL
        ),
    }
    moved = filed["once"].ticket.pk
    to = town.office("order").pk
    transfer(actor=town.actor("carl"), ticket_id=moved, department_id=to, reason="It is noise.")
    carl, alma = town.people["carl"].pk, town.actor("alma")
    exclude(actor=town.actor("tess"), ticket_id=filed["excluded"].ticket.pk, user_id=carl)
    restrict(actor=alma, ticket_id=filed["restricted"].ticket.pk, reason="disputed")
    return filed


def seen_by(actor: Actor, sorts: Sorts) -> str:
    ids = set(visible(actor).values_list("pk", flat=True))
    return "".join("y" if sorts[column].ticket.pk in ids else "-" for column in COLUMNS)


def test_every_sort_of_person_sees_what_the_table_says(town: Town, sorts: Sorts) -> None:
    assert {name: seen_by(town.actor(name), sorts) for name in TABLE} == TABLE


def test_the_system_sees_all(town: Town, sorts: Sorts) -> None:
    assert seen_by(Actor.system(), sorts) == "yyyyyyyy"


@pytest.mark.parametrize(
    "actor",
    [
        Actor.anonymous(),
        Actor(kind=ActorKind.PARTNER),
        Actor(kind=ActorKind.INTEGRATION),
        Actor(kind=ActorKind.STAFF),
    ],
    ids=["anonymous", "partner", "integration", "staff without an account"],
)
def test_who_has_proven_nothing_sees_nothing(town: Town, sorts: Sorts, actor: Actor) -> None:
    assert visible(actor).count() == 0


@pytest.mark.parametrize("column", COLUMNS)
def test_an_author_sees_their_own_and_no_other(town: Town, sorts: Sorts, column: str) -> None:
    """Also when the matter is confidential or restricted: it is theirs."""
    author = Actor.citizen(sorts[column].concern.pk)

    assert list(visible(author)) == [sorts[column].ticket]


def test_an_author_sees_the_lead_their_concern_was_joined_to(town: Town) -> None:
    own, lead = file(), file()
    join(actor=town.actor("dora"), ticket_id=own.ticket.pk, lead_id=lead.ticket.pk)

    assert list(visible(Actor.citizen(own.concern.pk))) == [lead.ticket]


def test_a_capability_in_the_circle_admits_who_has_it_there(town: Town) -> None:
    """Managers of the whole town are in the circle of personnel; a manager of Streets alone is not."""
    secret = file(category="staff")
    MembershipFactory(
        user=town.people["norman"], department=town.office("streets"), capability=Capability.MANAGER
    )

    assert list(visible(town.actor("max"))) == [secret.ticket]
    assert list(visible(town.actor("norman"))) == []


def test_a_circle_of_a_department_admits_who_is_above_it(town: Town) -> None:
    secret = file(category="staff")
    CircleMember.objects.filter(capability=Capability.MANAGER).delete()
    CircleMemberFactory(
        circle=town.circle, capability=Capability.MANAGER, department=town.office("streets")
    )

    assert list(visible(town.actor("max"))) == [secret.ticket]


def test_an_excluded_person_is_kept_out_though_the_circle_admits_them(town: Town) -> None:
    secret = file(category="staff")
    CircleMemberFactory(circle=town.circle, user=town.people["tess"])

    exclude(actor=town.actor("tess"), ticket_id=secret.ticket.pk, user_id=town.people["petra"].pk)

    seen = {name: visible(town.actor(name)).exists() for name in ("tess", "petra", "max")}
    assert seen == {"tess": True, "petra": False, "max": True}


def test_who_once_worked_on_it_reads_on_until_it_becomes_confidential(town: Town) -> None:
    filed = file()
    CircleMemberFactory(circle=town.circle, user=town.people["tess"])
    seen = []
    to = town.office("order").pk
    transfer(actor=town.actor("carl"), ticket_id=filed.ticket.pk, department_id=to, reason="Noise.")
    seen.append(visible(town.actor("carl")).exists())
    encircle(actor=town.actor("dora"), ticket_id=filed.ticket.pk, circle_key="personnel")
    seen.append(visible(town.actor("carl")).exists())
    lift_circle(actor=town.actor("tess"), ticket_id=filed.ticket.pk, reason="Harmless.")
    seen.append(visible(town.actor("carl")).exists())

    assert seen == [True, False, True]


def test_an_administrator_elsewhere_sees_nothing_restricted_here(town: Town) -> None:
    """Carl, administrator of Parks besides, stays a clerk in Streets."""
    filed = file()
    MembershipFactory(
        user=town.people["carl"], department=town.office("parks"), capability=Capability.ADMIN
    )

    restrict(actor=town.actor("alma"), ticket_id=filed.ticket.pk, reason="disputed")

    assert list(visible(town.actor("carl"))) == []
    assert list(visible(town.actor("alma"))) == [filed.ticket]


def test_a_restricted_confidential_ticket_is_for_administrators_of_its_circle(town: Town) -> None:
    filed = file(category="staff")
    norman = town.people["norman"]
    MembershipFactory(user=norman, department=town.office("it"), capability=Capability.ADMIN)
    CircleMemberFactory(circle=town.circle, user=norman)

    restrict(actor=town.actor("norman"), ticket_id=filed.ticket.pk, reason="disputed")

    seen = {name: visible(town.actor(name)).exists() for name in ("norman", "petra", "max", "alma")}
    assert seen == {"norman": True, "petra": False, "max": False, "alma": False}


def test_no_reader_reveals_more_than_visible(town: Town, sorts: Sorts) -> None:
    """One ticket, its detail, every queue, every count and the search, for every person and every ticket."""
    for name in TABLE:
        actor = town.actor(name)
        known = set(visible(actor).values_list("pk", flat=True))
        for filed in sorts.values():
            ticket = Ticket.objects.get(pk=filed.ticket.pk)
            expected = ticket.pk in known
            assert found(ticket_for, actor, ticket.pk) is expected
            assert found(ticket_detail, actor, ticket.pk) is expected
            by_reference = found_by(actor, filed.concern.reference)
            assert set(by_reference.values_list("pk", flat=True)) == known & {ticket.pk}
            by_title = found_by(actor, ticket.title)
            same = set(Ticket.objects.filter(title=ticket.title).values_list("pk", flat=True))
            assert set(by_title.values_list("pk", flat=True)) == known & same
        lists = {queue_name: pks(actor, queue_name) for queue_name in QUEUES}
        assert set(lists.pop("all")) == known
        assert all(set(listed) <= known for listed in lists.values())
        assert queue_counts(actor) == {key: len(listed) for key, listed in lists.items()}


def pks(actor: Actor, name: str) -> list[int]:
    return list(queue(actor, name).values_list("pk", flat=True))


def found(reader: object, actor: Actor, ticket_id: int) -> bool:
    assert callable(reader)
    try:
        return reader(actor, ticket_id) is not None
    except NotFound:
        return False


def test_a_hidden_ticket_and_none_at_all_are_refused_alike(town: Town) -> None:
    """A different answer would tell that there is something."""
    hidden = file(category="staff").ticket.pk
    refusals = []
    for ticket_id in (hidden, 10**9):
        with pytest.raises(NotFound) as refusal:
            ticket_for(town.actor("carl"), ticket_id)
        refusals.append((str(refusal.value.message), refusal.value.field, refusal.value.code))

    assert refusals[0] == refusals[1]


@pytest.mark.parametrize("act", ALL, ids=name_of)
def test_every_act_on_a_hidden_ticket_is_not_found(town: Town, act: Act) -> None:
    filed = act.stage(town)

    with pytest.raises(NotFound):
        act.do(town, town.actor("norman"), filed)


def test_a_name_in_the_search_says_nothing_of_what_is_hidden(town: Town) -> None:
    secret = file(category="staff", name="Konrad Hush", email="hush@people.example")

    found = {name: list(found_by(town.actor(name), "Hush")) for name in ("petra", "carl", "dora")}

    assert found == {"petra": [secret.ticket], "carl": [], "dora": []}


def test_one_statement_decides_what_is_visible(town: Town, sorts: Sorts) -> None:
    """It is part of every list: it may not cost statements of its own."""
    sql = str(visible(town.actor("dora")).query)

    assert len(re.findall(r"FROM \"concerns_ticket\"", sql)) == 1


def test_an_account_without_any_capability_sees_nothing(town: Town, sorts: Sorts) -> None:
    newcomer = UserFactory(name="Nell")

    assert seen_by(Actor(kind=ActorKind.STAFF, user_id=newcomer.pk), sorts) == "--------"
