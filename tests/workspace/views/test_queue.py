"""Queues show exactly what a person may see, count what they show, and are found by search whatever they hold."""

import re

import pytest

from concerns.actions.referring import refer
from concerns.actions.safeguarding import encircle
from concerns.actions.working import accept
from concerns.models import Ticket
from concerns.queries.tickets import QUEUES, queue_counts
from concerns.queries.visible import visible
from geography.models import District
from tests.factories.crowd import crowd
from tests.support.pages import Page
from tests.support.sql import budget, statements
from tests.support.stages import STAGES, in_progress, scheduled
from tests.support.town import Town, file
from tests.workspace.conftest import Desk

PEOPLE = (
    *("dora", "dirk", "carl", "clara", "tess", "paul", "ada", "hanna", "max", "alma", "petra"),
    *("iris", "norman"),
)


def tickets_on(page: Page) -> list[int]:
    return [
        int(found) for found in re.findall(r'href="/workspace/tickets/(\d+)/" data-row', page.html)
    ]


def full_town(town: Town) -> None:
    """A ticket in every state, one confidential, one of Parks, one of IT."""
    for stage in STAGES.values():
        stage(town)
    secret = in_progress(town)
    encircle(actor=town.actor("carl"), ticket_id=secret.ticket.pk, circle_key="personnel")
    file(category="tree")
    file(category="it-incident", actor=town.actor("iris"))


def test_queue_of_everything_is_what_each_person_may_see(town: Town, desk: Desk) -> None:
    full_town(town)

    shown = {name: set(tickets_on(desk(name).open("/workspace/queues/all/"))) for name in PEOPLE}

    assert shown == {
        name: set(visible(town.actor(name)).values_list("pk", flat=True)) for name in PEOPLE
    }
    assert shown["norman"] == set()
    assert shown["carl"] != shown["dora"]


@pytest.mark.parametrize("name", PEOPLE)
def test_counters_equal_the_lists(town: Town, desk: Desk, name: str) -> None:
    full_town(town)
    visitor = desk(name)
    counts = queue_counts(town.actor(name))

    for queue in QUEUES:
        page = visitor.open(f"/workspace/queues/{queue}/")
        if queue == "all":
            continue
        assert len(tickets_on(page)) == counts[queue]
        assert re.search(
            rf'id="queue-{queue}".*?queues__count">{counts[queue]}<', page.html, flags=re.DOTALL
        )


def test_clerk_begins_with_their_own_tickets(town: Town, desk: Desk) -> None:
    mine, other = in_progress(town), file()

    page = desk("carl").open("/workspace/")

    assert page.heading == "Assigned to me"
    assert tickets_on(page) == [mine.ticket.pk]
    assert other.ticket.pk in tickets_on(desk("carl").open("/workspace/queues/department/"))


def test_somebody_without_a_duty_begins_with_everything(town: Town, desk: Desk) -> None:
    page = desk("norman").open("/workspace/")

    assert page.heading == "Everything"
    assert "There is no ticket that you may see." in page.words


def test_unknown_queue_is_a_page_that_does_not_exist(town: Town, desk: Desk) -> None:
    assert desk("carl").open("/workspace/queues/secrets/").status == 404


def test_row_says_what_a_clerk_needs(town: Town, desk: Desk, clock: object) -> None:
    filed = scheduled(town)
    crowd(filed.ticket, 36)

    page = desk("carl").open("/workspace/queues/department/")

    assert (
        "Pothole, Quay Street 5 Scheduled for 9 March Harbour 37 Carl Scheduled Mon 2 Mar, 09:00"
    ) in page.words


@pytest.mark.parametrize("typed", ["#{2}", "{2}"])
def test_search_finds_by_number_whatever_the_queue(town: Town, desk: Desk, typed: str) -> None:
    filed = STAGES["closed"](town)
    file()
    words = typed.format("", "", filed.ticket.pk)

    page = desk("carl").open(f"/workspace/queues/waiting/?search={words.replace('#', '%23')}")

    assert tickets_on(page) == [filed.ticket.pk]


def test_search_by_reference_opens_the_lead_of_a_joined_concern(town: Town, desk: Desk) -> None:
    filed = STAGES["merged"](town)
    lead = Ticket.objects.get(pk=filed.ticket.pk).merged_into_id

    page = desk("carl").open(f"/workspace/?search={filed.concern.reference}")

    assert page.url == f"/workspace/tickets/{lead}/"


def test_search_finds_people_by_the_sound_of_their_surname(town: Town, desk: Desk) -> None:
    filed = file(name="Rita Meyer")
    file(name="Otto Schulz")

    page = desk("carl").open("/workspace/?search=Maier")

    assert tickets_on(page) == [filed.ticket.pk]


@pytest.mark.parametrize(
    "words", ["zzz", "%00", "%00%00x", "%25", "_", "'", "%ED%A0%80", "x" * 5000, "9" * 400]
)
def test_search_without_a_match_says_so(town: Town, desk: Desk, words: str) -> None:
    file()

    page = desk("carl").open(f"/workspace/queues/all/?search={words}")

    assert page.status == 200
    if words != "%00":
        assert tickets_on(page) == []
        assert "Nothing you may see matches" in page.words


def test_search_shows_nothing_of_another_department(town: Town, desk: Desk) -> None:
    filed = file(name="Rita Meyer")

    for words in (filed.concern.reference, "Meyer", "Quay", str(filed.ticket.pk)):
        assert tickets_on(desk("paul").open(f"/workspace/?search={words}")) == []


@pytest.mark.parametrize("start", ["-1", "x", "9" * 30, "٣", "1e3", "%00"])
def test_odd_place_to_begin_is_the_beginning(town: Town, desk: Desk, start: str) -> None:
    filed = file()

    page = desk("carl").open(f"/workspace/queues/all/?from={start}")

    assert tickets_on(page) == [filed.ticket.pk]


def test_long_queue_is_read_page_by_page(
    town: Town, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workspace.views.queue.ROWS", 2)
    pks = [file().ticket.pk for _each in range(5)]
    visitor = desk("carl")

    page = visitor.open("/workspace/queues/all/")
    seen = [tickets_on(page)]
    while "Further" in page.links:
        page = visitor.open(page.links["Further"])
        seen.append(tickets_on(page))

    assert seen == [pks[:2], pks[2:4], pks[4:]]
    assert "Earlier" in page.links


@pytest.mark.parametrize("path", ["/workspace/queues/department/", "/workspace/?search=quay"])
@pytest.mark.parametrize("size", [1, 100])
def test_queue_costs_at_most_six_statements(town: Town, desk: Desk, path: str, size: int) -> None:
    filed = in_progress(town)
    crowd(filed.ticket, size - 1)
    for _each in range(3):
        file()
    visitor = desk("carl")
    visitor.open(path)

    with budget(6):
        page = visitor.open(path)

    assert len(tickets_on(page)) == 4


def test_queue_costs_the_same_with_many_tickets(town: Town, desk: Desk) -> None:
    visitor = desk("carl")
    file()
    with statements() as few:
        visitor.open("/workspace/queues/all/")
    for _each in range(20):
        filed = file()
        accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
        refer(actor=town.actor("carl"), ticket_id=filed.ticket.pk, partner="Moor", text="Yours.")

    with statements() as many:
        visitor.open("/workspace/queues/all/")

    assert len(many) == len(few)


def test_a_reference_opens_its_ticket_whatever_filter_is_set(town: Town, desk: Desk) -> None:
    filed = in_progress(town)
    reference = filed.concern.reference
    visitor = desk("carl")

    typed = (f"+{reference}+", reference.lower().replace("-", ""))
    for query in (f"search={typed[0]}", f"search={typed[1]}&filter=1&state=closed"):
        page = visitor.open(f"/workspace/queues/waiting/?{query}")
        assert page.url == f"/workspace/tickets/{filed.ticket.pk}/"


def test_a_reference_of_a_ticket_one_does_not_see_opens_nothing(town: Town, desk: Desk) -> None:
    filed = file(category="tree")

    page = desk("carl").open(f"/workspace/?search={filed.concern.reference}")

    assert (page.status, tickets_on(page)) == (200, [])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=in_progress", ["working"]),
        ("state=scheduled", ["planned"]),
        ("assignee=none", ["open"]),
        ("assignee=me&state=in_progress", ["working"]),
        ("district=harbour", ["open", "planned", "working"]),
        ("district=hill", []),
        ("flag=unanswered", []),
        ("deadline=overdue", []),
        ("kind=complaint", []),
        ("state=nonsense", ["open", "planned", "working"]),
        ("district=nowhere&flag=%00", ["open", "planned", "working"]),
    ],
)
def test_filters_narrow_a_queue(town: Town, desk: Desk, query: str, found: list[str]) -> None:
    there = {"open": file(), "working": in_progress(town), "planned": scheduled(town)}

    page = desk("carl").open(f"/workspace/queues/department/?filter=1&{query}")

    shown = set(tickets_on(page))
    assert sorted(name for name, filed in there.items() if filed.ticket.pk in shown) == found
    if not found:
        assert "Nothing in this queue fits the filter." in page.words


@pytest.mark.parametrize("schematic", [True, False])
def test_the_filter_says_when_borders_are_drawn_roughly(
    town: Town, desk: Desk, *, schematic: bool
) -> None:
    District.objects.update(schematic=schematic)

    page = desk("carl").open("/workspace/queues/department/?filter=1")

    assert ("Borders are drawn roughly so far." in page.words) is schematic


def test_a_filtered_list_keeps_the_budget(town: Town, desk: Desk) -> None:
    in_progress(town)
    visitor = desk("carl")

    with budget(6):
        visitor.open("/workspace/queues/department/?filter=1&district=harbour&state=in_progress")
