# ruff: noqa: E501 - the tables hold whole sentences
"""Loading a city: files become rows, all or nothing, and every mistake is named with its remedy."""

import datetime as dt
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection

from common.actor import Actor
from common.city_files import CityDataRefused
from common.city_rows import Tally
from common.clock import now, today
from common.icons import CATEGORY_ICONS
from concerns.actions.city import load_city
from concerns.actions.rule_sets import LOCK
from concerns.actions.screening import discard
from concerns.conditions import Matter
from concerns.enums import Audience, Channel, Kind, Priority
from concerns.keywords import Text
from concerns.models import Category, Cause, Circle, Note, Partner, Referral, RoutingRule, Ticket
from concerns.routing import decide
from departments.models import Calendar, Department
from departments.queries import actor_for
from geography.models import Address, District
from geography.queries import locate
from tests.factories.organisation import MembershipFactory, UserFactory
from tests.support.calendars import owed
from tests.support.city_folder import CityFolder
from tests.support.town import Place, file

pytestmark = pytest.mark.django_db
SHIPPED = sorted(path.parent for path in (settings.BASE_DIR / "cities").glob("*/city.yaml"))
TABLES = (Calendar, Department, District, Circle, Cause, Category, RoutingRule, Address)
HARBOUR = {"lat": 54.07, "lon": -0.95}
HILL = {"lat": 54.07, "lon": -0.85}
ICON_PROBLEM = (
    "categories.yaml: category 'streets-and-paths': icon: 'raod' is not one of "
    f"{', '.join(CATEGORY_ICONS)}. Did you mean 'road'?"
)


@pytest.fixture
def folder(tmp_path: Path) -> CityFolder:
    return CityFolder(tmp_path)


@pytest.fixture
def loaded(folder: CityFolder) -> CityFolder:
    load_city(folder=folder.path)
    return folder


def tally_of(noun: str, folder: CityFolder) -> Tally:
    """Load the folder; what happened to one sort of rows."""
    return next(tally for tally in load_city(folder=folder.path) if tally.noun == noun)


def noisy(tallies: list[Tally]) -> list[Tally]:
    return [tally for tally in tallies if not tally.is_quiet]


def problems_of(folder: CityFolder) -> list[str]:
    with pytest.raises(CityDataRefused) as refusal:
        load_city(folder=folder.path)
    return [problem.removeprefix(f"{folder.path}/") for problem in refusal.value.problems]


def someone(capability: str) -> Actor:
    """An employee who may do this in the whole town."""
    town = Department.objects.get(key="town")
    user = UserFactory()
    MembershipFactory(user=user, department=town, capability=capability)
    return actor_for(user)


def category(slug: str) -> Category:
    return Category.objects.get(slug=slug)


def rule(key: str) -> RoutingRule:
    return RoutingRule.objects.get(key=key)


# Loading


def test_load_city_makes_rows_of_everything(folder: CityFolder) -> None:
    tallies = load_city(folder=folder.path)

    counted = {tally.noun: len(tally.created) for tally in tallies}
    assert counted == {
        "calendars": 2,
        "departments": 13,
        "areas": 6,
        "circles": 1,
        "circle members": 3,
        "causes": 3,
        "partners": 2,
        "categories": 18,
        "rules": 12,
        "addresses": 8,
    }
    assert [table.objects.count() for table in TABLES] == [2, 13, 6, 1, 3, 18, 12, 8]


def test_load_city_a_second_time_changes_nothing(loaded: CityFolder) -> None:
    before = [list(table.objects.order_by("pk").values()) for table in TABLES]

    assert noisy(load_city(folder=loaded.path)) == []
    assert [list(table.objects.order_by("pk").values()) for table in TABLES] == before


# What the product ships, so that nobody loses a category by a slip: public and internal ones, and the rest in TABLES.
SHIPPED_COUNTS = {
    "konstanz": (29, 0, [2, 16, 16, 0, 5, 29, 47, 23]),
    "wuppertal": (72, 12, [3, 27, 80, 1, 8, 84, 45, 169]),
}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_load_city_loads_what_the_product_ships(path: Path, settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"

    load_city(folder=path)

    public, internal, counts = SHIPPED_COUNTS[path.name]
    assert Category.objects.filter(audience=Audience.PUBLIC).count() == public
    assert Category.objects.filter(audience=Audience.INTERNAL).count() == internal
    assert [table.objects.count() for table in TABLES] == counts
    assert noisy(load_city(folder=path)) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_what_the_product_ships_explains_every_category_with_an_icon(path: Path, settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    load_city(folder=path)

    silent = [one.slug for one in Category.objects.all() if not (one.descriptions and one.icon)]

    assert silent == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_places_the_product_ships_lie_in_a_district(path: Path, settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    load_city(folder=path)

    assert list(Address.objects.filter(district=None).values_list("label", flat=True)) == []


def test_load_city_stores_a_category_with_what_it_takes_over(loaded: CityFolder) -> None:
    pothole = category("pothole")

    assert pothole.parent == category("streets-and-paths")
    assert pothole.path == f"/{pothole.parent_id}/{pothole.pk}/"
    assert (pothole.kind, pothole.audience) == (Kind.DEFECT, Audience.PUBLIC)
    assert pothole.default_department.key == "streets"
    assert (pothole.needs_place, pothole.needs_approval, pothole.circle) == (True, False, None)
    assert pothole.targets == owed("2 working days", "10 working days")
    assert category("street-light").targets == owed("2 working days", "15 working days")
    urgent = {2: {"first_response": "1 working hour", "resolution": "6 working hours"}}
    assert category("fallen-tree").targets == owed("4 working hours", "2 working days", urgent)
    assert category("complaint-staff").targets["resolution"] == {
        "amount": 3,
        "unit": "months",
        "roll_forward": True,
    }
    assert [question["key"] for question in pothole.questions] == ["surface", "depth"]
    assert category("complaint-staff").circle.key == "staff-complaints"
    assert category("it-order").kind == Kind.ORDER
    assert category("it-order").audience == Audience.INTERNAL
    assert category("other").default_department is None


def test_load_city_stores_where_people_are_sent_instead(loaded: CityFolder) -> None:
    assert category("buses").redirect == {
        "words": {
            "en": "Mere Buses runs the buses and answers you directly.",
            "de": "Die Busse fährt Mere Buses und antwortet Ihnen direkt.",
        },
        "body": "bus-company",
    }
    assert category("noise").redirect == {}
    (question,) = category("noise").questions
    assert [stop["is"] for stop in question["stops"]] == [True]


def test_load_city_hands_redirect_and_icon_down(loaded: CityFolder) -> None:
    child = "  children:\n    - {key: night-buses, names: {en: Night buses, de: Nachtbusse}}\n"
    lift = "    - {key: stops, names: {en: Stops, de: Haltestellen}, icon: sign, redirect: null}\n"
    loaded.replace(
        "categories.yaml", "    body: bus-company\n", f"    body: bus-company\n{child}{lift}"
    )

    load_city(folder=loaded.path)

    assert category("night-buses").redirect == category("buses").redirect
    assert [category(slug).icon for slug in ("night-buses", "stops")] == ["bus", "sign"]
    assert category("stops").redirect == {}


def test_load_city_keeps_the_order_of_the_file(loaded: CityFolder) -> None:
    whole = loaded.read("categories.yaml")
    waste = whole[whole.index("- key: missed-bin") : whole.index("- key: noise")]
    loaded.write("categories.yaml", waste + whole.replace(waste, ""))

    load_city(folder=loaded.path)

    in_order = Category.objects.order_by("position").values_list("slug", flat=True)
    assert list(in_order[:3]) == ["missed-bin", "streets-and-paths", "pothole"]


def test_load_city_stores_a_rule_with_all_conditions(loaded: CityFolder) -> None:
    lamps = rule("street-light-harbour")

    assert (lamps.category, lamps.district.key) == (category("street-light"), "harbour")
    assert (lamps.department.key, lamps.version, lamps.active) == ("harbour-office", 1, True)
    assert rule("playground-glass").keywords == ["glass", "glas"]
    assert rule("praise").kind == Kind.PRAISE
    assert rule("internal").audience == Audience.INTERNAL
    assert rule("noise-works").priority == 5
    tree = rule("fallen-tree-night")
    assert (tree.channel, tree.answers) == (Channel.PHONE, {"blocks-road": [True]})
    assert (tree.weekdays, tree.hours) == ([5, 6], ["22:00", "06:00"])
    assert (tree.area["type"], tree.ticket_priority) == ("Polygon", Priority.URGENT)


@pytest.mark.parametrize(
    ("slug", "place", "text", "department", "by"),
    [
        ("pothole", HILL, "A hole", "streets", "rule"),
        ("street-light", HARBOUR, "It is dark", "harbour-office", "rule"),
        ("street-light", HILL, "It is dark", "streets", "rule"),
        ("fallen-tree", HILL, "A tree fell", "parks", "category"),
        ("fallen-tree", HILL, "A tree fell on the rubbish", "waste", "rule"),
        ("playground", HILL, "Glass everywhere", "waste", "rule"),
        ("playground", HILL, "The swing is broken", "parks", "rule"),
        ("playground", HILL, "Glass below the swing", None, "tie"),
        ("noise", HILL, "They drill all night", "streets", "rule"),
        ("other", HILL, "Something", None, "nothing"),
    ],
)
def test_load_city_gives_rules_that_decide(
    loaded: CityFolder,
    slug: str,
    place: dict[str, float],
    text: str,
    department: str | None,
    by: str,
) -> None:
    at, about = locate(**place), category(slug)
    areas = tuple(area.pk for area in (at.district, at.quarter) if area)

    matter = Matter(about, about.kind, about.audience, areas, Text(text), now())

    decision = decide(matter, RoutingRule.objects.all())

    assert (decision.department.key if decision.department else None, decision.why["by"]) == (
        department,
        by,
    )


def test_load_city_waits_while_another_load_is_under_way(folder: CityFolder) -> None:
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")

        with pytest.raises(OperationalError, match="lock timeout"):
            load_city(folder=folder.path)


# Changing


def test_load_city_raises_the_version_of_a_rule_that_says_something_else(
    loaded: CityFolder,
) -> None:
    loaded.replace("rules.yaml", "keywords: [rubbish, litter, müll]", "keywords: [rubbish]")

    assert tally_of("rules", loaded) == Tally(
        "rules", changed={"park-rubbish": ["keywords", "version"]}, unchanged=11
    )
    assert (rule("park-rubbish").version, rule("park-rubbish").keywords) == (2, ["rubbish"])
    assert rule("pothole").version == 1


def test_load_city_switches_off_a_rule_that_left_the_file_and_on_again(loaded: CityFolder) -> None:
    whole = loaded.read("rules.yaml")
    loaded.write("rules.yaml", whole[: whole.index("# Whoever is treated badly")])

    assert tally_of("rules", loaded) == Tally("rules", retired=["benefit-rudeness"], unchanged=11)
    gone = rule("benefit-rudeness")
    assert (gone.active, gone.version) == (False, 1)
    assert tally_of("rules", loaded) == Tally("rules", unchanged=11)

    loaded.write("rules.yaml", whole)
    assert tally_of("rules", loaded) == Tally(
        "rules", changed={"benefit-rudeness": ["active"]}, unchanged=11
    )
    assert (rule("benefit-rudeness").active, rule("benefit-rudeness").version) == (True, 1)


def without_idea(folder: CityFolder) -> str:
    """Take the category out of the file; the file as it was before."""
    whole = folder.read("categories.yaml")
    idea = whole[whole.index("- key: idea") : whole.index("\n- key: other") + 1]
    folder.write("categories.yaml", whole.replace(idea, ""))
    return whole


def test_load_city_deletes_a_category_that_left_the_file_unused(loaded: CityFolder) -> None:
    without_idea(loaded)

    tally = tally_of("categories", loaded)

    moved = ["other", "it-support", "it-incident", "it-order", "workplace"]
    wanted = Tally("categories", deleted=["idea"], unchanged=12)
    wanted.changed = {slug: ["position"] for slug in moved}
    assert tally == wanted
    assert not Category.objects.filter(slug="idea").exists()


def test_load_city_retires_a_category_that_left_the_file_with_tickets(loaded: CityFolder) -> None:
    file("Plant more trees.", category="idea", place=Place())
    whole = without_idea(loaded)

    assert tally_of("categories", loaded).retired == ["idea"]
    assert category("idea").retired is True
    assert tally_of("categories", loaded) == Tally("categories", unchanged=17)

    loaded.write("categories.yaml", whole)
    assert tally_of("categories", loaded).changed["idea"] == ["retired"]
    assert category("idea").retired is False


def test_load_city_deletes_a_branch_from_its_leaves(loaded: CityFolder) -> None:
    whole = loaded.read("categories.yaml")
    loaded.write("categories.yaml", whole[: whole.index("- key: it-support")])

    assert tally_of("categories", loaded) == Tally(
        "categories",
        deleted=["it-incident", "it-order", "workplace", "it-support"],
        unchanged=14,
    )


def test_load_city_keeps_the_branch_of_a_category_with_tickets(loaded: CityFolder) -> None:
    file("The screen is dark.", category="it-incident", place=Place(), actor=someone("clerk"))
    whole = loaded.read("categories.yaml")
    loaded.write("categories.yaml", whole[: whole.index("- key: it-support")])

    tally = tally_of("categories", loaded)

    assert (tally.retired, tally.deleted) == (
        ["it-support", "it-incident"],
        ["it-order", "workplace"],
    )


def end_with(cause: str) -> None:
    file("It fell over.", category="other", place=Place())
    Ticket.objects.update(cause=Cause.objects.get(key=cause))


def test_load_city_retires_a_partner_that_was_passed_tickets(loaded: CityFolder) -> None:
    ticket = file("It fell over.", category="other", place=Place()).ticket
    note = Note.objects.create(ticket=ticket, text="Yours?")
    water = Partner.objects.get(key="moor-water")
    Referral.objects.create(ticket=ticket, partner=water, note=note)
    loaded.write("partners.yaml", "[]\n")

    assert tally_of("partners", loaded) == Tally(
        "partners", retired=["moor-water"], deleted=["motorways"]
    )
    water.refresh_from_db()
    assert water.retired is True


@pytest.mark.parametrize(
    ("line", "by", "what"),
    [
        ("email: desk@motorways.invalid", "email: desk", "is no e-mail address"),
        ("email: desk@motorways.invalid", "language: en", "'email' is missing"),
        ("email: desk@motorways.invalid", "email: a@b.invalid\n  language: tlh", "language: 'tlh'"),
    ],
)
def test_load_city_names_what_is_wrong_with_a_partner(
    loaded: CityFolder, line: str, by: str, what: str
) -> None:
    loaded.replace("partners.yaml", line, by)

    [problem] = problems_of(loaded)

    assert problem.startswith("partners.yaml: partner 'motorways': ")
    assert what in problem


def test_load_city_retires_a_cause_that_left_the_file_with_tickets(loaded: CityFolder) -> None:
    end_with("storm")
    whole = loaded.read("causes.yaml")
    loaded.write("causes.yaml", whole[: whole.index("- key: vandalism")])

    assert tally_of("causes", loaded) == Tally(
        "causes", retired=["storm"], deleted=["vandalism"], unchanged=1
    )
    assert Cause.objects.get(key="storm").retired is True

    loaded.write("causes.yaml", whole)
    assert tally_of("causes", loaded) == Tally(
        "causes", created=["vandalism"], changed={"storm": ["retired"]}, unchanged=1
    )


def test_load_city_moves_a_category_with_its_path(loaded: CityFolder) -> None:
    whole = loaded.read("categories.yaml")
    start, end = whole.index("    - key: playground"), whole.index("- key: missed-bin")
    lines = whole[start:end].splitlines()
    on_its_own = "\n".join(line.removeprefix("    ") for line in lines) + "\n"
    loaded.write("categories.yaml", whole[:start] + on_its_own + whole[end:])

    load_city(folder=loaded.path)

    playground = category("playground")
    assert (playground.parent, playground.path) == (None, f"/{playground.pk}/")
    assert playground.default_department is None


def test_load_city_changes_members_by_capability_and_leaves_people_alone(
    loaded: CityFolder,
) -> None:
    circle = Circle.objects.get(key="staff-complaints")
    petra = UserFactory(name="Petra")
    circle.members.create(user=petra)
    loaded.replace(
        "circles.yaml",
        "{capability: approver, department: conduct}",
        "{capability: manager, department: town}",
    )

    assert tally_of("circle members", loaded) == Tally(
        "circle members",
        created=["staff-complaints: manager of town"],
        deleted=["staff-complaints: approver of conduct"],
        unchanged=2,
    )
    members = circle.members.order_by("capability").values_list(
        "capability", "department__key", "user"
    )
    assert list(members) == [
        ("", None, petra.pk),
        ("clerk", "conduct", None),
        ("manager", "town", None),
        ("team_lead", "conduct", None),
    ]


def without_circle(folder: CityFolder) -> None:
    folder.write("circles.yaml", "[]")
    folder.replace("categories.yaml", "  circle: staff-complaints\n", "")
    folder.replace("rules.yaml", "  circle: staff-complaints\n", "")


def test_load_city_deletes_a_circle_nothing_is_confidential_by(loaded: CityFolder) -> None:
    without_circle(loaded)

    assert tally_of("circles", loaded) == Tally("circles", deleted=["staff-complaints"])
    assert not Circle.objects.exists()


def test_load_city_keeps_a_circle_that_tickets_are_confidential_by(loaded: CityFolder) -> None:
    file("He was rude to me.", category="complaint-staff", place=Place())
    without_circle(loaded)

    load_city(folder=loaded.path)
    load_city(folder=loaded.path)

    assert Ticket.objects.get().circle == Circle.objects.get(key="staff-complaints")
    assert Circle.objects.get().members.count() == 3


# Departments that end while they have work


def file_fallen_tree() -> Ticket:
    file(
        "It lies on the road.",
        category="fallen-tree",
        answers={"blocks-road": True},
        place=Place(**HILL),
    )
    return Ticket.objects.get()


def without_parks(folder: CityFolder) -> None:
    whole = folder.read("departments.yaml")
    start, end = whole.index("        - key: parks"), whole.index("        - key: waste")
    folder.write("departments.yaml", whole[:start] + whole[end:])
    folder.replace("categories.yaml", "default_department: parks", "default_department: streets")
    folder.replace("rules.yaml", "department: parks", "department: streets")


def test_load_city_demands_a_successor_for_a_department_with_open_tickets(
    loaded: CityFolder,
) -> None:
    file_fallen_tree()
    without_parks(loaded)

    assert problems_of(loaded) == [
        "departments.yaml: department 'parks': ends while tickets are open with it (1); nobody takes them over. Keep it in the file, with the last day as valid_until and, as successor, a department that goes on.",
    ]
    assert Department.objects.get(key="parks").is_retired is False


def ending_parks(folder: CityFolder, until: str, successor: str = "") -> None:
    number = '          number: "22"\n'
    heir = f"          successor: {successor}\n" if successor else ""
    folder.replace("departments.yaml", number, f'{number}          valid_until: "{until}"\n{heir}')
    folder.replace("categories.yaml", "default_department: parks", "default_department: streets")
    folder.replace("rules.yaml", "department: parks", "department: streets")


@pytest.mark.parametrize("until", ["2026-01-31", "2099-12-31"])
def test_load_city_demands_a_successor_for_a_department_the_file_ends(
    loaded: CityFolder, until: str
) -> None:
    file_fallen_tree()
    ending_parks(loaded, until)

    (problem,) = problems_of(loaded)
    assert problem.startswith("departments.yaml: department 'parks': ends while tickets are open")


@pytest.mark.parametrize("heir", ["lighting", "parks-of-old"])
def test_load_city_demands_a_successor_that_goes_on(loaded: CityFolder, heir: str) -> None:
    file_fallen_tree()
    ending_parks(loaded, "2026-01-31", heir)
    loaded.replace("departments.yaml", '2025-12-31"\n      successor: streets', '2025-12-31"')

    assert any("ends while tickets are open with it (1)" in told for told in problems_of(loaded))


def test_load_city_ends_a_department_whose_successor_is_named(loaded: CityFolder) -> None:
    ticket = file_fallen_tree()
    ending_parks(loaded, "2026-01-31", "streets")

    assert tally_of("departments", loaded) == Tally(
        "departments", changed={"parks": ["valid_until", "successor"]}, unchanged=12
    )
    parks = Department.objects.get(key="parks")
    assert (parks.is_retired, parks.successor.key) == (True, "streets")
    assert Ticket.objects.get() == ticket
    assert Ticket.objects.get().department == parks

    without = loaded.read("departments.yaml")
    start, end = without.index("        - key: parks"), without.index("        - key: waste")
    loaded.write("departments.yaml", without[:start] + without[end:])
    assert tally_of("departments", loaded) == Tally("departments", unchanged=12)


def test_load_city_deletes_a_department_that_never_had_work(loaded: CityFolder) -> None:
    without_parks(loaded)

    assert tally_of("departments", loaded) == Tally("departments", deleted=["parks"], unchanged=12)
    assert not Department.objects.filter(key="parks").exists()


def test_load_city_retires_a_department_that_had_work(loaded: CityFolder) -> None:
    ticket = file_fallen_tree()
    discard(actor=someone("dispatcher"), ticket_id=ticket.pk, reason="Advertising.")
    without_parks(loaded)

    assert tally_of("departments", loaded) == Tally("departments", retired=["parks"], unchanged=12)
    assert Department.objects.get(key="parks").valid_until == today() - dt.timedelta(days=1)
    assert tally_of("departments", loaded) == Tally("departments", unchanged=12)


# Trying


def test_a_dry_run_tells_what_the_load_then_does_and_changes_nothing(loaded: CityFolder) -> None:
    file_fallen_tree()
    ending_parks(loaded, "2026-01-31", "streets")
    without_idea(loaded)
    loaded.replace("rules.yaml", "keywords: [rubbish, litter, müll]", "keywords: [rubbish]")
    loaded.replace("addresses.csv", "Hill Park;;54.07;-0.86\n", "")
    before = [list(table.objects.order_by("pk").values()) for table in TABLES]

    told = load_city(folder=loaded.path, dry_run=True)

    assert [list(table.objects.order_by("pk").values()) for table in TABLES] == before
    assert noisy(told) != []
    assert load_city(folder=loaded.path) == told
    assert noisy(load_city(folder=loaded.path, dry_run=True)) == []


def test_a_dry_run_refuses_what_the_load_would_refuse(loaded: CityFolder) -> None:
    loaded.replace("rules.yaml", "district: harbour", "district: harber")

    with pytest.raises(CityDataRefused):
        load_city(folder=loaded.path, dry_run=True)


# Places


def test_load_city_changes_and_removes_its_own_places_only(loaded: CityFolder) -> None:
    Address.objects.filter(label="Town Hall").update(official=True, lat=54.06)
    loaded.replace("addresses.csv", "Quay Street;NM1;54.03;-0.97", "Quay Street;NM1;54.03;-0.96")
    loaded.replace("addresses.csv", "Mill Lane;NM2;54.02;-0.85\n", "")
    loaded.replace("addresses.csv", "Town Hall;NM1;54.051;-0.921\n", "")

    assert tally_of("addresses", loaded) == Tally(
        "addresses", changed={"Quay Street": ["lon"]}, deleted=["Mill Lane"], unchanged=5
    )
    assert Address.objects.get(label="Town Hall").lat == 54.06


def test_load_city_does_not_tell_of_places_the_official_list_tells_of(loaded: CityFolder) -> None:
    street = Address.objects.get(label="Quay Street")
    street.pk, street.postcode, street.official = None, "", True
    street.save()

    assert tally_of("addresses", loaded) == Tally("addresses", deleted=["Quay Street"], unchanged=7)
    assert Address.objects.get(label="Quay Street") == street


def test_load_city_finds_the_district_of_places_anew(loaded: CityFolder) -> None:
    loaded.replace(
        "districts.geojson",
        "[[[-0.8, 54.0], [-0.7, 54.0], [-0.7, 54.1], [-0.8, 54.1], [-0.8, 54.0]]]",
        "[[[-0.8, 54.0], [-0.7, 54.0], [-0.7, 54.05], [-0.8, 54.05], [-0.8, 54.0]]]",
    )
    Address.objects.filter(label="Moor Road").update(official=True)

    load_city(folder=loaded.path)

    assert Address.objects.get(label="Moor Road").district is None
    assert Address.objects.get(label="Mill Lane").district.key == "hill"


def test_load_city_can_do_without_places(folder: CityFolder) -> None:
    (folder.path / "addresses.csv").unlink()

    assert tally_of("addresses", folder) == Tally("addresses")


# Refusals


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("city.yaml", "zone: Europe/London", "zone: Europe/Berlin", "city.yaml: zone: zone 'Europe/Berlin' is not the installation's ('Europe/London'). Set TIME_ZONE=Europe/Berlin in the environment, or correct the file."),
        ("categories.yaml", "default_department: streets", "default_department: streats", "categories.yaml: category 'streets-and-paths': default_department 'streats' is not in departments.yaml. Did you mean 'streets'?"),
        ("categories.yaml", "default_department: waste", "default_department: lighting", "categories.yaml: category 'missed-bin': default_department 'lighting' was valid until 2025-12-31. Name 'streets', its successor."),
        ("categories.yaml", "circle: staff-complaints", "circle: staff", "categories.yaml: category 'complaint-staff': circle 'staff' is not in circles.yaml."),
        ("categories.yaml", "kind: idea", "kind: ideas", "categories.yaml: category 'idea': kind: 'ideas' is not one of defect, complaint, request, idea, praise, incident, order. Did you mean 'idea'?"),
        ("categories.yaml", "kind: incident\n  audience: internal", "kind: incident\n  audience: staff", "categories.yaml: category 'it-support': audience: 'staff' is not one of public, internal."),
        ("categories.yaml", "      kind: order\n", "      audience: public\n", "categories.yaml: category 'it-order': audience: must be 'internal' like that of 'it-support' above it."),
        ("categories.yaml", "names: {en: Noise, de: Lärm}", "names: {en: Noise}", "categories.yaml: category 'noise': names: the text in de is missing. Add it."),
        ("categories.yaml", "resolution: 3 working days\n", "resolution: 0 working days\n", "categories.yaml: category 'missed-bin': resolution: must not be zero. Write 1 or more."),
        ("categories.yaml", "resolution: 3 working days\n", "resolution: 3 weeks\n", "categories.yaml: category 'missed-bin': resolution: 'weeks' is no unit. Use one of working_hours, working_days, calendar_days, months."),
        ("categories.yaml", "resolution: 3 working days\n", "resolution_days: 3\n", "categories.yaml: category 'missed-bin': 'resolution_days' is not known here. Did you mean 'resolution'?"),
        ("categories.yaml", "        2:\n", "        urgent:\n", "categories.yaml: category 'fallen-tree': by_priority: 'urgent' is no priority; use a whole number from -1000 to 1000."),
        ("city.yaml", "accessibility_category: other", "accessibility_category: othr", "city.yaml: accessibility_category: 'othr' is no category of categories.yaml that citizens can file under. Did you mean 'other'?"),
        ("city.yaml", "accessibility_category: other", "accessibility_category: buses", "city.yaml: accessibility_category: 'buses' is no category of categories.yaml that citizens can file under."),
        ("city.yaml", "accessibility_category: other", "accessibility_category: it-order", "city.yaml: accessibility_category: 'it-order' is no category of categories.yaml that citizens can file under."),
        ("categories.yaml", "  icon: road\n", "  icon: raod\n", ICON_PROBLEM),
        ("categories.yaml", "keywords: [crater, Loch]", "keywords: [' Loch']", "categories.yaml: category 'pothole': keywords: entry ' Loch' must not have spaces around."),
        ("categories.yaml", "    body: bus-company", "    body: bus", "categories.yaml: category 'buses': redirect: body 'bus' is not among the bodies of city.yaml."),
        ("categories.yaml", "      de: Die Busse fährt Mere Buses und antwortet Ihnen direkt.\n", "", "categories.yaml: category 'buses': redirect: words: the text in de is missing. Add it."),
        ("categories.yaml", "  redirect:\n    words:", "  redirect:\n    wrods: x\n    words:", "categories.yaml: category 'buses': redirect: 'wrods' is not known here. Did you mean 'words'?"),
        ("categories.yaml", "    body: bus-company\n", "    body: bus-company\n  questions:\n    - {key: line, type: text, labels: {en: Line, de: Linie}}\n", "categories.yaml: category 'buses': questions: nobody answers them, because redirect sends people elsewhere. Remove one of the two."),
        ("categories.yaml", "          body: gas-company", "          body: gas-works", "categories.yaml: category 'smell': question 'smells-of': stops: body 'gas-works' is not among the bodies of city.yaml."),
        ("categories.yaml", "        - is: gas\n", "        - is: gaz\n", "categories.yaml: category 'smell': question 'smells-of': stops: 'gaz' is no answer to this question. Possible: gas, fire, other."),
        ("categories.yaml", "        - is: fire\n", "        - is: gas\n", "categories.yaml: category 'smell': question 'smells-of': stops: 'gas' stands here twice. Remove one."),
        ("categories.yaml", "        - is: fire\n          words:", "        - words:", "categories.yaml: category 'smell': question 'smells-of': stops: 'is' is missing. Add it."),
        ("categories.yaml", "            en: Please call 999 at once.\n", "", "categories.yaml: category 'smell': question 'smells-of': stops: words: the text in en is missing. Add it."),
        ("categories.yaml", "question: smells-of, is: other", "question: smells-of, is: fire", "categories.yaml: category 'smell': question 'how': when: the answer 'fire' to 'smells-of' stops the report, so nobody is asked this. Remove one."),
        ("categories.yaml", "        - is: true\n", "        - is: 1\n", "categories.yaml: category 'noise': question 'going-on': stops: '1' is no answer to this question. Possible: true, false."),
        ("categories.yaml", '          type: number\n          labels: {en: "How deep', '          type: number\n          stops: [{is: deep, words: {en: Stop, de: Halt}}]\n          labels: {en: "How deep', "categories.yaml: category 'pothole': question 'depth': stops: only choice, choices and yes_no have answers known beforehand."),
        ("categories.yaml", "            de: Sie steht auf einem kleinen Schild in Augenhöhe.\n", "", "categories.yaml: category 'street-light': question 'lamp-number': hints: the text in de is missing. Add it."),
        ("departments.yaml", "waste@northmoor.invalid", "waste@.invalid", "departments.yaml: department 'waste': mailbox: 'waste@.test' is no e-mail address (An email address cannot have a period immediately after the @-sign.)"),
        ("addresses.csv", "54.05;-0.92\n", "54.05;west\n", "addresses.csv: line 3: lon: 'west' is no number."),
        ("addresses.csv", "Quay Street 5;", "quay-street 12A;", "addresses.csv: place 'Quay Street 12a': stands here twice (as 'quay-street 12A'). Remove one, or give both their postcodes."),
        ("addresses.csv", "label;postcode", "name;postcode", "addresses.csv: the file: has no column label. Its columns: name, postcode, lat, lon."),
        ("categories.yaml", 'type: number\n          labels: {en: "How deep', 'type: numbr\n          labels: {en: "How deep', "categories.yaml: category 'pothole': question 'depth': type: 'numbr' is not one of text, choice, choices, number, yes_no, date. Did you mean 'number'?"),
        ("categories.yaml", "question: surface, is: road", "question: surfaces, is: road", "categories.yaml: category 'pothole': question 'depth': when: 'surfaces' is no question further up. Did you mean 'surface'?"),
        ("categories.yaml", "question: surface, is: road", "question: depth, is: road", "categories.yaml: category 'pothole': question 'depth': when: 'depth' is no question further up."),
        ("categories.yaml", "question: surface, is: road", "question: surface, is: sky", "categories.yaml: category 'pothole': question 'depth': when: 'sky' is no answer to 'surface'. Possible: road, footpath, cycle-path."),
        ("categories.yaml", "question: surface, is: road", "is: road", "categories.yaml: category 'pothole': question 'depth': when: 'question' is missing. Add it."),
        ("categories.yaml", "question: blocks-road, is: true", "question: blocks-road, is: oak", "categories.yaml: category 'fallen-tree': question 'since': when: 'oak' is no answer to 'blocks-road'. Possible: true, false."),
        ("categories.yaml", "        - key: depth\n", "        - key: surface\n", "categories.yaml: category 'pothole': question 'surface': stands here twice. Give one of them another key."),
        ("categories.yaml", "            - key: slide\n", "            - key: swing\n", "categories.yaml: category 'playground': question 'broken': option 'swing' stands here twice. Give one of them another key."),
        ("categories.yaml", "type: choices", "type: text", "categories.yaml: category 'playground': question 'broken': options: choice and choices need some, other types have none."),
        ("categories.yaml", "      questions:\n        - key: lamp-number", "      questions:\n        - word\n        - key: lamp-number", "categories.yaml: category 'street-light': question '1': must be lines of the form key: value."),
        ("rules.yaml", "district: harbour", "district: harber", "rules.yaml: rule 'street-light-harbour': district 'harber' is not in districts.geojson. Did you mean 'harbour'?"),
        ("rules.yaml", "district: harbour", "district: northmoor", "rules.yaml: rule 'street-light-harbour': district 'northmoor' is the whole city. Leave it out: a rule without a district holds everywhere."),
        ("rules.yaml", "category: green-spaces", "category: green-space", "rules.yaml: rule 'park-rubbish': category 'green-space' is not in categories.yaml. Did you mean 'green-spaces'?"),
        ("rules.yaml", "department: harbour-office", "department: lighting", "rules.yaml: rule 'street-light-harbour': department 'lighting' was valid until 2025-12-31. Name 'streets', its successor."),
        ("rules.yaml", "[glass, glas]", "[Glass]", "rules.yaml: rule 'playground-glass': keywords: entry 'Glass' must be in small letters without spaces around."),
        ("rules.yaml", "[glass, glas]", "['']", "rules.yaml: rule 'playground-glass': keywords: entry '' must not be empty."),
        ("rules.yaml", "[glass, glas]", "glass", "rules.yaml: rule 'playground-glass': keywords: must be a list, one entry a line, each after a hyphen."),
        ("rules.yaml", "channel: phone", "channel: phon", "rules.yaml: rule 'fallen-tree-night': channel: 'phon' is not one of portal, api, phone, counter, mail, letter, chatbot, open311. Did you mean 'phone'?"),
        ("rules.yaml", "answers: {blocks-road: true}", "answers: {block-road: true}", "rules.yaml: rule 'fallen-tree-night': answers: 'block-road' is no question of category 'fallen-tree'. Did you mean 'blocks-road'?"),
        ("rules.yaml", "answers: {blocks-road: true}", "answers: {blocks-road: perhaps}", "rules.yaml: rule 'fallen-tree-night': answers: 'perhaps' is no answer to 'blocks-road'. Possible: true, false."),
        ("rules.yaml", "answers: {blocks-road: true}", "answers: {since: tomorrow}", "rules.yaml: rule 'fallen-tree-night': answers: 'tomorrow' is no answer to 'since'. Possible: none that can be known beforehand."),
        ("rules.yaml", "answers: {blocks-road: true}", "answers: [blocks-road]", "rules.yaml: rule 'fallen-tree-night': answers: must be lines of the form question: answer, or question: [answer, answer]."),
        ("rules.yaml", "answers: {blocks-road: true}", "answers: {blocks-road: []}", "rules.yaml: rule 'fallen-tree-night': answers: must be lines of the form question: answer, or question: [answer, answer]."),
        ("rules.yaml", "  category: fallen-tree\n  channel", "  channel", "rules.yaml: rule 'fallen-tree-night': answers: name the category whose questions these are, too."),
        ("rules.yaml", "weekdays: [sat, sun]", "weekdays: [sat, so]", "rules.yaml: rule 'fallen-tree-night': weekdays: entry 'so' must be one of mon, tue, wed, thu, fri, sat, sun."),
        ("rules.yaml", '["22:00", "06:00"]', '["22:00"]', 'rules.yaml: rule \'fallen-tree-night\': hours: must be two times of day, from and until: ["22:00", "06:00"].'),
        ("rules.yaml", '["22:00", "06:00"]', '["22:00", "24:00"]', 'rules.yaml: rule \'fallen-tree-night\': hours: \'24:00\' is no time of day. Write hours and minutes, like "06:30".'),
        ("rules.yaml", '["22:00", "06:00"]', '["06:00", "06:00"]', "rules.yaml: rule 'fallen-tree-night': hours: begin and end at the same time. Leave them out: a rule without hours holds all day."),
        ("rules.yaml", "ticket_priority: urgent", "ticket_priority: highest", "rules.yaml: rule 'fallen-tree-night': ticket_priority: 'highest' is not one of low, normal, high, urgent. Did you mean 'high'?"),
        ("rules.yaml", "[-0.9, 54.1], [-1.0, 54.1]", "[-1.0, 54.1], [-0.9, 54.1]", "rules.yaml: rule 'fallen-tree-night': area: is no clean area: Self-intersection[-0.95 54.05]. Repair it in your map program."),
        ("rules.yaml", "[[[-1.0, 54.0], [-0.9, 54.0], [-0.9, 54.1], [-1.0, 54.1], [-1.0, 54.0]]]", "[[[54.0, -1.0], [54.0, -0.9], [54.1, -0.9], [54.0, -1.0]]]", "rules.yaml: rule 'fallen-tree-night': area: lies outside the city. Is it [longitude, latitude], in this order?"),
        ("circles.yaml", "capability: approver", "capability: boss", "circles.yaml: circle 'staff-complaints': members: capability: 'boss' is not one of clerk, team_lead, dispatcher, approver, manager, admin."),
        ("circles.yaml", "{capability: approver, department: conduct}", "{capability: approver, department: lighting}", "circles.yaml: circle 'staff-complaints': department 'lighting' was valid until 2025-12-31. Name 'streets', its successor."),
        ("causes.yaml", "- key: wear", "- key: Wear", "causes.yaml: entry 1: 'key' must be small letters, digits and single hyphens, at most 50 characters."),
    ],
)  # fmt: skip
def test_load_city_refuses_with_file_key_and_remedy(
    folder: CityFolder, file: str, old: str, new: str, problem: str
) -> None:
    folder.replace(file, old, new)

    assert problems_of(folder) == [problem]


def test_load_city_refuses_a_circle_without_members(folder: CityFolder) -> None:
    whole = folder.read("circles.yaml")
    folder.write("circles.yaml", whole[: whole.index("  members:")] + "  members: []\n")

    assert problems_of(folder) == [
        "circles.yaml: circle 'staff-complaints': members: nobody would see its tickets. Name a capability in a department.",
    ]


def test_load_city_tells_every_problem_at_once(loaded: CityFolder) -> None:
    file_fallen_tree()
    without_parks(loaded)
    loaded.replace("city.yaml", "country: GB", "country: gb")
    loaded.replace("rules.yaml", "district: harbour", "district: harber")
    (loaded.path / "causes.yaml").unlink()
    loaded.write("circles.yaml", "- {")

    told = [problem.split(":")[0] for problem in problems_of(loaded)]

    # circles.yaml cannot be read, so that nobody complains of the circle the category names.
    assert told == ["city.yaml", "circles.yaml", "causes.yaml", "rules.yaml", "departments.yaml"]


def test_load_city_refuses_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(CityDataRefused) as refusal:
        load_city(folder=tmp_path)

    assert len(refusal.value.problems) == 9


def test_load_city_loads_nothing_when_anything_is_wrong(loaded: CityFolder) -> None:
    loaded.replace("calendars.yaml", '"12-24", ', "")
    loaded.replace("rules.yaml", "district: harbour", "district: harber")
    before = [list(table.objects.order_by("pk").values()) for table in TABLES]

    problems_of(loaded)

    assert [list(table.objects.order_by("pk").values()) for table in TABLES] == before
