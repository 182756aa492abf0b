"""What was typed when a session ended comes back to the person who typed it, to nobody else, and not for long."""

import base64
from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.sessions.models import Session

from accounts.models import User
from concerns.actions.working import accept
from concerns.models import Note
from tests.support.entering import signed_in, with_code
from tests.support.pages import Page, Visitor
from tests.support.second_factor import set_up
from tests.support.stages import in_progress
from tests.support.town import Town, file
from workspace.drafts import DRAFTS, PERSON

EMAIL = "carl@northmoor.example"
WORDS = "We looked at it.\r\n\r\nA <lorry> stood in the way; größer als gedacht."
BACK = "Your session had ended. What you typed is here again; nothing has been sent yet."
KEPT = "Your session has ended. Nothing was sent; what you typed is kept for an hour."
LOST = "Your session has ended. Nothing was sent, and what you typed could not be kept."


@pytest.fixture(autouse=True)
def clock(town: Town) -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-03-02T09:00:15+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def note(town: Town) -> str:
    """The address of a form at Carl's desk."""
    return f"/workspace/tickets/{in_progress(town).ticket.pk}/note/"


def end(visitor: Visitor) -> None:
    """The session is gone, as when it was deleted while nobody looked; the browser knows nothing of it."""
    Session.objects.filter(pk=visitor.client.session.session_key).delete()


def typed(visitor: Visitor, path: str, **fields: str) -> Page:
    """A form filled in; the session ends; it is sent."""
    page = visitor.open(path)
    end(visitor)
    return visitor.press(page, page.form("version"), **fields)


def enter(visitor: Visitor, page: Page, email: str = EMAIL) -> Page:
    return visitor.press(page, page.form("login"), login=email, password="northmoor-demo-pass")


def test_after_signing_in_one_is_back_with_everything_typed(note: str, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)
    asked = typed(visitor, note, text=WORDS)
    assert asked.heading == "Sign in"
    assert KEPT in asked.words

    page = enter(visitor, asked)

    assert page.url.partition("?")[0] == note
    assert page.form("version")["text"].replace("\n", "\r\n").replace("\r\r", "\r") == WORDS
    assert BACK in page.words
    assert Note.objects.count() == 0


def test_it_is_sent_then_like_any_other(note: str, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)
    page = enter(visitor, typed(visitor, note, text=WORDS))

    sent = visitor.press(page, page.form("version"))

    assert sent.heading == "Pothole, Quay Street 5"
    assert Note.objects.get().text == WORDS
    assert BACK not in visitor.open(note).words
    assert visitor.open(note).form("version")["text"] == ""


@pytest.mark.parametrize("minutes", [60, 600])
def test_it_comes_back_after_time_outs_too(
    note: str, visitor: Visitor, clock: time_machine.Traveller, minutes: int
) -> None:
    signed_in(visitor, EMAIL)
    page = visitor.open(note)
    clock.shift(minutes * 60)

    page = enter(visitor, visitor.press(page, page.form("version"), text=WORDS))

    assert page.url.partition("?")[0] == note
    assert BACK in page.words


def test_it_comes_through_the_second_factor(town: Town, note: str, visitor: Visitor) -> None:
    secret = set_up(town.people["carl"])
    with_code(visitor, signed_in(visitor, EMAIL), secret)

    asked = enter(visitor, typed(visitor, note, text=WORDS))
    assert asked.heading == "Enter your code"
    page = with_code(visitor, asked, secret, steps=1)

    assert page.url.partition("?")[0] == note
    assert "größer als gedacht" in page.form("version")["text"]


def test_it_comes_through_setting_one_up(town: Town, note: str, visitor: Visitor, settings) -> None:
    signed_in(visitor, EMAIL)
    asked = typed(visitor, note, text=WORDS)
    settings.STAFF_MFA_REQUIRED = True
    page = enter(visitor, asked)
    start = page.words.index("into it:") + len("into it:")
    codes = with_code(visitor, page, page.words[start:].partition("Open")[0])

    page = visitor.open(codes.links["I have kept them"])

    assert "größer als gedacht" in page.form("version")["text"]


def test_it_comes_back_when_one_signed_in_again_in_another_window(
    note: str, visitor: Visitor
) -> None:
    """Then the session is a good one, and the token of the form an old one."""
    signed_in(visitor, EMAIL)
    page = visitor.open(note)
    end(visitor)
    signed_in(visitor, EMAIL)

    again = visitor.press(page, page.form("version"), text=WORDS)

    assert (again.url.partition("?")[0], BACK in again.words) == (note, True)
    assert Note.objects.count() == 0
    visitor.press(again, again.form("version"))
    assert Note.objects.get().text == WORDS


def test_a_form_of_another_site_brings_nothing_back(note: str, visitor: Visitor) -> None:
    """A browser keeps the cookies to itself; should it not, it says where the form comes from."""
    signed_in(visitor, EMAIL)
    said = {"text": "Words of somebody else.", "version": "1"}
    elsewhere = {"referer": "https://evil.example/", "origin": "https://evil.example"}

    answer = visitor.client.post(note, said, headers=elsewhere)

    assert answer.status_code == 400
    assert visitor.open(note).form("version")["text"] == ""


@pytest.mark.parametrize("referer", ["http://[", "//", "\x00", "http://testserver"])
def test_what_a_browser_says_of_its_page_may_be_nonsense(
    note: str, visitor: Visitor, referer: str
) -> None:
    signed_in(visitor, EMAIL)
    end(visitor)
    visitor.client.handler.enforce_csrf_checks = False

    answer = visitor.client.post(note, {"text": WORDS}, headers={"referer": referer})

    assert (answer.status_code, answer["Location"]) == (302, f"/workspace/sign-in/?next={note}")
    assert list(visitor.client.session[DRAFTS]) == [note]


def test_a_password_sent_with_an_old_token_is_not_kept(town: Town, visitor: Visitor) -> None:
    page = visitor.open("/workspace/sign-in/")
    signed_in(visitor, EMAIL)

    refused = visitor.press(page, page.form("login"), login=EMAIL, password="secret-pass")

    assert refused.status == 400
    assert DRAFTS not in visitor.client.session


def test_choices_and_boxes_come_back(town: Town, visitor: Visitor) -> None:
    filed = in_progress(town)
    path = f"/workspace/tickets/{filed.ticket.pk}/resolve/"
    signed_in(visitor, EMAIL)

    page = enter(visitor, typed(visitor, path, outcome="fixed", text="Done."))

    form = page.form("version")
    assert (form["outcome"], form["text"]) == ("fixed", "Done.")


def test_an_empty_field_stays_empty_although_the_page_would_suggest_something(
    town: Town, visitor: Visitor
) -> None:
    filed = in_progress(town)
    path = f"/workspace/tickets/{filed.ticket.pk}/relocate/"
    signed_in(visitor, EMAIL)
    assert visitor.open(path).form("version")["address"] == "Quay Street 5"

    page = enter(visitor, typed(visitor, path, address=""))

    assert page.form("version")["address"] == ""


def test_a_change_meanwhile_is_said(town: Town, visitor: Visitor) -> None:
    filed = file()
    path = f"/workspace/tickets/{filed.ticket.pk}/note/"
    signed_in(visitor, EMAIL)
    asked = typed(visitor, path, text=WORDS)
    accept(actor=town.actor("clara"), ticket_id=filed.ticket.pk)

    page = enter(visitor, asked)

    assert "This ticket has changed since you opened it" in page.words
    assert "größer als gedacht" in page.form("version")["text"]


def test_what_became_impossible_can_be_copied(town: Town, visitor: Visitor) -> None:
    filed = in_progress(town)
    path = f"/workspace/tickets/{filed.ticket.pk}/resolve/"
    signed_in(visitor, EMAIL)
    asked = typed(visitor, path, outcome="fixed", text=WORDS)
    town.people["carl"].memberships.all().delete()

    page = enter(visitor, asked)

    assert (page.status, page.heading) == (409, "This is no longer possible")
    assert "A <lorry> stood in the way; größer als gedacht." in page.words


def test_a_button_leads_back_to_its_page(town: Town, visitor: Visitor) -> None:
    filed = file()
    ticket = f"/workspace/tickets/{filed.ticket.pk}/"
    signed_in(visitor, EMAIL)
    page = visitor.open(ticket)
    (button,) = (form for form in page.forms if form.action == f"{ticket}accept/")
    end(visitor)

    page = enter(visitor, visitor.press(page, button))
    (button,) = (form for form in page.forms if form.action == f"{ticket}accept/")

    assert (page.url.partition("?")[0], BACK in page.words) == (ticket, True)
    done = visitor.press(page, button)
    assert BACK not in done.words
    assert BACK not in visitor.open(ticket).words


def test_two_forms_come_back_each_to_its_page(town: Town, note: str, visitor: Visitor) -> None:
    other = f"/workspace/tickets/{in_progress(town).ticket.pk}/note/"
    signed_in(visitor, EMAIL)
    first, second = visitor.open(note), visitor.open(other)
    end(visitor)
    visitor.press(first, first.form("version"), text="One")
    asked = visitor.press(second, second.form("version"), text="Two")

    page = enter(visitor, asked)

    assert page.form("version")["text"] == "Two"
    assert visitor.open(note).form("version")["text"] == "One"


def test_somebody_else_does_not_get_it(note: str, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)
    asked = typed(visitor, note, text=WORDS)

    page = enter(visitor, asked, "clara@northmoor.example")

    assert page.url.partition("?")[0] == note
    assert (page.form("version")["text"], BACK in page.words) == ("", False)
    assert visitor.client.session[DRAFTS] == {}


def test_nor_does_its_writer_after_somebody_else_was_there(note: str, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)
    enter(visitor, typed(visitor, note, text=WORDS), "clara@northmoor.example")
    end(visitor)

    page = signed_in(visitor, EMAIL, path=note)

    assert page.form("version")["text"] == ""


def test_after_an_hour_it_is_gone(
    note: str, visitor: Visitor, clock: time_machine.Traveller
) -> None:
    signed_in(visitor, EMAIL)
    asked = typed(visitor, note, text=WORDS)
    clock.shift(3600)

    page = enter(visitor, asked)

    assert (page.form("version")["text"], BACK in page.words) == ("", False)
    assert visitor.client.session[DRAFTS] == {}


def test_what_is_too_long_is_not_kept_and_that_is_said(note: str, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)

    asked = typed(visitor, note, text="x" * 70_000)

    assert LOST in asked.words
    assert DRAFTS not in visitor.client.session
    assert enter(visitor, asked).form("version")["text"] == ""


def test_the_longest_words_we_take_are_kept_in_any_script(note: str, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)

    page = enter(visitor, typed(visitor, note, text="ⵥ" * 10_000))

    assert page.form("version")["text"] == "ⵥ" * 10_000


def test_what_was_changed_on_the_way_is_thrown_away(note: str, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)
    asked = typed(visitor, note, text=WORDS)
    session = visitor.client.session
    blob = bytearray(base64.b64decode(session[DRAFTS][note]))
    blob[-1] ^= 1
    session[DRAFTS] = {note: base64.b64encode(blob).decode()}
    session.save()

    page = enter(visitor, asked)

    assert (page.status, page.form("version")["text"]) == (200, "")


def test_a_draft_moved_to_another_page_does_not_open(
    town: Town, note: str, visitor: Visitor
) -> None:
    other = f"/workspace/tickets/{in_progress(town).ticket.pk}/note/"
    signed_in(visitor, EMAIL)
    asked = typed(visitor, note, text=WORDS)
    session = visitor.client.session
    session[DRAFTS] = {other: session[DRAFTS][note]}
    session.save()
    enter(visitor, asked)

    assert visitor.open(other).form("version")["text"] == ""


def test_the_session_holds_no_word_of_it(note: str, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)
    typed(visitor, note, text=WORDS)

    assert "lorry" not in str(dict(visitor.client.session.items()))
    assert EMAIL not in str(dict(visitor.client.session.items()))


def test_whose_it_is_cannot_be_claimed(town: Town, note: str, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)
    page = visitor.open(note)
    end(visitor)
    visitor.client.cookies[PERSON] = f"{town.people['clara'].ref_id}:forged"

    asked = visitor.press(page, page.form("version"), text=WORDS)

    assert LOST in asked.words
    assert DRAFTS not in visitor.client.session


def test_signing_out_ends_it(note: str, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)
    page = visitor.open(note)
    (out,) = (form for form in page.forms if form.action == "/workspace/sign-out/")
    visitor.press(page, out)

    asked = visitor.press(page, page.form("version"), text=WORDS)

    assert LOST in asked.words
    assert DRAFTS not in visitor.client.session


def test_a_stranger_leaves_nothing_behind(town: Town, note: str, visitor: Visitor) -> None:
    page = visitor.open("/workspace/sign-in/")
    token = page.form("login")["csrfmiddlewaretoken"]

    visitor.client.post(note, {"csrfmiddlewaretoken": token, "text": WORDS})

    assert DRAFTS not in visitor.client.session


def test_no_password_is_ever_kept(town: Town, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)
    page = visitor.open("/workspace/account/password/")
    end(visitor)

    visitor.press(page, page.form("oldpassword"), oldpassword="a", password1="b", password2="b")

    assert DRAFTS not in visitor.client.session


def test_the_account_page_keeps_what_was_chosen(town: Town, visitor: Visitor) -> None:
    signed_in(visitor, EMAIL)
    page = visitor.open("/workspace/account/")
    end(visitor)

    page = enter(visitor, visitor.press(page, page.form("notices"), notices="daily"))

    assert (page.url, page.form("notices")["notices"]) == ("/workspace/account/", "daily")
    assert User.objects.get(name="Carl").notices != "daily"


def test_a_page_that_asks_by_itself_learns_nothing_and_disturbs_nobody(
    note: str, visitor: Visitor
) -> None:
    signed_in(visitor, EMAIL)
    end(visitor)

    answer = visitor.client.get("/workspace/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.content) == (204, b"")
