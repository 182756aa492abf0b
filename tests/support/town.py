"""Northmoor, the invented city of the tests: its offices, its people by name, and what they can be told.

Dora dispatches for the whole city; Carl and Clara are clerks of Streets, Tess leads them; Paul is a clerk of Parks;
Ada approves for Streets, Hanna heads Public Works above it; Alma is administrator; Petra is the personnel circle;
Norman works for nobody; Iris is a clerk of IT.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from common.actor import Actor
from concerns.actions.filing import Consent, Filed, Filing, Place, file_concern
from concerns.enums import Audience, Channel, Kind
from concerns.models import Category, Circle, Ticket
from departments.enums import Capability
from departments.models import Department
from departments.queries import actor_for
from geography.models import District
from tests.factories.matters import (
    CategoryFactory,
    CircleFactory,
    CircleMemberFactory,
    RoutingRuleFactory,
)
from tests.factories.organisation import (
    DepartmentFactory,
    DistrictFactory,
    MembershipFactory,
    UserFactory,
)

# A point in Harbour district, and one far outside the city.
HARBOUR = Place(address="Quay Street 5", lat=54.05, lon=-0.95)
OUTSIDE = Place(address="Elsewhere 1", lat=10.0, lon=10.0)


@dataclass(frozen=True)
class Town:
    """Every office and person of Northmoor by name."""

    offices: dict[str, Department]
    people: dict[str, User]
    categories: dict[str, Category]
    districts: dict[str, District]
    circle: Circle

    def actor(self, name: str) -> Actor:
        """The actor a person is at this moment, with the grants they have now."""
        return actor_for(self.people[name])

    def office(self, key: str) -> Department:
        return self.offices[key]


def build_town() -> Town:
    offices = build_offices()
    people = build_people(offices)
    circle = CircleFactory(key="personnel")
    CircleMemberFactory(circle=circle, user=people["petra"])
    CircleMemberFactory(circle=circle, capability=Capability.MANAGER, department=offices["town"])
    districts = {
        "northmoor": DistrictFactory(
            key="northmoor", level=District.Level.CITY, box=(-1.0, 54.0, -0.8, 54.1)
        ),
        "harbour": DistrictFactory(key="harbour", box=(-1.0, 54.0, -0.9, 54.1)),
        "hill": DistrictFactory(key="hill", box=(-0.9, 54.0, -0.8, 54.1)),
    }
    categories = build_categories(offices, circle)
    RoutingRuleFactory(
        key="potholes", category=categories["pothole"], department=offices["streets"]
    )
    RoutingRuleFactory(key="trees", category=categories["tree"], department=offices["parks"])
    return Town(offices, people, categories, districts, circle)


def build_offices() -> dict[str, Department]:
    town = DepartmentFactory(key="town")
    works = DepartmentFactory(key="public-works", parent=town)
    return {
        "town": town,
        "public-works": works,
        "streets": DepartmentFactory(key="streets", parent=works),
        "parks": DepartmentFactory(key="parks", parent=works),
        "order": DepartmentFactory(key="order", parent=town),
        "it": DepartmentFactory(key="it", parent=town),
    }


def build_people(offices: Mapping[str, Department]) -> dict[str, User]:
    duties = {
        "dora": (Capability.DISPATCHER, "town"),
        "dirk": (Capability.DISPATCHER, "town"),
        "carl": (Capability.CLERK, "streets"),
        "clara": (Capability.CLERK, "streets"),
        "tess": (Capability.TEAM_LEAD, "streets"),
        "paul": (Capability.CLERK, "parks"),
        "ada": (Capability.APPROVER, "streets"),
        "hanna": (Capability.APPROVER, "public-works"),
        "max": (Capability.MANAGER, "town"),
        "alma": (Capability.ADMIN, "town"),
        "petra": (Capability.CLERK, "town"),
        "iris": (Capability.CLERK, "it"),
    }
    people = {name: UserFactory(name=name.title()) for name in (*duties, "norman")}
    for name, (capability, office) in duties.items():
        if name != "petra":
            MembershipFactory(user=people[name], department=offices[office], capability=capability)
    return people


def build_categories(offices: Mapping[str, Department], circle: Circle) -> dict[str, Category]:
    streets, order = offices["streets"], offices["order"]
    return {
        "pothole": CategoryFactory(slug="pothole", needs_place=True),
        "tree": CategoryFactory(slug="tree"),
        "noise": CategoryFactory(slug="noise", kind=Kind.COMPLAINT, default_department=order),
        "other": CategoryFactory(slug="other", kind=Kind.REQUEST),
        "appeal": CategoryFactory(slug="appeal", default_department=streets, needs_approval=True),
        "staff": CategoryFactory(
            slug="staff", kind=Kind.COMPLAINT, default_department=streets, circle=circle
        ),
        "it-incident": CategoryFactory(
            slug="it-incident",
            kind=Kind.INCIDENT,
            audience=Audience.INTERNAL,
            default_department=offices["it"],
        ),
    }


def file(
    words: str = "There is a deep hole in the road.",
    *,
    category: str = "pothole",
    email: str = "",
    name: str = "",
    place: Place = HARBOUR,
    actor: Actor | None = None,
    channel: Channel = Channel.PORTAL,
    language: str = "en",
    onto: int | None = None,
    **more: Any,
) -> Filed:
    """File a concern as the portal would; with an e-mail address its person is reachable."""
    contact = {key: value for key, value in {"email": email, "name": name}.items() if value}
    filing = Filing(
        words=words,
        channel=channel,
        language=language,
        category=category,
        place=place,
        contact=contact,
        consent=Consent(),
        **more,
    )
    return file_concern(actor=actor or Actor.anonymous(), filing=filing, onto=onto)


def fresh(ticket: Ticket) -> Ticket:
    """The ticket as it stands in the database now."""
    return Ticket.objects.get(pk=ticket.pk)
