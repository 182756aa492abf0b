import datetime as dt

import pytest

from common.clock import now
from concerns.actions.correcting import publish
from concerns.actions.joining import join
from concerns.actions.safeguarding import encircle, restrict
from concerns.actions.words import note
from concerns.models import Attachment, Exclusion, Ticket
from concerns.queries.listing import ORDERS
from geography.models import District
from tests.factories.crowd import crowd
from tests.factories.matters import CategoryFactory
from tests.support.rest import Rest, browser_of, pointers_in, problem_in, program_of
from tests.support.sql import budget
from tests.support.stages import (
    RITA,
    closed,
    discarded,
    in_progress,
    in_triage,
    pending_approval,
    reopen_requested,
    resolved,
    scheduled,
    waiting_reporter,
)
from tests.support.town import file


@pytest.fixture
def carl(town):
    return program_of(town.people["carl"])


@pytest.fixture
def dora(town):
    return program_of(town.people["dora"])


def listed(program, query=""):
    """The ids on the first page of a list."""
    answer = program.get(f"tickets/?{query}")
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


# The list


def test_list_ticket_and_public_pages_say_when_a_border_is_drawn_roughly(town, carl):
    filed = in_progress(town)
    District.objects.update(schematic=True)
    publish(actor=town.actor("dora"), ticket_id=filed.ticket.pk)

    listed = carl.get("tickets/").json()["results"][0]
    alone = carl.get(f"tickets/{filed.ticket.pk}/").json()
    public = carl.get("published/").json()["results"][0]
    mapped = carl.get("published.geojson").json()["features"][0]["properties"]

    said = [one["district"]["schematic"] for one in (listed, alone, public, mapped)]
    assert said == [True, True, True, True]


def test_a_row_says_what_a_queue_shows(town, carl):
    ticket = in_progress(town).ticket

    (row,) = carl.get("tickets/").json()["results"]

    ticket.refresh_from_db()
    assert {
        name: row[name]
        for name in ("id", "title", "state", "concern_count", "version", "confidential")
    } == {
        "id": ticket.pk,
        "title": "Pothole, Quay Street 5",
        "state": "in_progress",
        "concern_count": 1,
        "version": ticket.version,
        "confidential": False,
    }
    assert row["category"] == {"slug": "pothole", "name": "Pothole"}
    assert row["department"]["key"] == "streets"
    assert row["district"] == {"key": "harbour", "name": "Harbour", "schematic": False}
    assert row["assignee"] == {"id": town.people["carl"].pk, "name": "Carl"}


def test_the_list_holds_only_what_the_person_may_know_of(town, carl, dora):
    street, tree = file().ticket, file(category="tree").ticket
    hidden = file(category="staff").ticket

    assert listed(carl) == [street.pk]
    assert listed(dora) == [tree.pk, street.pk]
    assert hidden.pk not in listed(program_of(town.people["alma"]))
    assert listed(program_of(town.people["petra"])) == [hidden.pk]


def test_the_list_filters_by_state(town, carl):
    assigned, working = file().ticket, in_progress(town).ticket

    assert listed(carl, "state=assigned") == [assigned.pk]
    assert listed(carl, "state=in_progress") == [working.pk]


def test_the_list_filters_by_department(town, dora):
    street, tree = file().ticket, file(category="tree").ticket

    assert listed(dora, "department=parks") == [tree.pk]
    assert listed(dora, "department=streets") == [street.pk]


def test_the_list_filters_by_category_and_all_below_it(town, dora):
    deep = CategoryFactory(
        slug="deep-pothole",
        parent=town.categories["pothole"],
        default_department=town.office("streets"),
    )
    shallow, other = file().ticket, file(category="tree").ticket
    below = file(category=deep.slug).ticket

    assert listed(dora, "category=pothole") == [below.pk, shallow.pk]
    assert listed(dora, "category=tree") == [other.pk]


def test_the_list_filters_by_queue(town, carl, dora):
    mine, triage = in_progress(town).ticket, in_triage(town).ticket
    file()

    assert listed(carl, "queue=mine") == [mine.pk]
    assert listed(dora, "queue=triage") == [triage.pk]


def test_the_list_finds_by_reference_and_by_place(town, carl):
    one, other = file(), file()

    assert listed(carl, f"q={one.concern.reference.lower()}") == [one.ticket.pk]
    assert listed(carl, "q=quay+street") == [other.ticket.pk, one.ticket.pk]
    assert listed(carl, "q=nowhere") == []


def test_filters_hold_together(town, carl):
    mine = in_progress(town).ticket
    file()

    assert listed(
        carl, "q=quay&queue=mine&state=in_progress&category=pothole&department=streets"
    ) == [mine.pk]
    assert listed(carl, "q=quay&queue=mine&state=assigned") == []


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("state=asleep", "/state", "invalid_choice"),
        ("queue=long", "/queue", "invalid_choice"),
        ("category=no-such", "/category", "invalid"),
        ("department=no-such", "/department", "invalid"),
        ("within=no-such", "/within", "invalid"),
        ("district=no-such", "/district", "invalid"),
        ("state=assigned&state=asleep", "/state", "invalid_choice"),
        ("kind=wish", "/kind", "invalid_choice"),
        ("channel=fax", "/channel", "invalid_choice"),
        ("audience=all", "/audience", "invalid_choice"),
        ("flag=red", "/flag", "invalid_choice"),
        ("assignee=you", "/assignee", "invalid"),
        ("assignee=-1", "/assignee", "invalid"),
        ("deadline=soon", "/deadline", "invalid_choice"),
        ("due_before=tomorrow", "/due_before", "invalid"),
        ("created_from=2026-02-30", "/created_from", "invalid"),
        ("created_until=9999-12-31", "/created_until", "invalid"),
        ("changed_from=2026-03-01T09:00:00", "/changed_from", "invalid"),
        ("closed_until=1", "/closed_until", "invalid"),
        ("order=title", "/order", "invalid_choice"),
        ("order=newest&order=oldest", "/order", "twice"),
        ("colour=red", "/colour", "unknown_field"),
        ("cursor=MTc", "/cursor", "invalid"),
        ("cursor=WzAsIGZhbHNlLCAiMSJd:x", "/cursor", "invalid"),
        ("limit=0", "/limit", "min_value"),
        ("limit=201", "/limit", "max_value"),
        ("limit=ten", "/limit", "invalid"),
        ("q=%00", "/q", "null_characters_not_allowed"),
        ("category=%00", "/category", "null_characters_not_allowed"),
        ("department=" + "x" * 51, "/department", "max_length"),
    ],
)
def test_filters_that_cannot_be_used_are_pointed_at(carl, query, pointer, code):
    answer = carl.get(f"tickets/?{query}")

    assert problem_in(answer)[:2] == (422, "invalid")
    assert pointers_in(answer) == [(pointer, code)]


def test_pages_follow_each_other_by_link_and_none_slides_when_others_file(town, carl):
    first, second, third = (file().ticket.pk for _ in range(3))

    page = carl.get("tickets/?limit=2&state=assigned")
    file()
    following = page.json()["next"].partition("/api/v1/")[2]
    last = carl.get(following)
    back = carl.get(last.json()["previous"].partition("/api/v1/")[2])

    assert [row["id"] for row in page.json()["results"]] == [third, second]
    assert [row["id"] for row in last.json()["results"]] == [first]
    assert [row["id"] for row in back.json()["results"]] == [third, second]
    assert page["Link"] == f'<{page.json()["next"]}>; rel="next"'
    assert last["Link"] == f'<{last.json()["previous"]}>; rel="prev"'
    assert page.json()["previous"] is None
    assert "state=assigned" in following


def test_a_list_that_fits_on_a_page_links_nowhere(town, carl):
    file()

    answer = carl.get("tickets/")

    assert "Link" not in answer
    assert (answer.json()["next"], answer.json()["previous"]) == (None, None)


def test_a_citizen_sees_no_list(town):
    assert problem_in(Rest().get("tickets/"))[:2] == (401, "unauthenticated")


@pytest.mark.parametrize("size", [1, 60])
def test_the_list_stays_in_its_budget_at_any_length(town, carl, size):
    for _ in range(size):
        file()
    crowd(Ticket.objects.first(), 99)

    with budget(6):
        listed(
            carl,
            "q=quay&queue=department&state=assigned&category=pothole&department=streets&within=town"
            "&district=harbour&channel=portal&assignee=none&order=deadline&limit=200",
        )


def test_the_list_stays_in_its_budget_for_somebody_signed_in(town):
    browser = browser_of(town.people["carl"])
    file()

    with budget(6):
        listed(browser, "queue=mine&category=pothole&department=streets&district=harbour")


def test_a_moment_may_have_any_offset_that_rfc_3339_allows(town, carl):
    ticket = file().ticket

    assert listed(carl, "created_from=2000-01-01T00:00:00%2B23:59") == [ticket.pk]
    assert listed(carl, "created_until=2000-01-01T00:00:00-23:59") == []


def pages_of(program, query):
    """The ids on each page of a list from the first to the last, and back."""
    path, there, back = f"tickets/?{query}", [], []
    for pages, link in ((there, "next"), (back, "previous")):
        while path:
            answer = program.get(path).json()
            pages.append([row["id"] for row in answer["results"]])
            last, path = path, (answer[link] or "").partition("/api/v1/")[2]
        path = last
    return there, back[::-1]


@pytest.mark.parametrize("order", ORDERS)
def test_pages_of_every_order_hold_every_ticket_once_there_and_back(town, carl, order):
    """Equal and missing deadlines, equal priorities: the id decides."""
    due = now() + dt.timedelta(days=3)
    tickets = [in_progress(town).ticket.pk for _ in range(7)]
    Ticket.objects.filter(pk__in=tickets[:3]).update(resolution_due=due, priority=1)
    Ticket.objects.filter(pk__in=tickets[3:5]).update(resolution_due=None, changed_at=due)

    there, back = pages_of(carl, f"order={order}&limit=2")

    whole = listed(carl, f"order={order}")
    assert there == back == [whole[:2], whole[2:4], whole[4:6], whole[6:]]
    assert sorted(whole) == sorted(tickets)


def test_a_cursor_is_good_for_its_order_alone(town, carl):
    for _ in range(2):
        file()
    following = carl.get("tickets/?limit=1").json()["next"].partition("/api/v1/")[2]

    answer = carl.get(f"{following}&order=changed")

    assert pointers_in(answer) == [("/cursor", "invalid")]


@pytest.mark.parametrize("stage", [in_triage, scheduled, waiting_reporter, closed, discarded])
def test_a_row_says_the_same_as_the_detail(town, dora, stage):
    ticket = stage(town).ticket

    (row,) = (one for one in dora.get("tickets/").json()["results"] if one["id"] == ticket.pk)

    said = dora.get(f"tickets/{ticket.pk}/").json()
    assert row == {name: said[name] for name in row}


# One ticket


def test_the_detail_holds_concerns_conversation_and_course(town, carl):
    filed = waiting_reporter(town)
    note(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="The lamp is dark there, too.")

    said = carl.get(f"tickets/{filed.ticket.pk}/").json()

    assert [(one["reference"], one["words"]) for one in said["concerns"]] == [
        (filed.concern.reference, "There is a deep hole in the road.")
    ]
    assert [
        (one["concern"], one["kind"], one["text"], one["author"]["name"])
        for one in said["messages"]
    ] == [(filed.concern.reference, "question", "Which side of the road?", "Carl")]
    assert [one["text"] for one in said["notes"]] == ["The lamp is dark there, too."]
    assert [one["verb"] for one in said["timeline"]] == ["note", "ask", "accept", "route", "filed"]
    assert said["timeline"][3]["details"]["why"]["rule"] == "potholes"
    assert said["timeline"][3]["department"] == "Streets"
    assert said["company"] | {"placed": 1, "active": 1, "reachable": 1} == said["company"]
    assert (said["state"], said["address"], said["lat"]) == (
        "waiting_reporter",
        "Quay Street 5",
        54.05,
    )


def test_the_detail_says_who_was_placed_when_and_what_they_sent(town, dora):
    joined, lead = file(), file()
    Attachment.objects.create(
        concern=joined.concern,
        name="Loch.jpg",
        media_type="image/jpeg",
        size=2048,
        sha256="0" * 64,
        file="aa/bb",
    )
    join(actor=town.actor("dora"), ticket_id=joined.ticket.pk, lead_id=lead.ticket.pk)

    said = dora.get(f"tickets/{lead.ticket.pk}/").json()
    before = dora.get(f"tickets/{joined.ticket.pk}/").json()

    placed = said["placements"][1]
    assert placed == {
        "concern": joined.concern.reference,
        "since": placed["since"],
        "until": None,
        "by": "Dora",
        "reason": "joined",
        "origin": joined.ticket.pk,
    }
    assert (before["concerns"], before["placements"][0]["until"]) == ([], placed["since"])
    files = {one["reference"]: one["attachments"] for one in said["concerns"]}
    assert [one["name"] for one in files[joined.concern.reference]] == ["Loch.jpg"]
    assert files[lead.concern.reference] == []
    assert files[joined.concern.reference][0].keys() == {
        "id",
        "name",
        "media_type",
        "size",
        "state",
    }


def test_the_detail_shows_no_contact_data(town, carl):
    filed = file(email=RITA, name="Rita Roe")

    text = carl.get(f"tickets/{filed.ticket.pk}/").content.decode()

    assert (RITA in text, "Roe" in text) == (False, False)


def test_the_detail_has_the_version_as_its_entity_tag(town, carl):
    ticket = in_progress(town).ticket
    ticket.refresh_from_db()

    answer = carl.get(f"tickets/{ticket.pk}/")

    assert answer["ETag"] == f'"v{ticket.version}"'
    assert answer.json()["version"] == ticket.version


def test_the_detail_offers_what_this_person_may_do_now_under_its_address(town, carl, dora):
    ticket = file().ticket

    carls = carl.get(f"tickets/{ticket.pk}/").json()["allowed_actions"]
    doras = dora.get(f"tickets/{ticket.pk}/").json()["allowed_actions"]

    assert ("accept" in carls, "discard" in carls, "propose-discard" in carls) == (
        True,
        False,
        True,
    )
    assert ("accept" in doras, "discard" in doras, "hand-back" in doras) == (False, True, True)


def test_an_answer_and_an_objection_are_there(town, carl):
    filed = reopen_requested(town)

    said = carl.get(f"tickets/{filed.ticket.pk}/").json()

    assert (said["outcome"], said["answer"]) == ("fixed", "The hole is filled.")
    assert said["concerns"][0]["waiting_objection"] == filed.concern.objections.get().pk


@pytest.mark.parametrize("name", ["paul", "norman", "iris"])
def test_a_clerk_of_another_department_gets_404(town, name):
    ticket = file().ticket
    program = program_of(town.people[name])

    shown = program.get(f"tickets/{ticket.pk}/")
    done = program.act(ticket.pk, "accept", version=3)

    assert problem_in(shown) == problem_in(done)
    assert problem_in(shown)[:2] == (404, "not_found")


def test_outside_the_circle_a_confidential_ticket_does_not_exist(town, dora):
    ticket = file().ticket
    encircle(actor=town.actor("dora"), ticket_id=ticket.pk, circle_key="personnel")

    assert problem_in(dora.get(f"tickets/{ticket.pk}/"))[:2] == (404, "not_found")
    assert (
        program_of(town.people["petra"]).get(f"tickets/{ticket.pk}/").json()["circle"]
        == "personnel"
    )


def test_an_excluded_person_gets_404(town):
    ticket = file(category="staff").ticket
    petra = program_of(town.people["petra"])
    assert petra.get(f"tickets/{ticket.pk}/").status_code == 200

    Exclusion.objects.create(ticket=ticket, user=town.people["petra"])

    assert problem_in(petra.get(f"tickets/{ticket.pk}/"))[:2] == (404, "not_found")


def test_a_restricted_ticket_is_there_for_administrators_alone(town, carl):
    ticket = file().ticket
    restrict(actor=town.actor("alma"), ticket_id=ticket.pk, reason="art18")

    assert problem_in(carl.get(f"tickets/{ticket.pk}/"))[:2] == (404, "not_found")
    assert program_of(town.people["alma"]).get(f"tickets/{ticket.pk}/").status_code == 200


@pytest.mark.parametrize("ticket_id", ["0", "999999", "9" * 19, "9" * 40])
def test_a_ticket_that_does_not_exist_is_404(carl, ticket_id):
    assert problem_in(carl.get(f"tickets/{ticket_id}/"))[:2] == (404, "not_found")
    assert problem_in(carl.act(ticket_id, "accept", version=1))[:2] == (404, "not_found")


@pytest.mark.parametrize("stage", [waiting_reporter, resolved, pending_approval])
def test_the_detail_stays_in_its_budget_and_costs_the_same_in_company(town, stage):
    filed = stage(town)
    browser = browser_of(town.people["carl"])

    with budget(12) as alone:
        assert browser.get(f"tickets/{filed.ticket.pk}/").status_code == 200
    crowd(filed.ticket, 99)
    with budget(12) as among:
        said = browser.get(f"tickets/{filed.ticket.pk}/").json()
    assert len(said["concerns"]) == 100
    assert len(among) == len(alone)


def test_the_detail_of_a_confidential_ticket_that_waits_for_approval_stays_in_its_budget(town):
    filed = pending_approval(town)
    encircle(actor=town.actor("dora"), ticket_id=filed.ticket.pk, circle_key="personnel")
    petra = browser_of(town.people["petra"])

    with budget(12):
        assert petra.get(f"tickets/{filed.ticket.pk}/").status_code == 200
