"""What happens on a plain day, in real browsers: at a phone and at a desk, and once without any script."""

import datetime as dt

import pytest
from playwright.sync_api import Page

from common.clock import today
from concerns.actions.joining import join
from concerns.enums import State
from concerns.models import Category, Concern, Message, Ticket
from tests.journeys.browser.test_report import (
    answer,
    object_in,
    reloaded,
    sign_in,
    text_of,
    unfold,
)
from tests.support.browser import DESKTOP, PHONE, Chromium, heading, path_of, press
from tests.support.stages import in_progress
from tests.support.town import Town, file, fresh

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
DESK = {"viewport": DESKTOP, "locale": "en-GB"}


@pytest.fixture
def town(northmoor: Town) -> Town:
    return northmoor


def reported(page: Page, words: str, category: str, address: str = "", email: str = "") -> str:
    """From the first page to the thanks, or to where the report ends before."""
    page.locator("#id_words").fill(words)
    press(page, "Weiter")
    page.locator("#id_category").select_option(category)
    press(page, "Weiter")
    page.locator("#id_address").fill(address)
    press(page, "Weiter")
    if heading(page) == "Einzelheiten":
        return heading(page)
    page.locator("#id_email").fill(email)
    press(page, "Weiter")
    return press(page, "Absenden")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("window", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_pothole_from_the_report_to_the_end(
    town: Town, site: str, chromium: Chromium, window: dict[str, int], scripts: bool
) -> None:
    """Reported, asked back, answered, scheduled, resolved, objected, reopened, resolved again, confirmed, closed."""
    with (
        chromium.person(site, viewport=window, java_script_enabled=scripts) as rita,
        chromium.person(site, **DESK, java_script_enabled=scripts) as carl,
        chromium.person(site, **DESK, java_script_enabled=scripts) as tess,
    ):
        rita.opens("/")
        assert rita.does(
            reported, "Ein Loch.", "pothole", "Kaistraße 5", "rita@people.example"
        ) == ("Danke. Wir haben Ihr Anliegen erhalten.")
        rita.does(press, "Mein Anliegen zeigen")
        ticket = Ticket.objects.get()
        page = f"/workspace/tickets/{ticket.pk}/"
        carl.opens(page)
        carl.does(sign_in, "carl@northmoor.example")
        carl.does(press, "Accept")
        carl.does(asked, "Welche Seite?")
        assert rita.does(reloaded) == "Wir brauchen eine Antwort von Ihnen."
        rita.does(lambda one: one.get_by_label("Ihre Antwort").fill("Die linke."))
        rita.does(press, "Antwort senden")
        carl.does(reloaded)
        carl.does(planned)
        assert rita.does(reloaded).startswith("Eingeplant für")
        carl.does(finished, "Das Loch ist gefüllt.")
        assert rita.does(reloaded).startswith("Erledigt: behoben.")
        rita.does(unfold, "Nein, das stimmt nicht")
        rita.does(object_in, "Es ist noch da.")
        rita.does(press, "Einwand senden")
        tess.opens(page)
        tess.does(sign_in, "tess@northmoor.example")
        tess.does(reopened, "Sie hat recht.")
        assert rita.does(reloaded).startswith("In Bearbeitung")
        carl.does(reloaded)
        carl.does(finished, "Jetzt wirklich.")
        rita.does(reloaded)
        rita.does(unfold, "Ja, das ist erledigt")
        rita.does(press, "Ja, das ist erledigt")
        assert "Jetzt wirklich." in rita.does(text_of)

    assert fresh(ticket).state == State.CLOSED


def asked(page: Page, text: str) -> None:
    press(page, "Ask a question")
    page.get_by_label("Question").fill(text)
    press(page, "Ask a question")


def planned(page: Page) -> None:
    page.goto(f"{page.url.rstrip('/')}/schedule/")
    page.get_by_label("Date").fill((today() + dt.timedelta(days=5)).isoformat())
    press(page, "Plan a date")


def finished(page: Page, text: str) -> None:
    page.goto(f"{page.url.partition('?')[0].rstrip('/')}/resolve/")
    answer(page, "fixed", text)
    press(page, "Answer and finish")


def reopened(page: Page, reason: str) -> None:
    page.goto(f"{page.url.partition('?')[0].rstrip('/')}/reopen/")
    page.get_by_label("Reason").fill(reason)
    press(page, "Reopen")


def test_noise_is_stopped_by_an_answer(town: Town, site: str, chromium: Chromium) -> None:
    words = {"en": "Please call the police.", "de": "Rufen Sie bitte die Polizei: 110."}
    labels = {"en": "Is it loud now?", "de": "Ist es gerade laut?"}
    question = {
        "key": "now",
        "type": "yes_no",
        "labels": labels,
        "stops": [{"is": True, "words": words}],
    }
    Category.objects.filter(slug="noise").update(questions=[question])
    with chromium.person(site) as rita:
        rita.opens("/")
        rita.does(reported, "Es dröhnt.", "noise")
        rita.does(lambda page: page.get_by_label("Ja").check())
        stopped = rita.does(press, "Weiter")
        said = rita.does(text_of)
        back = rita.does(press, "Zurück")

    assert stopped == "Bitte wenden Sie sich damit an eine andere Stelle"
    assert "Rufen Sie bitte die Polizei: 110." in said
    assert back == "Einzelheiten"
    assert not Concern.objects.exists()


def test_a_complaint_about_an_employee_is_seen_by_its_circle_alone(
    town: Town, site: str, chromium: Chromium
) -> None:
    with (
        chromium.person(site) as rita,
        chromium.person(site, **DESK) as carl,
        chromium.person(site, **DESK) as petra,
    ):
        rita.opens("/")
        rita.does(reported, "Er hat mich angeschrien.", "staff")
        ticket = Ticket.objects.get()
        page = f"/workspace/tickets/{ticket.pk}/"
        carl.opens(page)
        assert carl.does(sign_in, "carl@northmoor.example") == "This page does not exist"
        petra.opens(page)
        assert petra.does(sign_in, "petra@northmoor.example") == ticket.title
        assert "Er hat mich angeschrien." in petra.does(text_of)


def test_an_employee_reports_an_incident_and_follows_it(
    town: Town, site: str, chromium: Chromium
) -> None:
    with chromium.person(site, **DESK) as norman, chromium.person(site, **DESK) as iris:
        norman.opens("/workspace/new/")
        norman.does(sign_in, "norman@northmoor.example")
        norman.does(incident, "Black screen since this morning.")
        assert norman.does(heading) == "The concern has been filed"
        ticket = Ticket.objects.get()
        iris.opens(f"/workspace/tickets/{ticket.pk}/")
        iris.does(sign_in, "iris@northmoor.example")
        iris.does(press, "Accept")
        iris.does(finished, "The cable was loose.")
        norman.opens("/workspace/own/")
        state = norman.does(press, "Black screen since this morning.")
        said = norman.does(text_of)

    assert state.startswith("Done: fixed.")
    assert "The cable was loose." in said
    assert Concern.objects.get().author == town.people["norman"]


def incident(page: Page, words: str) -> None:
    page.get_by_label("What is it about?").fill(words)
    page.get_by_label("Category").select_option("it-incident")
    press(page, "File the concern")
    if path_of(page) == "/workspace/new/":
        press(page, "File the concern")


def test_three_same_reports_are_joined_and_answered_at_once(
    town: Town, site: str, chromium: Chromium
) -> None:
    first, second, third = (file(email=f"{name}@people.example") for name in ("ada", "ben", "cem"))
    join(actor=town.actor("carl"), ticket_id=second.ticket.pk, lead_id=first.ticket.pk)
    with chromium.person(site, **DESK) as carl:
        carl.opens(f"/workspace/tickets/{third.ticket.pk}/join/")
        carl.does(sign_in, "carl@northmoor.example")
        carl.does(lambda page: page.get_by_label("The other ticket").fill(first.concern.reference))
        carl.does(press, "Join to another ticket")
        carl.opens(f"/workspace/tickets/{first.ticket.pk}/")
        carl.does(press, "Accept")
        carl.does(lambda page: page.goto(f"{page.url.rstrip('/')}/resolve/"))
        told = carl.does(text_of)
        carl.does(answer, "fixed", "The hole is filled.")
        carl.does(press, "Answer and finish")

    assert "3 people are answered." in told
    assert Message.objects.filter(ticket=first.ticket, concern__isnull=True).count() == 1
    assert fresh(first.ticket).concern_count == 3


def test_of_two_clerks_who_answer_the_second_keeps_what_they_wrote(
    town: Town, site: str, chromium: Chromium
) -> None:
    filed = in_progress(town)
    page = f"/workspace/tickets/{filed.ticket.pk}/resolve/"
    with chromium.person(site, **DESK) as carl, chromium.person(site, **DESK) as clara:
        for person, name in ((carl, "carl"), (clara, "clara")):
            person.opens(page)
            person.does(sign_in, f"{name}@northmoor.example")
            person.does(answer, "fixed", f"Filled, says {name}.")
        carl.does(press, "Answer and finish")
        clara.does(press, "Answer and finish")
        collision = clara.does(lambda page: page.title())
        kept = clara.does(text_of)

    assert collision.startswith("Somebody else was faster")
    assert "Filled, says clara." in kept
    assert fresh(filed.ticket).answer_message.text == "Filled, says carl."
