"""Who is responsible, until when, and who answers, in real browsers."""

import datetime as dt

import pytest
from playwright.sync_api import Page

from common.clock import today
from concerns.actions.referring import refer
from concerns.actions.rule_sets import keep_loaded
from concerns.enums import State
from concerns.models import Partner, Referral, RuleSet, Ticket
from concerns.references import referral_token, referral_url
from departments.models import Absence
from tests.journeys.browser.test_report import reloaded, sign_in, text_of
from tests.support.browser import DESKTOP, PHONE, Chromium, heading, press
from tests.support.stages import assigned, in_progress
from tests.support.town import Town, file, fresh

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
DESK = {"viewport": DESKTOP, "locale": "en-GB"}
STREETS = "- {key: potholes, category: pothole, department: streets}\n"
PARKS = "- {key: potholes, category: pothole, department: parks}\n"


@pytest.fixture
def town(northmoor: Town) -> Town:
    names = {"en": "Moor Water", "de": "Moorwasser"}
    Partner.objects.create(key="moor-water", names=names, email="w@moor.example", language="de")
    return northmoor


def link() -> str:
    referral = Referral.objects.order_by("-pk")[0]
    return referral_url(referral.key, referral_token(referral.pk))


def passed_on(page: Page) -> None:
    page.get_by_label("Partner").select_option("moor-water")
    page.get_by_label("What do they need to know?").fill("Your cover has sunk.")
    press(page, "Pass to a partner")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_partner_answers_on_a_phone_by_its_link(
    town: Town, site: str, chromium: Chromium, scripts: bool
) -> None:
    ticket = in_progress(town).ticket
    page = f"/workspace/tickets/{ticket.pk}/"
    with (
        chromium.person(site, **DESK) as carl,
        chromium.person(site, viewport=PHONE, java_script_enabled=scripts) as water,
    ):
        carl.opens(f"{page}refer/")
        carl.does(sign_in, "carl@northmoor.example")
        carl.does(passed_on)
        assert fresh(ticket).state == State.WAITING_EXTERNAL
        address = link()
        water.does(lambda one: one.goto(address))
        assert "Your cover has sunk." in water.does(text_of)
        water.does(lambda one: one.get_by_label("Es ist erledigt").check())
        water.does(press, "Absenden")
        assert water.does(heading) == "Vielen Dank. Die Stadt hat Ihre Antwort."
        water.does(lambda one: one.goto(address))
        assert water.does(heading) == "Dieser Link gilt nicht mehr"
        carl.opens(page)
        assert "Partner reported back: It is done" in carl.does(text_of)

    assert fresh(ticket).state == State.IN_PROGRESS


def test_rules_are_changed_tried_put_in_force_and_taken_back(
    town: Town, site: str, chromium: Chromium
) -> None:
    keep_loaded(STREETS)
    before = file().ticket
    with chromium.person(site, **DESK) as alma:
        alma.opens("/workspace/rules/1/")
        alma.does(sign_in, "alma@northmoor.example")
        alma.does(press, "Make a draft of it")
        alma.does(lambda one: one.get_by_label("Rules", exact=True).fill(PARKS))
        alma.does(press, "Try with past tickets")
        assert "Streets → Parks" in alma.does(text_of).replace("\n", " ")
        alma.does(press, "Put in force")
        moved = file().ticket
        alma.opens("/workspace/rules/1/")
        alma.does(press, "Put in force again")
        back = file().ticket

    keys = [fresh(one).department.key for one in (before, moved, back)]
    assert keys == ["streets", "parks", "streets"]
    assert list(RuleSet.objects.order_by("number").values_list("state", flat=True))[-1] == "active"


def away(page: Page, deputy: str) -> None:
    page.get_by_label("First day").fill(today().isoformat())
    page.get_by_label("Last day").fill((today() + dt.timedelta(days=5)).isoformat())
    page.get_by_label("Who stands in").select_option(label=deputy)
    press(page, "Announce")


def test_a_deputy_works_in_anothers_place_until_they_are_back(
    town: Town, site: str, chromium: Chromium
) -> None:
    ticket = in_progress(town).ticket
    with chromium.person(site, **DESK) as carl, chromium.person(site, **DESK) as clara:
        carl.opens("/workspace/absences/")
        carl.does(sign_in, "carl@northmoor.example")
        carl.does(away, "Clara")
        assert Absence.objects.get().deputy == town.people["clara"]
        clara.opens("/workspace/queues/standing_in/")
        clara.does(sign_in, "clara@northmoor.example")
        assert ticket.title in clara.does(text_of)
        clara.opens(f"/workspace/tickets/{ticket.pk}/")
        assert "Carl is away until" in clara.does(text_of)
        carl.does(lambda one: one.locator("button", has_text="Is back").click())
        clara.does(reloaded)
        assert "Carl is away until" not in clara.does(text_of)

    assert Absence.objects.count() == 0
    assert fresh(ticket).assignee == town.people["carl"]


def test_a_silent_partners_ticket_is_given_to_a_colleague_with_all_others(
    town: Town, site: str, chromium: Chromium
) -> None:
    """Carl leaves with two tickets, one of which waits for a partner; Clara takes both over at once."""
    waiting, open_one = in_progress(town).ticket, in_progress(town).ticket
    assigned(town)
    refer(
        actor=town.actor("carl"),
        ticket_id=waiting.pk,
        partner_key="moor-water",
        text="Your cover has sunk.",
    )
    with chromium.person(site, **DESK) as clara:
        clara.opens("/workspace/absences/")
        clara.does(sign_in, "clara@northmoor.example")
        clara.does(lambda one: one.get_by_label("Whose tickets").select_option(label="Carl (2)"))
        clara.does(press, "Take over")
        assert "2 tickets taken over." in clara.does(text_of)

    theirs = Ticket.objects.filter(assignee=town.people["clara"]).order_by("pk")
    assert list(theirs) == [waiting, open_one]
