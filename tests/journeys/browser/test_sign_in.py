"""Signing in with all there is to it, in a real browser; and a long answer that outlives its session."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page

from accounts.references import reset_url
from concerns.models import Note
from tests.support.browser import DESKTOP, Chromium, Person, inspected, path_of, press
from tests.support.second_factor import code_of, recovery_codes_of
from tests.support.stages import in_progress
from tests.support.town import Town

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

EMAIL, PASSWORD = "carl@northmoor.example", "northmoor-demo-pass"
WORDS = "Wir waren vor Ort.\n\nEin Lastwagen stand im Weg."


def enter(page: Page, password: str = PASSWORD) -> str:
    page.locator("#id_login").fill(EMAIL)
    page.locator("#id_password").fill(password)
    return press(page, "Anmelden")


def enter_code(page: Page, code: str, button: str) -> str:
    page.locator("#id_code").fill(code)
    return press(page, button)


def test_pages_of_the_second_factor(
    northmoor: Town, site: str, chromium: Chromium, settings
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    with chromium.person(site) as carl:
        faults, passed = set_up_by(carl, northmoor)

    assert faults == []
    assert passed == [
        "Zweiten Faktor einrichten",
        "Zweiten Faktor einrichten",
        "Wiederherstellungscodes",
        "Mein Konto",
        "Wiederherstellungscodes",
        "Sind Sie es?",
        "Neue Wiederherstellungscodes",
        "Zweiten Faktor entfernen",
        "Anmelden",
        "Code eingeben",
        "Code eingeben",
        "Meine Stelle",
    ]


def set_up_by(carl: Person, town: Town) -> tuple[list[str], list[str]]:
    """From the first sign-in to the next one; what is wrong with the pages, and their headings."""
    faults: list[str] = []
    passed: list[str] = []

    def step(heading: str) -> None:
        passed.append(heading)
        faults.extend(carl.does(inspected))

    carl.opens("/workspace/account/")
    step(carl.does(enter))
    secret = carl.does(lambda page: page.locator(".secret").inner_text())
    step(carl.does(enter_code, "000000", "Einrichten"))
    step(carl.does(enter_code, code_of(secret), "Einrichten"))
    codes = recovery_codes_of(town.people["carl"])
    step(carl.does(press, "Ich habe sie aufgehoben"))
    step(carl.opens("/workspace/account/recovery-codes/"))
    step(carl.opens("/workspace/account/recovery-codes/new/"))
    step(carl.does(enter_code, codes[0], "Weiter"))
    step(carl.opens("/workspace/account/second-factor/remove/"))
    step(carl.does(press, "Abmelden"))
    carl.opens("/workspace/queues/department/")
    step(carl.does(enter))
    step(carl.does(enter_code, "000000", "Anmelden"))
    step(carl.does(enter_code, codes[1], "Anmelden"))
    return faults, passed


def test_pages_of_the_password(northmoor: Town, site: str, chromium: Chromium) -> None:
    faults: list[str] = []
    with chromium.person(site) as carl:
        carl.opens("/workspace/password/")
        faults += carl.does(inspected)
        carl.does(lambda page: page.locator("#id_email").fill(EMAIL))
        carl.does(press, "Link schicken")
        faults += carl.does(inspected)
        carl.opens("/workspace/password/1-abc-def/")
        faults += carl.does(inspected)
        carl.opens(reset_url(northmoor.people["carl"]).removeprefix(site))
        carl.does(press, "Neues Passwort speichern")
        faults += carl.does(inspected)
        carl.opens("/workspace/account/password/")
        carl.does(enter)
        carl.does(press, "Neues Passwort speichern")
        faults += carl.does(inspected)

    assert faults == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_long_answer_outlives_its_session(
    northmoor: Town, site: str, chromium: Chromium, scripts: bool
) -> None:
    path = f"/workspace/tickets/{in_progress(northmoor).ticket.pk}/note/"
    with chromium.person(site, viewport=DESKTOP, java_script_enabled=scripts) as carl:
        carl.opens(path)
        carl.does(enter)
        carl.does(lambda page: page.locator("#id_text").fill(WORDS))
        Session.objects.all().delete()
        asked = carl.does(press, "Vermerk schreiben")
        carl.does(enter)
        back = carl.does(path_of)
        said = carl.does(lambda page: page.locator(".messages").inner_text())
        kept = carl.does(lambda page: page.locator("#id_text").input_value())
        faults = carl.does(inspected) if scripts else []
        before = Note.objects.count()
        carl.does(press, "Vermerk schreiben")

    assert (asked, back) == ("Anmelden", path)
    assert said == (
        "Ihre Sitzung war beendet. Ihre Eingaben stehen wieder hier; gesendet ist noch nichts."
    )
    assert (kept, faults, before) == (WORDS, [], 0)
    assert Note.objects.get().text.replace("\r\n", "\n") == WORDS
