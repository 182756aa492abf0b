"""The ticket as worked: corrected with an event, while what was said stays as it was said."""

import datetime as dt

import pytest
import time_machine

from concerns.actions.correcting import categorise, prioritise, publish, relocate, unpublish
from concerns.actions.deciding import resolve
from concerns.actions.ending import reopen
from concerns.actions.filing import Filed, Place
from concerns.actions.joining import join
from concerns.actions.voicing import withdraw
from concerns.actions.words import reply
from concerns.errors import Invalid, Refused
from concerns.models import Category, Event, Publication
from concerns.queries.public import one_published
from tests.factories.organisation import DistrictFactory
from tests.support.calendars import owed
from tests.support.stages import (
    FIXED,
    assigned,
    closed,
    discarded,
    in_triage,
    merged,
    resolved,
    waiting_reporter,
)
from tests.support.town import OUTSIDE, Town, file, fresh

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
HILL = Place(address="Hill Road 9", lat=54.05, lon=-0.85)


def last_event() -> Event:
    return Event.objects.latest("pk")


def test_a_corrected_category_changes_the_ticket_and_not_the_concern(town: Town) -> None:
    with time_machine.travel(MONDAY, tick=False):
        filed = assigned(town)
    Category.objects.filter(slug="noise").update(targets=owed("1 working day", "2 working days"))

    categorise(actor=town.actor("carl"), ticket_id=filed.ticket.pk, category="noise")

    ticket = fresh(filed.ticket)
    assert (ticket.category.slug, ticket.kind, ticket.title) == (
        "noise",
        "complaint",
        "Noise, Quay Street 5",
    )
    # Who is responsible stays; that is what a transfer is for.
    assert ticket.department == town.office("streets")
    assert ticket.first_response_due == dt.datetime(2026, 3, 3, 16, 0, tzinfo=dt.UTC)
    assert ticket.resolution_due == dt.datetime(2026, 3, 4, 16, 0, tzinfo=dt.UTC)
    filed.concern.refresh_from_db()
    assert (filed.concern.category.slug, filed.concern.kind) == ("pothole", "defect")
    assert last_event().data == {"from": "pothole", "category": "noise"}


def test_a_category_found_in_triage_brings_its_dates(town: Town) -> None:
    with time_machine.travel(MONDAY, tick=False):
        filed = in_triage(town, category="")
    Category.objects.filter(slug="tree").update(targets=owed("1 working day", "4 working hours"))

    categorise(actor=town.actor("dora"), ticket_id=filed.ticket.pk, category="tree")

    ticket = fresh(filed.ticket)
    assert (ticket.category.slug, ticket.resolution_due) == ("tree", MONDAY + 4 * HOUR)
    assert last_event().data == {"from": None, "category": "tree"}


def test_the_day_of_the_first_answer_was_told_and_moves_to_no_later_one(town: Town) -> None:
    """The acknowledgement named it, and nobody writes because of a corrected category."""
    with time_machine.travel(MONDAY, tick=False):
        filed = assigned(town)
    told = fresh(filed.ticket).first_response_due
    Category.objects.filter(slug="noise").update(targets=owed("8 working days", "2 months"))

    categorise(actor=town.actor("carl"), ticket_id=filed.ticket.pk, category="noise")

    ticket = fresh(filed.ticket)
    assert ticket.first_response_due == told
    assert ticket.resolution_due == dt.datetime(2026, 5, 2, 22, 59, 59, tzinfo=dt.UTC)


def test_a_first_answer_that_was_given_keeps_its_date_and_target(town: Town) -> None:
    filed = waiting_reporter(town)
    before = fresh(filed.ticket)
    Category.objects.filter(slug="noise").update(targets=owed("1 working hour", "2 months"))

    categorise(actor=town.actor("carl"), ticket_id=filed.ticket.pk, category="noise")

    ticket = fresh(filed.ticket)
    assert ticket.first_response_due == before.first_response_due
    assert ticket.targets["first_response"] == before.targets["first_response"]
    assert ticket.targets["resolution"]["unit"] == "months"


@pytest.mark.parametrize("category", ["", "no-such", "it-incident", "gone"])
def test_only_a_category_of_this_audience_that_is_still_used_is_taken(
    town: Town, category: str
) -> None:
    Category.objects.create(slug="gone", retired=True)
    filed = assigned(town)

    with pytest.raises(Invalid) as refusal:
        categorise(actor=town.actor("carl"), ticket_id=filed.ticket.pk, category=category)

    assert refusal.value.field == "category"
    assert fresh(filed.ticket).category.slug == "pothole"


def test_a_confidential_category_closes_the_circle_as_filing_would_have(town: Town) -> None:
    filed = assigned(town)
    publish(actor=town.actor("carl"), ticket_id=filed.ticket.pk)

    categorise(actor=town.actor("carl"), ticket_id=filed.ticket.pk, category="staff")

    assert fresh(filed.ticket).circle == town.circle
    assert Publication.objects.get().withdrawn_at is not None


def test_an_open_category_opens_no_circle(town: Town) -> None:
    filed = file(category="staff")

    categorise(actor=town.actor("petra"), ticket_id=filed.ticket.pk, category="noise")

    assert fresh(filed.ticket).circle == town.circle


def test_time_spent_waiting_for_the_person_is_not_taken_from_the_new_date(town: Town) -> None:
    """Rita took a working week to reply: counted anew from the filing, the date still moves by it."""
    with time_machine.travel(MONDAY, tick=False):
        filed = waiting_reporter(town)
    with time_machine.travel(MONDAY + dt.timedelta(days=5), tick=False):
        reply(concern_id=filed.concern.pk, text="The left side.")

    categorise(actor=town.actor("carl"), ticket_id=filed.ticket.pk, category="noise")

    # Ten working days end on Monday the 16th at 16; from Monday 9 to Saturday 9 there were 39 hours of work.
    assert fresh(filed.ticket).resolution_due == dt.datetime(2026, 3, 23, 15, 0, tzinfo=dt.UTC)


def test_after_a_reopening_dates_are_counted_from_it(town: Town) -> None:
    """Not from the filing, which lies too far back for any target."""
    with time_machine.travel(MONDAY, tick=False):
        filed = waiting_reporter(town)
    with time_machine.travel(MONDAY + dt.timedelta(days=5), tick=False):
        resolve(actor=town.actor("carl"), ticket_id=filed.ticket.pk, answer=FIXED)
    with time_machine.travel(MONDAY + dt.timedelta(days=35), tick=False):
        reopen(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Once more.")
        owed = fresh(filed.ticket).resolution_due

    categorise(actor=town.actor("carl"), ticket_id=filed.ticket.pk, category="noise")

    assert fresh(filed.ticket).resolution_due == owed


def test_a_corrected_place_changes_the_ticket_and_not_the_concern(town: Town) -> None:
    filed = assigned(town)

    relocate(actor=town.actor("carl"), ticket_id=filed.ticket.pk, place=HILL)

    ticket = fresh(filed.ticket)
    assert (ticket.lat, ticket.lon, ticket.address) == (54.05, -0.85, "Hill Road 9")
    assert (ticket.district, ticket.title) == (town.districts["hill"], "Pothole, Hill Road 9")
    filed.concern.refresh_from_db()
    assert (filed.concern.lon, filed.concern.address) == (-0.95, "Quay Street 5")
    assert last_event().data == {"district": town.districts["hill"].pk}


def test_a_corrected_address_alone_keeps_the_district(town: Town) -> None:
    filed = assigned(town)

    relocate(actor=town.actor("carl"), ticket_id=filed.ticket.pk, place=Place("Quay Street 7"))

    ticket = fresh(filed.ticket)
    assert (ticket.lat, ticket.lon, ticket.district) == (None, None, town.districts["harbour"])
    assert ticket.title == "Pothole, Quay Street 7"


def test_a_point_without_address_names_the_quarter(town: Town) -> None:
    docks = DistrictFactory(key="docks", level="quarter", box=(-1.0, 54.0, -0.9, 54.06))
    filed = assigned(town)

    relocate(actor=town.actor("carl"), ticket_id=filed.ticket.pk, place=Place(lat=54.05, lon=-0.95))

    ticket = fresh(filed.ticket)
    assert (ticket.district, ticket.title) == (docks, "Pothole, Docks")


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (OUTSIDE, "place"),
        (Place(lat=float("nan"), lon=1.0), "place"),
        (Place(lat=91.0, lon=1.0), "place"),
        (Place(lat=54.05), "place"),
        (Place(lon=-0.95), "place"),
        (Place(address="x" * 301), "place.address"),
        (Place(address="a\x00b"), "place.address"),
        (Place(address="two\nlines"), "place.address"),
    ],
)
def test_a_place_that_cannot_be_is_refused_by_its_field(
    town: Town, place: Place, field: str
) -> None:
    filed = assigned(town)

    with pytest.raises(Invalid) as refusal:
        relocate(actor=town.actor("carl"), ticket_id=filed.ticket.pk, place=place)

    assert refusal.value.field == field
    assert fresh(filed.ticket).address == "Quay Street 5"


def test_what_has_ended_is_corrected_no_more(town: Town) -> None:
    filed = closed(town)
    on = {"actor": town.actor("carl"), "ticket_id": filed.ticket.pk}

    with pytest.raises(Refused):
        categorise(**on, category="tree")
    with pytest.raises(Refused):
        relocate(**on, place=HILL)


def test_what_is_published_is_category_and_a_coarse_place_without_words(town: Town) -> None:
    filed = file(place=Place(address="Quay Street 5", lat=54.051234, lon=-0.956789))
    carl = town.actor("carl")
    with time_machine.travel(MONDAY, tick=False):
        publish(actor=carl, ticket_id=filed.ticket.pk)

    publication = Publication.objects.get()
    assert (publication.lat, publication.lon) == (54.051, -0.957)
    assert publication.category == town.categories["pothole"]
    assert (publication.words_released, publication.photos_released) == (False, False)
    assert (publication.released_at, publication.released_by) == (MONDAY, carl.ref)
    assert last_event().data == {"publication": publication.pk}


def test_what_has_no_place_is_published_without_one(town: Town) -> None:
    filed = file(category="noise", place=Place())

    publish(actor=town.actor("dora"), ticket_id=filed.ticket.pk)

    assert (Publication.objects.get().lat, Publication.objects.get().lon) == (None, None)


def test_it_is_published_once_taken_back_once_and_published_again(town: Town) -> None:
    filed = assigned(town)
    on = {"actor": town.actor("carl"), "ticket_id": filed.ticket.pk}
    with pytest.raises(Refused):
        unpublish(**on)
    publish(**on)
    with pytest.raises(Refused):
        publish(**on)
    unpublish(**on)
    with pytest.raises(Refused):
        unpublish(**on)

    publish(**on)

    open_ones = Publication.objects.filter(withdrawn_at__isnull=True)
    assert (Publication.objects.count(), open_ones.count()) == (2, 1)


def published_facts(filed: Filed) -> tuple[str, float | None, float | None]:
    """What anybody reads of it now."""
    row = one_published(filed.ticket.publications.get(withdrawn_at__isnull=True).key)
    return row["category__slug"], row["lat"], row["lon"]


def test_what_is_published_follows_a_corrected_place(town: Town) -> None:
    filed, other = assigned(town), assigned(town)
    for one in (filed, other):
        publish(actor=town.actor("carl"), ticket_id=one.ticket.pk)
    exact = Place(address="Hill Road 9", lat=54.05049, lon=-0.85051)

    relocate(actor=town.actor("carl"), ticket_id=filed.ticket.pk, place=exact)

    assert published_facts(filed) == ("pothole", 54.05, -0.851)
    assert published_facts(other) == ("pothole", 54.05, -0.95)


def test_what_is_published_loses_a_place_that_was_none(town: Town) -> None:
    filed = assigned(town)
    publish(actor=town.actor("carl"), ticket_id=filed.ticket.pk)

    relocate(
        actor=town.actor("carl"), ticket_id=filed.ticket.pk, place=Place(address="Hill Road 9")
    )

    assert published_facts(filed) == ("pothole", None, None)


def test_what_is_published_follows_a_corrected_category(town: Town) -> None:
    filed = assigned(town)
    publish(actor=town.actor("carl"), ticket_id=filed.ticket.pk)

    categorise(actor=town.actor("carl"), ticket_id=filed.ticket.pk, category="noise")

    assert published_facts(filed) == ("noise", 54.05, -0.95)


def test_what_was_taken_back_stays_as_it_was(town: Town) -> None:
    filed = assigned(town)
    publish(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    unpublish(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    before = Publication.objects.values().get()

    relocate(actor=town.actor("carl"), ticket_id=filed.ticket.pk, place=HILL)
    categorise(actor=town.actor("carl"), ticket_id=filed.ticket.pk, category="noise")

    assert Publication.objects.values().get() == before


def test_a_correction_publishes_nothing(town: Town) -> None:
    filed = assigned(town)

    relocate(actor=town.actor("carl"), ticket_id=filed.ticket.pk, place=HILL)

    assert not Publication.objects.exists()


def test_what_is_not_for_everybody_is_never_published(town: Town) -> None:
    secret = file(category="staff")
    internal = file(category="it-incident", actor=town.actor("norman"))
    for who, filed in (("petra", secret), ("iris", internal)):
        with pytest.raises(Refused):
            publish(actor=town.actor(who), ticket_id=filed.ticket.pk)
    for stage in (discarded, merged):
        with pytest.raises(Refused):
            publish(actor=town.actor("dora"), ticket_id=stage(town).ticket.pk)

    assert Publication.objects.count() == 0


def test_a_joined_matter_does_not_become_confidential_by_its_category(town: Town) -> None:
    lead, other = assigned(town), file()
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=lead.ticket.pk)

    with pytest.raises(Refused):
        categorise(actor=town.actor("carl"), ticket_id=lead.ticket.pk, category="staff")

    assert fresh(lead.ticket).category.slug == "pothole"


def test_a_matter_whose_author_withdrew_is_still_corrected(town: Town) -> None:
    filed = assigned(town)
    withdraw(concern_id=filed.concern.pk)

    categorise(actor=town.actor("carl"), ticket_id=filed.ticket.pk, category="tree")

    assert fresh(filed.ticket).category.slug == "tree"


def test_a_priority_has_a_target_of_its_own_that_holds_from_the_beginning(town: Town) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC), tick=False) as clock:
        ticket = assigned(town).ticket
        urgent = {"1": {"resolution": "2 working days"}}
        Category.objects.filter(slug="pothole").update(
            targets=owed("3 working days", "10 working days", urgent)
        )
        clock.shift(dt.timedelta(hours=1))

        prioritise(
            actor=town.actor("carl"), ticket_id=ticket.pk, priority=1, reason="A school is near."
        )

    ticket = fresh(ticket)
    assert (ticket.priority, ticket.resolution_due.date()) == (1, dt.date(2026, 3, 4))
    event = Event.objects.filter(ticket=ticket).last()
    note = ticket.notes.get()
    assert (event.verb, event.data["from"], event.data["priority"]) == ("prioritise", 0, 1)
    assert (event.data["note"], note.text) == (note.pk, "A school is near.")


@pytest.mark.parametrize(("priority", "field"), [(0, "priority"), (3, "priority")])
def test_the_same_priority_and_none_are_refused(town: Town, priority: int, field: str) -> None:
    ticket = assigned(town).ticket

    with pytest.raises(Invalid) as refusal:
        prioritise(actor=town.actor("carl"), ticket_id=ticket.pk, priority=priority, reason="So.")

    assert refusal.value.field == field
    with pytest.raises(Invalid):
        prioritise(actor=town.actor("carl"), ticket_id=ticket.pk, priority=2, reason=" ")
    assert fresh(ticket).priority == 0


def test_an_ended_ticket_has_no_place_in_the_queue(town: Town) -> None:
    ticket = resolved(town).ticket

    with pytest.raises(Refused):
        prioritise(actor=town.actor("carl"), ticket_id=ticket.pk, priority=1, reason="So.")
