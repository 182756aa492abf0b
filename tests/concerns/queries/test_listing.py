"""The filters of the list of tickets, each with what it lets in and what it keeps out."""

import datetime as dt
import json

import pytest
import time_machine

from accounts.models import User
from common.paging import Page
from concerns.actions.joining import join
from concerns.actions.screening import propose_discard
from concerns.actions.words import note, reply
from concerns.actions.working import accept
from concerns.enums import Audience, Channel, Kind, State
from concerns.errors import Invalid
from concerns.models import Category, Ticket
from concerns.queries.listing import ids_named, narrowed, page_by
from concerns.queries.visible import visible
from departments.models import Department
from geography.models import District
from tests.factories.matters import CategoryFactory
from tests.factories.organisation import DepartmentFactory, DistrictFactory
from tests.support.stages import (
    closed,
    in_progress,
    in_triage,
    reopen_requested,
    resolved,
    waiting_reporter,
)
from tests.support.town import Town, file

NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def found(town: Town, who: str = "dora", **asked: object) -> set[int]:
    """The ids on the page; the same as the filters find when nothing is prepared."""
    actor = town.actor(who)
    listed = ids_on(page_by(actor, asked, "newest", size=200))
    plain = narrowed(visible(actor), actor, {**asked, **ids_named(asked)})
    assert set(plain.values_list("pk", flat=True)) == set(listed)
    return set(listed)


def ids_on(page: Page) -> list[int]:
    return [json.loads(row["row"])["id"] for row in page.rows]


def test_without_filters_it_is_what_one_sees(town: Town) -> None:
    street, tree = file().ticket, file(category="tree").ticket

    assert found(town) == {street.pk, tree.pk}
    assert found(town, "carl") == {street.pk}
    assert found(town, "norman") == set()


def test_no_filter_shows_what_one_may_not_see(town: Town) -> None:
    secret = file(category="staff").ticket

    assert found(town, flag=["confidential"]) == set()
    assert found(town, "petra", flag=["confidential"]) == {secret.pk}
    assert found(town, category="staff") == set()


def test_by_states_kinds_and_channels_one_of_them(town: Town) -> None:
    assigned, triage, noise = file().ticket, in_triage(town).ticket, file(category="noise").ticket
    by_phone = file(channel=Channel.PHONE).ticket

    assert found(town, state=[State.IN_TRIAGE]) == {triage.pk}
    assert found(town, state=[State.ASSIGNED, State.IN_TRIAGE]) == {
        *(assigned.pk, triage.pk, noise.pk, by_phone.pk)
    }
    assert found(town, kind=[Kind.COMPLAINT]) == {noise.pk}
    assert found(town, kind=[Kind.COMPLAINT, Kind.REQUEST]) == {noise.pk, triage.pk}
    assert found(town, channel=[Channel.PHONE]) == {by_phone.pk}
    assert found(town, channel=[Channel.PHONE, Channel.MAIL]) == {by_phone.pk}


def test_by_channel_of_what_is_on_it_now(town: Town) -> None:
    by_phone, lead = file(channel=Channel.PHONE).ticket, file().ticket

    join(actor=town.actor("dora"), ticket_id=by_phone.pk, lead_id=lead.pk)

    assert found(town, channel=[Channel.PHONE]) == {lead.pk}


def test_by_audience(town: Town) -> None:
    internal = file(category="it-incident", actor=town.actor("iris")).ticket
    file()

    assert found(town, audience=Audience.INTERNAL) == {internal.pk}


def test_by_category_department_and_district_with_what_is_below(town: Town) -> None:
    deep = CategoryFactory(
        slug="deep-pothole",
        parent=town.categories["pothole"],
        default_department=DepartmentFactory(key="deep-works", parent=town.office("streets")),
    )
    street, below, tree = file().ticket, file(category=deep.slug).ticket, file(category="tree")
    below.refresh_from_db()

    assert found(town, category="pothole") == {street.pk, below.pk}
    assert found(town, category="deep-pothole") == {below.pk}
    assert found(town, department="public-works") == set()
    assert found(town, within="public-works") == {street.pk, below.pk, tree.ticket.pk}
    assert found(town, within="order") == set()


def test_by_district_with_its_quarters(town: Town) -> None:
    street = file().ticket
    quay = DistrictFactory(
        key="quay", level=District.Level.QUARTER, parent=town.districts["harbour"]
    )
    in_quarter = file().ticket
    Ticket.objects.filter(pk=in_quarter.pk).update(district=quay)

    assert found(town, district="harbour") == {street.pk, in_quarter.pk}
    assert found(town, district="quay") == {in_quarter.pk}
    assert found(town, district="hill") == set()


@pytest.mark.parametrize("name", ["category", "department", "within", "district"])
def test_a_key_of_nothing_is_refused(town: Town, name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        found(town, **{"category": "pothole", name: "no-such"})

    assert refusal.value.field == name


@pytest.mark.parametrize(("name", "model"), [("category", Category), ("within", Department)])
def test_a_node_without_a_path_is_not_everything(town: Town, name: str, model: type) -> None:
    model.objects.filter(**{"slug" if name == "category" else "key": "order"}).update(path="")
    CategoryFactory(slug="order")
    Category.objects.filter(slug="order").update(path="")

    with pytest.raises(Invalid):
        found(town, **{name: "order"})


def test_by_assignee(town: Town) -> None:
    carls, nobodys = in_progress(town).ticket, file().ticket
    claras = in_progress(town, worker="clara").ticket

    assert found(town, "carl", assignee="me") == {carls.pk}
    assert found(town, assignee="me") == set()
    assert found(town, assignee="none") == {nobodys.pk}
    assert found(town, assignee=town.people["clara"].pk) == {claras.pk}
    assert found(town, assignee=User.objects.latest("pk").pk + 1) == set()


def test_by_deadline(town: Town) -> None:
    with time_machine.travel(NOON, tick=False):
        late, soon, without, ended = (
            *(file().ticket.pk for _ in range(3)),
            resolved(town).ticket.pk,
        )
        for pk, due in (
            (late, NOON - DAY),
            (soon, NOON + DAY),
            (without, None),
            (ended, NOON - DAY),
        ):
            Ticket.objects.filter(pk=pk).update(resolution_due=due)

        assert found(town, deadline="overdue") == {late}
        assert found(town, deadline="none") == {without}
        assert found(town, due_before=NOON + 2 * DAY) == {late, soon}
        assert found(town, due_before=NOON + DAY) == {late}


def flagged(town: Town) -> dict[str, int]:
    """A ticket for each flag that dispatchers see."""
    dora = town.actor("dora")
    unanswered, proposed, joined, lead = file(), file(), file(), file()
    reply(concern_id=unanswered.concern.pk, text="Is anybody there?")
    propose_discard(actor=town.actor("carl"), ticket_id=proposed.ticket.pk, reason="Advertising.")
    join(actor=dora, ticket_id=joined.ticket.pk, lead_id=lead.ticket.pk)
    formal, silent = file().ticket, waiting_reporter(town).ticket
    Ticket.objects.filter(pk=formal.pk).update(formal=True)
    Ticket.objects.filter(pk=silent.pk).update(no_reply=True)
    return {
        "unanswered": unanswered.ticket.pk,
        "objected": reopen_requested(town).ticket.pk,
        "no_reply": silent.pk,
        "discard_proposed": proposed.ticket.pk,
        "formal": formal.pk,
        "joined": lead.ticket.pk,
    }


def test_by_flags_all_of_them(town: Town) -> None:
    tickets = flagged(town)

    assert {flag: found(town, flag=[flag]) for flag in tickets} == {
        flag: {pk} for flag, pk in tickets.items()
    }
    assert found(town, flag=["formal", "joined"]) == set()
    Ticket.objects.filter(pk=tickets["joined"]).update(formal=True)
    assert found(town, flag=["formal", "joined"]) == {tickets["joined"]}


def test_by_the_day_it_was_filed_changed_and_closed(town: Town) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        ticket = closed(town).ticket
        clock.shift(DAY)
        note(actor=town.actor("dora"), ticket_id=ticket.pk, text="The lamp, too.")

    for name, moment in (("created", NOON), ("closed", NOON), ("changed", NOON + DAY)):
        second = dt.timedelta(seconds=1)
        assert found(town, **{f"{name}_from": moment}) == {ticket.pk}
        assert found(town, **{f"{name}_from": moment + second}) == set()
        assert found(town, **{f"{name}_until": moment + second}) == {ticket.pk}
        assert found(town, **{f"{name}_until": moment}) == set()


def test_by_reference_words_and_queue(town: Town) -> None:
    one, other = file(), in_progress(town)

    assert found(town, q=one.concern.reference) == {one.ticket.pk}
    assert found(town, q="quay street") == {one.ticket.pk, other.ticket.pk}
    assert found(town, "carl", q="quay street", queue="mine") == {other.ticket.pk}


def in_order(town: Town, name: str) -> list[int]:
    return ids_on(page_by(town.actor("dora"), {}, name, size=10))


def test_orders(town: Town) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        first, second, third, ended = (
            *(file().ticket.pk for _ in range(3)),
            resolved(town).ticket.pk,
        )
        clock.shift(DAY)
        accept(actor=town.actor("carl"), ticket_id=second)
    for pk, due in ((first, NOON + DAY), (second, None), (third, NOON), (ended, NOON - DAY)):
        Ticket.objects.filter(pk=pk).update(resolution_due=due)
    Ticket.objects.filter(pk=first).update(priority=2)
    Ticket.objects.filter(pk=third).update(priority=-1)

    assert in_order(town, "newest") == [ended, third, second, first]
    assert in_order(town, "oldest") == [first, second, third, ended]
    assert in_order(town, "deadline") == [third, first, second, ended]
    assert in_order(town, "changed") == [second, ended, third, first]
    assert in_order(town, "priority") == [first, ended, second, third]
