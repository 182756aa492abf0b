"""What an outsider, an excluded person or a bystander could learn although the matter is confidential."""

import pytest

from common.actor import Actor
from concerns.actions.correcting import categorise, publish, relocate
from concerns.actions.filing import Filed, follow_ticket
from concerns.actions.joining import detach_concern, join, split
from concerns.actions.safeguarding import encircle, exclude, restrict
from concerns.actions.words import reply, send_message
from concerns.actions.working import accept, assign
from concerns.enums import Channel
from concerns.errors import Invalid, NotAllowed, NotFound
from concerns.models import Concern, Exclusion, Ticket
from concerns.queries.approval import approvers_of
from concerns.queries.tickets import ticket_detail
from concerns.queries.visible import visible
from departments.enums import Capability
from tests.factories.matters import CircleFactory, CircleMemberFactory
from tests.support.stages import RITA, in_progress
from tests.support.town import Place, Town, file, fresh

LEADS = "leads"


@pytest.fixture
def leads(town: Town) -> Town:
    """A circle of the team leads and dispatchers of the whole town, and Carl by name."""
    circle = CircleFactory(key=LEADS)
    for capability, office in ((Capability.TEAM_LEAD, "streets"), (Capability.DISPATCHER, "town")):
        CircleMemberFactory(circle=circle, capability=capability, department=town.office(office))
    CircleMemberFactory(circle=circle, user=town.people["carl"])
    return town


def secret(town: Town, **more: str) -> Filed:
    filed = file(category="pothole", email=RITA, **more)
    encircle(actor=town.actor("tess"), ticket_id=filed.ticket.pk, circle_key=LEADS)
    return filed


def sees(town: Town, name: str, ticket: Ticket) -> bool:
    return visible(town.actor(name)).filter(pk=ticket.pk).exists()


def test_assign_refuses_an_excluded_person(leads: Town) -> None:
    filed = file()
    exclude(actor=leads.actor("tess"), ticket_id=filed.ticket.pk, user_id=leads.people["carl"].pk)

    with pytest.raises(Invalid):
        assign(
            actor=leads.actor("tess"), ticket_id=filed.ticket.pk, user_id=leads.people["carl"].pk
        )

    assert fresh(filed.ticket).assignee_id is None


def test_assign_refuses_a_colleague_outside_the_circle_and_admits_one_inside(leads: Town) -> None:
    filed = secret(leads)
    tess = leads.actor("tess")

    with pytest.raises(Invalid):
        assign(actor=tess, ticket_id=filed.ticket.pk, user_id=leads.people["clara"].pk)
    assign(actor=tess, ticket_id=filed.ticket.pk, user_id=leads.people["carl"].pk)

    assert fresh(filed.ticket).assignee_id == leads.people["carl"].pk


def test_encircle_takes_the_ticket_off_a_clerk_who_no_longer_sees_it(leads: Town) -> None:
    filed = file()
    accept(actor=leads.actor("clara"), ticket_id=filed.ticket.pk)

    encircle(actor=leads.actor("clara"), ticket_id=filed.ticket.pk, circle_key=LEADS)

    assert fresh(filed.ticket).assignee_id is None


def test_encircle_leaves_the_ticket_with_a_clerk_of_the_circle(leads: Town) -> None:
    filed = file()
    accept(actor=leads.actor("carl"), ticket_id=filed.ticket.pk)

    encircle(actor=leads.actor("carl"), ticket_id=filed.ticket.pk, circle_key=LEADS)

    assert fresh(filed.ticket).assignee_id == leads.people["carl"].pk


def test_encircle_elsewhere_needs_the_right_to_lift(leads: Town) -> None:
    filed = secret(leads)
    CircleFactory(key="wide")

    with pytest.raises(NotAllowed):
        encircle(actor=leads.actor("carl"), ticket_id=filed.ticket.pk, circle_key="wide")


def test_join_keeps_excluded_persons_out_of_the_lead(leads: Town) -> None:
    filed, lead = secret(leads), secret(leads)
    exclude(actor=leads.actor("tess"), ticket_id=filed.ticket.pk, user_id=leads.people["carl"].pk)
    assert sees(leads, "carl", lead.ticket)

    join(actor=leads.actor("tess"), ticket_id=filed.ticket.pk, lead_id=lead.ticket.pk)

    assert not sees(leads, "carl", lead.ticket)


def test_split_keeps_excluded_persons_out_of_the_second_ticket(leads: Town) -> None:
    filed = secret(leads)
    exclude(actor=leads.actor("tess"), ticket_id=filed.ticket.pk, user_id=leads.people["carl"].pk)

    second = split(actor=leads.actor("tess"), concern_id=filed.concern.pk, words="And the tree.")

    assert second.circle_id == fresh(filed.ticket).circle_id
    assert not sees(leads, "carl", second)


def test_detach_keeps_excluded_persons_out_of_both_tickets(leads: Town) -> None:
    filed, lead = secret(leads), secret(leads)
    join(actor=leads.actor("tess"), ticket_id=filed.ticket.pk, lead_id=lead.ticket.pk)
    exclude(actor=leads.actor("tess"), ticket_id=lead.ticket.pk, user_id=leads.people["carl"].pk)

    own = detach_concern(actor=leads.actor("dora"), concern_id=filed.concern.pk)
    other = detach_concern_of_two(leads, lead)

    assert not sees(leads, "carl", own)
    assert not sees(leads, "carl", other)


def detach_concern_of_two(town: Town, lead: Filed) -> Ticket:
    """The lead's own concern detached from it, which needs a new ticket."""
    another = secret(town)
    Exclusion.objects.get_or_create(ticket=another.ticket, user=town.people["carl"])
    join(actor=town.actor("tess"), ticket_id=another.ticket.pk, lead_id=lead.ticket.pk)
    return detach_concern(actor=town.actor("dora"), concern_id=lead.concern.pk)


def test_a_restricted_ticket_is_joined_to_no_other_and_takes_none_in(town: Town) -> None:
    filed, lead = file(), file()
    restrict(actor=town.actor("alma"), ticket_id=filed.ticket.pk, reason="disputed")

    for one, other in ((filed, lead), (lead, filed)):
        with pytest.raises((Invalid, NotFound)):
            join(actor=actor_of_all(town), ticket_id=one.ticket.pk, lead_id=other.ticket.pk)


def actor_of_all(town: Town) -> Actor:
    """Alma with every capability: she sees the restricted ticket and may join."""
    alma = town.actor("alma")
    return Actor(
        kind=alma.kind,
        ref=alma.ref,
        user_id=alma.user_id,
        grants=alma.grants | town.actor("dora").grants,
    )


def test_a_concern_split_off_a_restricted_ticket_is_restricted_too(town: Town) -> None:
    filed = file()
    restrict(actor=town.actor("alma"), ticket_id=filed.ticket.pk, reason="disputed")

    second = split(actor=actor_of_all(town), concern_id=filed.concern.pk, words="And the tree.")

    assert fresh(second).restricted_at is not None
    assert not sees(town, "dora", second)


def test_the_conversation_of_a_concern_goes_with_it_into_the_circle(leads: Town) -> None:
    filed = file()
    lead = file(email="leo@people.example")
    join(actor=leads.actor("tess"), ticket_id=filed.ticket.pk, lead_id=lead.ticket.pk)
    reply(concern_id=filed.concern.pk, text="The head of Streets did this himself.")
    reply(concern_id=lead.concern.pk, text="It is deep.")
    own = detach_concern(actor=leads.actor("dora"), concern_id=filed.concern.pk)
    encircle(actor=leads.actor("tess"), ticket_id=own.pk, circle_key=LEADS)

    shown = ticket_detail(leads.actor("clara"), lead.ticket.pk).messages

    assert [message.text for message in shown] == ["It is deep."]
    assert [message.text for message in ticket_detail(leads.actor("tess"), own.pk).messages] == [
        "The head of Streets did this himself."
    ]


def test_categorise_as_confidential_hides_the_ticket_at_once(town: Town) -> None:
    filed = file(category="noise")
    publish(actor=town.actor("dora"), ticket_id=filed.ticket.pk)
    assert sees(town, "dora", filed.ticket)

    categorise(actor=town.actor("dora"), ticket_id=filed.ticket.pk, category="staff")

    assert fresh(filed.ticket).circle_id == town.circle.pk
    assert not sees(town, "dora", filed.ticket)
    assert not filed.ticket.publications.filter(withdrawn_at__isnull=True).exists()


def test_following_says_the_same_of_a_ticket_that_is_not_published_and_of_none(town: Town) -> None:
    filed = file()

    said = set()
    for ticket_id in (filed.ticket.pk, filed.ticket.pk + 1000):
        with pytest.raises(Exception) as refusal:  # noqa: PT011
            follow_ticket(
                actor=Actor.anonymous(),
                ticket_id=ticket_id,
                channel=Channel.PORTAL,
                language="en",
                contact={},
            )
        said.add((type(refusal.value), str(refusal.value)))

    assert len(said) == 1
    assert Concern.objects.count() == 1


def test_a_closed_account_in_the_circle_approves_nothing(town: Town) -> None:
    filed = in_progress(town, category="staff", worker="petra")
    town.people["petra"].is_active = False
    town.people["petra"].save()

    assert approvers_of(fresh(filed.ticket)) == {town.people["max"].pk}


def test_a_new_ticket_of_a_detached_concern_is_named_after_its_own_place(town: Town) -> None:
    lead, other = file(), file()
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)
    hill = Place(address="Hill Road 9", lat=54.05, lon=-0.95)
    relocate(actor=town.actor("carl"), ticket_id=lead.ticket.pk, place=hill)

    own = detach_concern(actor=town.actor("dora"), concern_id=lead.concern.pk)

    assert own.pk != lead.ticket.pk
    assert fresh(own).title.endswith(", Quay Street 5")


def test_messages_reach_only_whom_they_name(town: Town) -> None:
    filed = file(email=RITA)
    stranger = file(email="leo@people.example")

    with pytest.raises(Invalid):
        send_message(
            actor=town.actor("carl"),
            ticket_id=filed.ticket.pk,
            text="Hello.",
            concern_ids=[stranger.concern.pk],
        )
