"""A pothole, from the phone to the desk and back, as two people live it."""

import pytest
from playwright.sync_api import Page

from concerns.enums import State
from concerns.models import Category, Concern, Ticket
from concerns.references import pin
from tests.support.browser import DESKTOP, Chromium, heading, path_of, press
from tests.support.town import Town

pytestmark = pytest.mark.journey

WORDS = "Vor der Schule ist ein tiefes Schlagloch.\n\nBitte <schnell>!"
QUESTIONS = [
    {
        "key": "surface",
        "type": "choice",
        "labels": {"en": "Where is the hole?", "de": "Wo ist das Loch?"},
        "options": [
            {"key": "road", "labels": {"en": "Road", "de": "Fahrbahn"}},
            {"key": "footpath", "labels": {"en": "Footpath", "de": "Gehweg"}},
        ],
    }
]


@pytest.fixture
def town(northmoor: Town) -> Town:
    names = {"en": "Pothole or damaged road", "de": "Schlagloch oder Straßenschaden"}
    Category.objects.filter(slug="pothole").update(names=names, questions=QUESTIONS)
    return northmoor


def report(page: Page) -> list[str]:
    """From the first page to the thanks; the headings passed on the way."""
    page.get_by_label("Was möchten Sie der Stadt mitteilen?").fill(WORDS)
    passed = [press(page, "Weiter")]
    assert page.get_by_label("Art des Anliegens").input_value() == "pothole"
    passed.append(press(page, "Weiter"))
    page.get_by_label("Adresse oder Ort").fill("Kaistraße 5")
    passed.append(press(page, "Weiter"))
    page.get_by_label("Fahrbahn").check()
    passed.append(press(page, "Weiter"))
    page.get_by_label("E-Mail-Adresse").fill("rita@people.example")
    passed.append(press(page, "Weiter"))
    passed.append(press(page, "Absenden"))
    return passed


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_pothole_is_reported_on_the_phone(
    town: Town, site: str, chromium: Chromium, scripts: bool
) -> None:
    with chromium.person(site, java_script_enabled=scripts) as rita:
        rita.opens("/")
        passed = rita.does(report)
        concern = Concern.objects.get()
        done = rita.does(lambda page: page.locator("main").inner_text())
        status = rita.does(press, "Mein Anliegen zeigen")
        own = rita.does(lambda page: page.locator("aside").inner_text() if not scripts else "")

    assert passed == [
        "Worum geht es?",
        "Wo ist es?",
        "Einzelheiten",
        "Wie erreichen wir Sie?",
        "Bitte prüfen Sie Ihre Angaben",
        "Danke. Wir haben Ihr Anliegen erhalten.",
    ]
    assert (concern.words.replace("\r\n", "\n"), concern.address) == (WORDS, "Kaistraße 5")
    assert (concern.answers, concern.language) == ({"surface": "road"}, "de")
    assert concern.reference in done
    assert pin(concern.pk, concern.generation) in done
    assert status == "In Bearbeitung bei Streets."
    assert scripts or "Bitte <schnell>!" in own


def sign_in(page: Page, email: str) -> str:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill("northmoor-demo-pass")
    return press(page, "Sign in")


def test_pothole_is_asked_back_answered_resolved_objected_and_decided(
    town: Town, site: str, chromium: Chromium
) -> None:
    desk = {"viewport": DESKTOP, "locale": "en-GB"}
    with (
        chromium.person(site) as rita,
        chromium.person(site, **desk) as carl,
        chromium.person(site, **desk) as tess,
    ):
        rita.opens("/")
        rita.does(report)
        rita.does(press, "Mein Anliegen zeigen")
        ticket = Ticket.objects.get()

        assert carl.opens("/workspace/queues/department/") == "Sign in"
        assert carl.does(sign_in, "carl@northmoor.example") == "My department"
        assert carl.does(press, ticket.title) == ticket.title
        carl.does(press, "Accept")
        carl.does(press, "Ask a question")
        carl.does(lambda page: page.get_by_label("Question").fill("Welche Seite?"))
        carl.does(press, "Ask a question")

        assert rita.does(reloaded) == "Wir brauchen eine Antwort von Ihnen."
        rita.does(lambda page: page.get_by_label("Ihre Antwort").fill("Die linke."))
        assert rita.does(press, "Antwort senden") == "In Bearbeitung bei Streets."

        carl.does(reloaded)
        assert "Die linke." in carl.does(text_of)
        carl.does(press, "Answer and finish")
        carl.does(answer, "fixed", "Das Loch ist gefüllt.")
        assert carl.does(press, "Answer and finish")

        assert rita.does(reloaded).startswith("Erledigt: behoben.")
        assert "Das Loch ist gefüllt." in rita.does(text_of)
        rita.does(unfold, "Nein, das stimmt nicht")
        rita.does(object_in, "Es ist noch da.")
        assert rita.does(press, "Einwand senden").startswith("In Prüfung.")

        assert tess.opens(f"/workspace/tickets/{ticket.pk}/") == "Sign in"
        tess.does(sign_in, "tess@northmoor.example")
        tess.does(lambda page: page.get_by_role("link", name="Decide the objection").click())
        tess.does(decide, "reopened", "Sie haben recht.")
        tess.does(press, "Decide the objection")

        assert rita.does(reloaded) == "In Bearbeitung bei Streets."
        assert "Sie haben recht." in rita.does(text_of)

    ticket.refresh_from_db()
    assert ticket.state == State.IN_PROGRESS


def reloaded(page: Page) -> str:
    page.reload()
    return heading(page)


def text_of(page: Page) -> str:
    return page.locator("main").inner_text()


def unfold(page: Page, title: str) -> None:
    page.locator("summary", has_text=title).click()


def object_in(page: Page, text: str) -> None:
    page.locator("#id_object-text").fill(text)


def answer(page: Page, outcome: str, text: str) -> None:
    page.get_by_label("Result").select_option(outcome)
    page.get_by_label("Answer").fill(text)


def decide(page: Page, verdict: str, text: str) -> None:
    page.get_by_label("Decision").select_option(verdict)
    page.get_by_label("Reason").fill(text)


def test_report_is_filed_with_the_keyboard_alone(town: Town, site: str, chromium: Chromium) -> None:
    with chromium.person(site, viewport=DESKTOP) as rita:
        rita.opens("/")
        thanks = rita.does(by_keyboard)

    assert thanks == "Danke. Wir haben Ihr Anliegen erhalten."
    concern = Concern.objects.get()
    assert (concern.address, concern.answers) == ("Kaistraße 5", {"surface": "footpath"})


def by_keyboard(page: Page) -> str:
    """Tab, typing, arrows and Enter; where the focus is can be seen all the way."""
    tab_to(page, "a.skip-link")
    page.keyboard.press("Enter")
    tab_to(page, "#id_words")
    page.keyboard.type("Ein Schlagloch")
    enter(page, "Worum geht es?")
    tab_to(page, "#id_category")
    enter(page, "Wo ist es?")
    tab_to(page, "#id_address")
    page.keyboard.type("Kaistraße 5")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert heading(page) == "Einzelheiten"
    tab_to(page, "input[name=answer-surface]")
    page.keyboard.press("ArrowDown")
    enter(page, "Wie erreichen wir Sie?")
    enter(page, "Bitte prüfen Sie Ihre Angaben")
    enter(page, "Danke. Wir haben Ihr Anliegen erhalten.")
    assert path_of(page).endswith("/done/")
    return heading(page)


def enter(page: Page, expected: str) -> None:
    """Go on to the page's primary button and press it."""
    tab_to(page, "main button[name=go][value=next]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert heading(page) == expected


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus; every stop on the way shows that it has it."""
    for _stop in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_SHOWS), page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector} on {page.url}")


FOCUS_SHOWS = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" || style.boxShadow !== "none";
}"""
