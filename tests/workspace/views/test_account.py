"""What people find and choose on the page of their own account."""

import pytest

from accounts.models import User
from tests.support.pages import Page
from tests.support.second_factor import set_up
from tests.support.town import Town
from tests.workspace.conftest import Desk

PATH = "/workspace/account/"


@pytest.fixture(autouse=True)
def _at_once(town: Town) -> None:
    """What people have who chose nothing."""
    User.objects.update(notices="at_once")


def saved(desk: Desk, **choice: str) -> Page:
    visitor = desk("carl")
    page = visitor.open(PATH)
    return visitor.press(page, page.form("notices"), **choice)


def test_the_page_says_who_one_is_and_what_is_chosen(town: Town, desk: Desk) -> None:
    page = desk("carl").open(PATH)

    assert page.heading == "My account"
    assert "Carl E-mail address carl@northmoor.example" in page.words
    assert (page.form("notices")["language"], page.form("notices")["notices"]) == ("en", "at_once")
    assert page.form("notices").options["notices"] == ["at_once", "daily", "none"]
    assert "Alarms, such as a deadline that has passed, always come at once" in page.words


def test_the_header_leads_there(town: Town, desk: Desk) -> None:
    assert desk("carl").open("/workspace/").links["Carl"] == PATH


def test_notices_are_chosen(town: Town, desk: Desk) -> None:
    page = saved(desk, notices="none")

    assert "Your choice has been saved." in page.words
    assert page.form("notices")["notices"] == "none"
    assert User.objects.get(name="Carl").notices == "none"
    assert set(User.objects.exclude(name="Carl").values_list("notices", flat=True)) == {"at_once"}


def test_pages_and_mails_speak_the_language_chosen(town: Town, desk: Desk) -> None:
    page = saved(desk, language="de")

    assert page.heading == "Mein Konto"
    assert "Ihre Auswahl ist gespeichert." in page.words
    assert User.objects.get(name="Carl").language == "de"


def test_nothing_else_can_be_chosen(town: Town, desk: Desk) -> None:
    page = saved(desk, language="xx", notices="sometimes")

    assert page.status == 422
    assert {"language", "notices"} <= {name.removeprefix("id_") for name in page.errors}
    assert User.objects.get(name="Carl").language == "en"


def test_what_one_has_decides_what_is_offered(town: Town, desk: Desk, settings) -> None:
    without = desk("carl").open(PATH)
    set_up(town.people["carl"])
    with_one = desk("carl").open(PATH)
    settings.STAFF_MFA_REQUIRED = True
    demanded = desk("carl").open(PATH)

    factor = {
        "Set up a second factor",
        "Recovery codes",
        "Remove the second factor",
        "I have a new phone",
    }
    assert factor & set(without.links) == {"Set up a second factor"}
    assert factor & set(with_one.links) == {"Recovery codes", "Remove the second factor"}
    assert factor & set(demanded.links) == {"Recovery codes", "I have a new phone"}
