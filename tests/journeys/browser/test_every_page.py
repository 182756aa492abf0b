"""Every page in a real browser: WCAG 2.2 AA by axe in light and dark, nothing from elsewhere, no error of a script or
of the security policy, and no sideways scrolling on the narrowest phone.
"""

from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from common.city import city
from common.clock import now
from concerns.actions.correcting import publish
from concerns.actions.filing import Filed
from concerns.actions.referring import refer
from concerns.actions.rule_sets import keep_loaded
from concerns.actions.screening import propose_discard
from concerns.actions.words import note, reply
from concerns.enums import State
from concerns.models import Category, Objection, Partner, Publication, Referral, Reporter
from concerns.notices import TOPIC
from concerns.notices.announcing import recipient_of
from concerns.references import TRACKING_URL_MARK, confirmation_url_mark, referral_token
from geography.gazetteer import fold
from geography.models import Address
from notifications.writers import writer_for
from tests.factories.crowd import crowd
from tests.portal.conftest import QUESTIONS
from tests.support.browser import DESKTOP, Chromium, Person, inspected, press
from tests.support.stages import (
    in_progress,
    in_triage,
    merged,
    reopen_requested,
    resolved,
    scheduled,
    waiting_reporter,
)
from tests.support.town import Town, file, fresh

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

LONG = "Straßenverkehrsangelegenheitenzuständigkeitsbereich"


@pytest.fixture
def town(northmoor: Town) -> Town:
    Category.objects.filter(slug="tree").update(questions=QUESTIONS, needs_place=True)
    return northmoor


def mailed(filed: Filed, mark: str) -> str:
    """A link as it stands in a mail."""
    return writer_for(TOPIC).fill(recipient_of(filed.concern.pk), mark)


def visited(person: Person, *paths: str) -> Iterator[str]:
    """What is wrong with each of these pages."""
    for path in paths:
        person.does(lambda page, path=path: page.goto(person.home + path.removeprefix(person.home)))
        yield from person.does(inspected)


def test_pages_of_the_report(town: Town, site: str, chromium: Chromium) -> None:
    with chromium.person(site) as rita:
        faults = rita.does(inspected_report, site)

    assert faults == []


def inspected_report(page: Page, site: str) -> list[str]:
    """Each step as it comes and as it is refused, to the thanks."""
    steps: list[Callable[[Page], object]] = [
        lambda page: page.goto(f"{site}/"),
        lambda page: press(page, "Weiter"),
        lambda page: (page.locator("#id_words").fill(f"Tree {LONG}"), press(page, "Weiter")),
        lambda page: press(page, "Weiter"),
        lambda page: press(page, "Weiter"),
        lambda page: (page.locator("#id_address").fill("Kaistraße 5"), press(page, "Weiter")),
        lambda page: press(page, "Weiter"),
        lambda page: (page.get_by_label("Nein").check(), press(page, "Weiter")),
        lambda page: (page.locator("#id_email").fill("rita@"), press(page, "Weiter")),
        lambda page: (page.locator("#id_email").fill("r@people.example"), press(page, "Weiter")),
        lambda page: press(page, "Absenden"),
    ]
    faults = []
    for step in steps:
        step(page)
        faults += inspected(page)
    assert "/done/" in page.url
    return faults


def test_pages_of_a_concern(town: Town, site: str, chromium: Chromium) -> None:
    asked, answered, objected = waiting_reporter(town), resolved(town), reopen_requested(town)
    crowd(answered.ticket, 36)
    triage = in_triage(town)
    reply(concern_id=triage.concern.pk, text=LONG)
    links = [mailed(one, TRACKING_URL_MARK) for one in (asked, answered, objected, triage)]

    with chromium.person(site) as rita:
        faults = [*visited(rita, *links)]
        faults += rita.does(refused_message)
        faults += visited(rita, mailed(asked, confirmation_url_mark(1)))
        rita.does(press, "Ja, das ist meine Adresse")
        faults += rita.does(inspected)

    assert faults == []


def refused_message(page: Page) -> list[str]:
    page.locator("summary", has_text="Etwas ergänzen").click()
    press(page, "Nachricht senden")
    return inspected(page)


def released(town: Town) -> str:
    """The public name of a published matter."""
    filed = in_progress(town)
    publish(actor=town.actor("dora"), ticket_id=filed.ticket.pk)
    return str(Publication.objects.get(ticket=filed.ticket).key)


def test_page_of_ones_own_contact_data(town: Town, site: str, chromium: Chromium) -> None:
    filed = in_progress(town)
    link = mailed(filed, TRACKING_URL_MARK)
    with chromium.person(site) as rita:
        rita.does(lambda page: page.goto(link))
        rita.does(unfold_all)
        faults = rita.does(inspected)
        faults += visited(rita, f"/concerns/{filed.concern.reference}/contact/")
        rita.does(lambda page: page.locator("#id_email").fill("rita@"))
        rita.does(press, "Speichern")
        faults += rita.does(inspected)

    assert faults == []


def test_pages_that_end_a_report(town: Town, site: str, chromium: Chromium) -> None:
    """Where somebody else is responsible, and where an address is not clear."""
    words = {"en": "Others do this.", "de": f"{LONG} machen andere."}
    Category.objects.filter(slug="noise").update(
        redirect={"words": words, "body": city().bodies[0].key}
    )
    for label in (f"Kaistraße {LONG}", "Kaistraße 51"):
        Address.objects.create(label=label, search=fold(label), lat=54.05, lon=-0.95)
    with chromium.person(site) as rita:
        rita.opens("/")
        rita.does(lambda page: page.locator("#id_words").fill("Laut."))
        rita.does(press, "Weiter")
        rita.does(lambda page: page.locator("#id_category").select_option("noise"))
        rita.does(press, "Weiter")
        faults = rita.does(inspected)
        rita.does(press, "Zurück")
        rita.does(lambda page: page.locator("#id_category").select_option("other"))
        rita.does(press, "Weiter")
        rita.does(lambda page: page.locator("#id_address").fill("Kaistr"))
        rita.does(press, "Weiter")
        faults += rita.does(inspected)

    assert faults == []


def test_other_pages_of_the_portal(town: Town, site: str, chromium: Chromium) -> None:
    filed = file()
    with chromium.person(site) as rita:
        faults = [
            *visited(
                rita,
                "/concerns/",
                f"/concerns/{filed.concern.reference}/",
                "/pages/privacy/",
                "/pages/accessibility/",
                "/published/",
                "/published/?district=harbour&state=done",
                f"/published/{released(town)}/",
                "/pages/sign-language/",
                "/pages/languages/",
                "/nowhere/",
            )
        ]
        rita.opens("/concerns/")
        rita.does(press, "Mein Anliegen zeigen")
        faults += rita.does(inspected)

    assert faults == []


OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"


def test_page_about_the_programming_interface(site: str, chromium: Chromium) -> None:
    with chromium.person(site) as ivo:
        assert ivo.opens("/api/docs/#problem-conflict") == "Programmierschnittstelle"
        ivo.does(lambda page: page.evaluate(OPEN_ALL))
        faults = ivo.does(inspected)

    assert faults == []


def signed_in(person: Person, name: str) -> None:
    person.opens("/workspace/")
    person.does(lambda page: page.locator("#id_login").fill(f"{name}@northmoor.example"))
    person.does(lambda page: page.locator("#id_password").fill("northmoor-demo-pass"))
    person.does(press, "Anmelden")


def test_pages_of_the_queue(town: Town, site: str, chromium: Chromium) -> None:
    for stage in (in_progress, waiting_reporter, scheduled, resolved, merged):
        stage(town)
    with chromium.person(site, viewport=DESKTOP) as carl:
        faults = [*visited(carl, "/workspace/")]
        carl.does(press, "Anmelden")
        faults += carl.does(inspected)
        signed_in(carl, "carl")
        faults += visited(
            carl,
            "/workspace/",
            "/workspace/queues/all/",
            "/workspace/queues/approval/",
            "/workspace/?search=quay",
            "/workspace/queues/department/?filter=1&state=scheduled",
            "/workspace/new/",
            "/workspace/own/",
            "/workspace/absences/",
            f"/workspace/?search={LONG}",
            "/workspace/nowhere/",
        )
        carl.does(lambda page: page.locator("summary", has_text="Tasten").click())
        faults += carl.does(inspected)

    assert faults == []


def test_pages_of_an_administrator(town: Town, site: str, chromium: Chromium) -> None:
    town.people["carl"].name = LONG
    town.people["carl"].save(update_fields=["name"])
    keep_loaded("- {key: potholes, category: pothole, department: streets}\n")
    file()
    with chromium.person(site, viewport=DESKTOP) as alma:
        signed_in(alma, "alma")
        faults = [
            *visited(
                alma,
                "/workspace/members/",
                "/workspace/members/add/",
                f"/workspace/members/{town.people['carl'].pk}/",
                "/workspace/categories/",
                "/workspace/categories/noise/",
                "/workspace/deliveries/",
                "/workspace/rules/",
                "/workspace/rules/1/",
            )
        ]
        alma.does(press, "Entwurf davon anlegen")
        faults += alma.does(inspected)
        alma.does(press, "Mit früheren Vorgängen erproben")
        faults += alma.does(inspected)
        alma.opens("/workspace/members/add/")
        alma.does(press, "Konto anlegen")
        faults += alma.does(inspected)

    assert faults == []


def test_pages_of_a_partner(town: Town, site: str, chromium: Chromium) -> None:
    names = {"en": LONG, "de": LONG}
    Partner.objects.create(key="water", names=names, email="w@moor.example", language="de")
    ticket = in_progress(town).ticket
    here = {"actor": town.actor("carl"), "ticket_id": ticket.pk}
    refer(**here, partner_key="water", text=f"{LONG} {LONG}")
    referral = Referral.objects.get()
    path = f"/referrals/{referral.key}/{referral_token(referral.pk)}/"
    with chromium.person(site) as water:
        faults = [*visited(water, path)]
        water.does(press, "Absenden")
        faults += water.does(inspected)
        water.does(lambda page: page.get_by_label("Es ist erledigt").check())
        water.does(press, "Absenden")
        faults += water.does(inspected)
        faults += visited(water, path)

    assert faults == []


def full_ticket(town: Town) -> Filed:
    """A ticket with everything on it: an answer, an objection, notes, many people and a proposal."""
    filed = in_progress(town)
    note(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text=LONG)
    reply(concern_id=filed.concern.pk, text=f"{LONG} {LONG}\n\n<b>?</b>")
    propose_discard(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Werbung?")
    crowd(filed.ticket, 12)
    return filed


def test_pages_of_a_ticket(town: Town, site: str, chromium: Chromium) -> None:
    filed, objected, joined = full_ticket(town), reopen_requested(town), merged(town)
    file(category="noise")
    lead = fresh(joined.ticket).merged_into_id
    objection = Objection.objects.get(concern=objected.concern)
    tickets = [f"/workspace/tickets/{pk}/" for pk in (filed.ticket.pk, objected.ticket.pk, lead)]
    verbs = ("resolve", "decline", "message", "join", "assign", "refer", "follow-up", "prioritise")
    ask = [f"{tickets[0]}{verb}/" for verb in verbs]
    with chromium.person(site, viewport=DESKTOP) as tess:
        signed_in(tess, "tess")
        tess.does(lambda page: page.goto(f"{site}{tickets[0]}?all=1&contact={filed.concern.pk}"))
        tess.does(unfold_all)
        faults = tess.does(inspected)
        faults += visited(
            tess,
            *tickets,
            *ask,
            f"/workspace/deadline/{lead}/",
            f"/workspace/similar/{lead}/",
            f"/workspace/concerns/{filed.concern.pk}/correct-contact/",
            f"/workspace/objections/{objection.pk}/",
            "/workspace/tickets/4711/",
        )

    assert faults == []


def unfold_all(page: Page) -> None:
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


def test_pages_of_a_refused_act(town: Town, site: str, chromium: Chromium) -> None:
    filed = in_progress(town)
    with chromium.person(site, viewport=DESKTOP) as carl:
        signed_in(carl, "carl")
        carl.opens(f"/workspace/tickets/{filed.ticket.pk}/resolve/")
        carl.does(press, "Beantworten und abschließen")
        faults = carl.does(inspected)
        note(actor=town.actor("clara"), ticket_id=filed.ticket.pk, text="Inzwischen.")
        carl.does(lambda page: page.locator("#id_outcome").select_option("fixed"))
        carl.does(lambda page: page.locator("#id_text").fill("Gefüllt."))
        carl.does(press, "Beantworten und abschließen")
        assert carl.does(lambda page: page.title()).startswith("Jemand war schneller")
        faults += carl.does(inspected)

    assert faults == []


def comes_into_sight(page: Page, selector: str) -> bool:
    """Whether it stands in the upper half of the window, once the browser has laid out the page and gone there."""
    for _patience in range(50):
        box = page.locator(selector).bounding_box()
        if box and 0 <= box["y"] < DESKTOP["height"] / 2:
            return True
        page.wait_for_timeout(100)
    return False


def test_page_of_a_preview(town: Town, site: str, chromium: Chromium) -> None:
    """It stands in sight, however long the page above it is."""
    filed = in_progress(town)
    crowd(filed.ticket, 3)
    Reporter.objects.update(address_confirmed_at=now())
    with chromium.person(site, viewport=DESKTOP) as carl:
        signed_in(carl, "carl")
        carl.opens(f"/workspace/tickets/{filed.ticket.pk}/resolve/")
        carl.does(lambda page: page.locator("#id_outcome").select_option("fixed"))
        carl.does(lambda page: page.locator("#id_text").fill(f"{LONG}\n\n{LONG * 5}\n" * 9))
        carl.does(press, "Vorschau")
        stands_in_sight = carl.does(comes_into_sight, "#preview")
        faults = carl.does(inspected)
        carl.does(press, "Beantworten und abschließen")

    assert stands_in_sight
    assert faults == []
    assert fresh(filed.ticket).state == State.RESOLVED


def test_keys_of_the_desk(town: Town, site: str, chromium: Chromium) -> None:
    first, second = file(), file()
    with chromium.person(site, viewport=DESKTOP) as carl:
        signed_in(carl, "carl")
        carl.opens("/workspace/queues/department/")
        carl.does(typed, "jjkj")
        carl.does(opened_by_key, "o")
        there = carl.does(lambda page: page.url)
        carl.does(opened_by_key, "a")
        carl.does(typed, "/a")
        searched = carl.does(lambda page: page.locator("[data-search]").input_value())

    assert there == f"{site}/workspace/tickets/{second.ticket.pk}/"
    assert (fresh(first.ticket).assignee, fresh(second.ticket).assignee) == (
        None,
        town.people["carl"],
    )
    assert searched == "a"


def typed(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def opened_by_key(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


BAD = """<!DOCTYPE html><html lang="en"><head><title>Bad</title></head><body><main>
<h1 style="color:#777;background:#888">Hard to read</h1><img src="data:,">
<p style="width:400px">Wide</p></main>
<script>console.error("oops"); fetch("http://127.0.0.2:9/elsewhere").catch(() => 0)</script></body></html>"""


def test_inspection_finds_what_is_wrong(site: str, chromium: Chromium) -> None:
    found: list[str] = []

    def look(rita: Person) -> None:
        rita.opens("/")
        rita.does(lambda page: page.evaluate("fetch('/nothing.css')"))
        rita.does(lambda page: page.goto(f"data:text/html,{quote(BAD)}"))
        found.extend(rita.does(inspected))

    with pytest.raises(AssertionError) as unwanted:
        chromium.lets(site, look)

    assert {one.split(":")[0] for one in found} == {
        "axe color-contrast",
        "dark axe color-contrast",
        "axe image-alt",
        "scrolls sideways by 88 px at 320 px",
    }
    for fault in ("console: oops", "foreign: http://127.0.0.2:9/elsewhere", "missing: http"):
        assert fault in str(unwanted.value)
