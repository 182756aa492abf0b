"""What people with bad intentions, and broken programs, send to the desk, or have shown there."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from common.actor import Actor
from common.clock import today
from concerns.actions.filing import Place
from concerns.actions.words import note, reply
from concerns.actions.working import accept
from concerns.models import Category, Concern, Note, Ticket
from concerns.queries.contact import contact_of
from tests.concerns.actions.test_attaching import add
from tests.support.files import DOCX, HTML, PDF, store, upload
from tests.support.pages import Page, Visitor
from tests.support.stages import in_progress
from tests.support.town import HARBOUR, Town, file
from tests.workspace.conftest import Desk

__all__ = ["store"]

MARKUP = "<img src=x onerror=alert(1)>{% now 'Y' %}{{ csrf_token }}"
BREACH = "\r\nBcc: eve@people.example"
# Turns what follows around, and shows `gpj.exe` as `exe.jpg`.
TURN = "\u202e"
ONE_LINE = "This must be one line without special signs."
UNSTORABLE = "This text contains signs that cannot be stored."
FORM = "application/x-www-form-urlencoded"
QUESTIONS = [
    {"key": "since", "type": "date", "labels": {"en": "Since when?", "de": "Seit wann?"}},
    {"key": "more", "type": "text", "labels": {"en": "What else?", "de": "Was noch?"}},
]


@pytest.fixture(autouse=True)
def asking(town: Town) -> None:
    Category.objects.filter(slug__in=["noise", "pothole"]).update(questions=QUESTIONS)


def intake(desk: Desk, **said: str | list[str]) -> tuple[Visitor, Page]:
    """The form filled in, with the questions of its category on the page."""
    visitor = desk("carl")
    page = visitor.open("/workspace/new/")
    typed = {"words": "Loud.", "category": "noise"} | said
    return visitor, visitor.press(page, page.form("once"), **typed)


def filed(desk: Desk, **said: str | list[str]) -> Page:
    visitor, page = intake(desk)
    return visitor.press(page, page.form("once"), **said)


def ticket_page(visitor: Visitor) -> str:
    return f"/workspace/tickets/{Ticket.objects.latest('pk').pk}/"


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("words", "", "Please write something."),
        ("words", "x" * 1_000_000, "This text is too long. Please shorten it to 10000 characters"),
        ("words", "a\0b", UNSTORABLE),
        ("address", "Quay\0", "Null characters are not allowed."),
        ("address", f"Quay{BREACH}", ONE_LINE),
        ("address", "x" * 301, "Ensure this value has at most 300 characters"),
        ("name", "Ri\0ta", "Null characters are not allowed."),
        ("name", f"Rita{BREACH}", ONE_LINE),
        ("email", f"rita@people.example{BREACH}", ONE_LINE),
        ("email", "rita@people.example,eve@people.example", "This is no complete e-mail address."),
        ("phone", f"01632 960123{BREACH}", ONE_LINE),
        ("channel", "pigeon", "Select a valid choice."),
        ("language", "tlh", "Select a valid choice."),
        ("answer-since", "31.12.2999", "Please enter a date"),
        ("answer-more", "a\0b", "Null characters are not allowed."),
        ("answer-more", "x" * 1001, "This text is too long."),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_stored(
    desk: Desk, field: str, typed: str, told: str
) -> None:
    page = filed(desk, **{field: typed})

    assert page.status == 422
    assert page.error(field).startswith(told)
    kept = page.form("once")
    assert field in kept.options or kept[field] == typed
    assert Concern.objects.count() == 0


@pytest.mark.parametrize("category", ["no-such", "noise\0", "'; DROP TABLE concerns_concern; --"])
def test_a_category_nobody_knows_is_refused(desk: Desk, category: str) -> None:
    _visitor, page = intake(desk, category=category)

    assert page.error("category").startswith("Select a valid choice.")
    assert Concern.objects.count() == 0


@pytest.mark.parametrize("key", ["a\0b", "", "x" * 5000, "\ud7ff" * 30, "a:b"])
def test_a_key_that_is_none_of_ours_files_all_the_same(desk: Desk, key: str) -> None:
    assert filed(desk, once=key).heading == "The concern has been filed"


def test_other_words_with_the_same_key_are_another_concern(desk: Desk) -> None:
    visitor, page = intake(desk)
    for words in ("Loud.", "Loud.", "Louder."):
        visitor.press(page, page.form("once"), words=words)

    assert sorted(Concern.objects.values_list("words", flat=True)) == ["Loud.", "Louder."]


def test_answers_to_questions_nobody_asked_are_left_out(desk: Desk) -> None:
    filed(desk, **{"answer-depth": "3", "answer-__class__": "x", "answer-more": "At night."})

    assert Concern.objects.get().answers == {"more": "At night."}


def test_a_day_to_come_is_an_answer_like_any_other_and_moves_nothing(desk: Desk) -> None:
    filed(desk, **{"answer-since": "9999-12-31"})

    concern = Concern.objects.get()
    assert (concern.answers, concern.created_at.date()) == ({"since": "9999-12-31"}, today())


def test_bytes_that_are_no_utf8_become_the_sign_for_that(town: Town, desk: Desk) -> None:
    ticket = in_progress(town).ticket
    visitor = desk("carl")
    visitor.client.handler.enforce_csrf_checks = False
    said = b"text=a%ff%feb%ed%a0%80&version=" + str(ticket.version).encode()

    visitor.client.post(f"/workspace/tickets/{ticket.pk}/note/", said, content_type=FORM)

    assert Note.objects.get().text.replace("\ufffd", "") == "ab"


def test_a_file_where_words_belong_is_none(town: Town, desk: Desk) -> None:
    ticket = in_progress(town).ticket
    visitor = desk("carl")
    visitor.client.handler.enforce_csrf_checks = False

    answer = visitor.client.post(
        f"/workspace/tickets/{ticket.pk}/note/",
        {"text": upload(PDF), "version": str(ticket.version)},
    )

    assert (answer.status_code, Note.objects.count()) == (422, 0)


def test_contact_data_of_another_are_no_header(town: Town, desk: Desk) -> None:
    concern = file(email="rita@people.example", name="Rita Roe").concern
    visitor = desk("carl")
    page = visitor.open(f"/workspace/concerns/{concern.pk}/correct-contact/")

    for name in ("name", "email", "phone"):
        refused = visitor.press(page, page.form("version"), **{name: f"a@b.example{BREACH}"})
        assert refused.error(name).startswith(ONE_LINE)

    assert concern.reporter is not None
    assert contact_of(Actor.system(), concern.reporter, purpose="test")["name"] == "Rita Roe"


def said_everywhere(town: Town, words: str) -> Ticket:
    """A ticket whose every text says this."""
    filed = file(
        words,
        place=Place(words, HARBOUR.lat, HARBOUR.lon),
        name=words,
        email="rita@people.example",
        answers={"more": words},
    )
    add(filed, upload(PDF, f"{words}.pdf"))
    note(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text=words)
    reply(concern_id=filed.concern.pk, text=words)
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    return filed.ticket


def pages_of(visitor: Visitor, ticket: Ticket, words: str) -> list[Page]:
    there = f"/workspace/tickets/{ticket.pk}/"
    concern = ticket.placements.get().concern_id
    paths = [
        there,
        f"{there}?contact={concern}",
        f"{there}decline/",
        f"{there}relocate/",
        f"/workspace/similar/{ticket.pk}/",
        f"/workspace/concerns/{concern}/correct-contact/",
        "/workspace/queues/all/",
        f"/workspace/?search={quote(words)}",
    ]
    return [visitor.open(path) for path in paths]


def test_markup_stays_words_wherever_it_was_typed(town: Town, desk: Desk) -> None:
    ticket = said_everywhere(town, MARKUP)

    pages = pages_of(desk("carl"), ticket, MARKUP)

    assert [page.status for page in pages] == [200] * len(pages)
    assert [page.url for page in pages if "<img src=x" in page.html] == []
    assert [page.url for page in pages if MARKUP not in page.words + str(page.forms)] == []
    assert pages[1].words.count(MARKUP) == pages[0].words.count(MARKUP) + 1  # the name


def test_what_turns_around_ends_with_its_own_block(town: Town, desk: Desk) -> None:
    """Names, places and names of files hold no such sign at all; words keep it, and stand alone in their block."""
    ticket = said_everywhere(town, f"a{TURN}b")

    pages = pages_of(desk("carl"), ticket, "loud")

    turned = [end for page in pages for end in re.findall(f"{TURN}[^<]*(<[^>]*>)", page.html)]
    assert set(turned) <= {"</p>", "</dd>", "</blockquote>", "</textarea>"}
    assert (len(turned) > 3, "ab" in pages[0].heading, "ab.pdf" in pages[0].words) == (True,) * 3
    assert [one.url for one in pages if TURN in one.title + one.heading] == []


def test_a_pdf_that_is_a_page_too_is_saved_and_never_shown(
    town: Town, desk: Desk, store: Path
) -> None:
    kept = add(file(), upload(PDF + HTML + DOCX, "plan.html"))[0]

    answer = desk("carl").client.get(f"/workspace/files/{kept.pk}/")

    assert b"".join(answer.streaming_content) == PDF + HTML + DOCX
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf",
        'attachment; filename="plan.html.pdf"',
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].endswith("sandbox")
