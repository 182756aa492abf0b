"""Words that people with bad intentions, and broken programs, type into the citizens' pages."""

from urllib.parse import quote

import pytest

from common.clock import today
from concerns.actions.filing import Filed
from concerns.models import Attachment, Concern, Ticket
from tests.portal.views.test_filing import at_check, begun, on, step_of
from tests.portal.views.test_hostile_files import MARKUP, named, pressed
from tests.portal.views.test_own_things import entered, known
from tests.support.pages import Visitor
from tests.support.town import Town, file

BREACH = "\r\nBcc: eve@people.example"
# Turns what follows around, and shows `gpj.exe` as `exe.jpg`.
TURN, BACK = "\u202e", "\u202c"


def test_a_megabyte_of_words_is_refused_with_the_limit_and_kept(
    town: Town, visitor: Visitor
) -> None:
    words = "x" * 1_000_000

    page = begun(visitor, words)

    assert page.status == 422
    assert page.error("words").endswith("shorten it to 10000 characters; it has 1000000.")
    assert page.form("once")["words"] == words


@pytest.mark.parametrize("raw", ["a%ff%feb", "a%ed%a0%80b", "a%c3b"])
def test_bytes_that_are_no_utf8_become_the_sign_for_that(
    town: Town, visitor: Visitor, raw: str
) -> None:
    page = on(visitor, begun(visitor, "Loud."), category="noise")
    said = {**page.form("step").fields, "words": ["WORDS"], "address": ["WORDS"], "step": ["check"]}
    fields = [(name, one) for name, values in said.items() for one in values]
    body = "&".join(f"{name}={quote(one)}" for name, one in fields).replace("WORDS", raw)
    kind = "application/x-www-form-urlencoded"

    visitor.client.post("/report/", body, content_type=kind)

    concern = Concern.objects.get()
    assert concern.words == concern.address
    assert concern.words.replace("\ufffd", "") == "ab"
    assert "\ufffd" in concern.words


def test_a_file_where_words_belong_and_words_where_files_belong_are_none(
    asking: Town, visitor: Visitor
) -> None:
    said = dict(at_check(visitor).form("step").fields)

    refused = pressed(visitor, {**said, "words": named("words.txt"), "category": named("tree")})
    filed = pressed(visitor, {**said, "uploads": "hole.jpg"})

    assert (refused.status, step_of(refused)) == (422, "what")
    assert refused.error("words") == "Please write what you would like to tell the city."
    assert filed.heading == "Thank you. We have your concern."
    assert (Concern.objects.count(), Attachment.objects.count()) == (1, 0)


def test_of_a_field_sent_twice_the_last_counts_everywhere(asking: Town, visitor: Visitor) -> None:
    check = at_check(visitor)

    page = on(visitor, check, "go=contact", words=["A first.", "A second."])
    page = on(visitor, page)
    on(visitor, page)

    assert ("A first." in page.words, "A second." in page.words) == (False, True)
    assert Concern.objects.get().words == "A second."


def test_answers_to_questions_nobody_asked_are_left_out(asking: Town, visitor: Visitor) -> None:
    hostile = {"answer-depth": "3", "answer-__class__": "x", "answer-": "y", "answer-since": ""}

    on(visitor, at_check(visitor), **hostile)

    assert Concern.objects.get().answers == {"blocks-road": True, "broken": ["branch", "trunk"]}


def test_a_day_to_come_is_an_answer_like_any_other_and_moves_nothing(
    asking: Town, visitor: Visitor
) -> None:
    page = on(visitor, at_check(visitor), **{"answer-since": "9999-12-31"})

    concern = Concern.objects.get()
    assert page.heading == "Thank you. We have your concern."
    assert concern.answers["since"] == "9999-12-31"
    due = Ticket.objects.get().first_response_due
    assert due is not None
    assert (concern.created_at.date(), due.year - today().year in (0, 1)) == (today(), True)


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("name", f"Rita{BREACH}", "This must be one line without special signs."),
        ("email", f"rita@people.example{BREACH}", "This must be one line without special signs."),
        ("email", "rita@people.example,eve@people.example", "This is no complete e-mail address."),
        ("phone", f"01632 960123{BREACH}", "This must be one line without special signs."),
    ],
)
def test_no_line_ends_in_what_may_stand_in_a_header(
    asking: Town, visitor: Visitor, name: str, typed: str, words: str
) -> None:
    refused = on(visitor, on(visitor, at_check(visitor), "go=contact"), **{name: typed})

    assert (refused.status, step_of(refused)) == (422, "contact")
    assert refused.error(name).startswith(words)
    assert on(visitor, at_check(visitor), **{name: typed}).status == 422
    assert Concern.objects.count() == 0


def test_a_place_of_two_lines_is_refused(asking: Town, visitor: Visitor) -> None:
    refused = on(visitor, at_check(visitor), address=f"Quay{BREACH}")

    assert (refused.status, step_of(refused)) == (422, "where")
    assert refused.error("address").startswith("This must be one line without special signs.")


def test_name_and_place_turn_nothing_around(asking: Town, visitor: Visitor) -> None:
    page = at_check(visitor, address=f"{TURN}Quay{BACK} Street", email="rita@people.example")

    on(visitor, page, name=f"\u2067Ri{TURN}ta\u2069 Roe", phone=f"\u202a01632 960123{BACK}")

    concern = Concern.objects.get()
    assert concern.address == "Quay Street"
    assert known(Filed(concern, Ticket.objects.get())) == {
        "name": "Rita Roe",
        "email": "rita@people.example",
        "phone": "+441632960123",
    }


def test_words_turn_around_no_more_than_themselves(town: Town, visitor: Visitor) -> None:
    """They are kept as typed; what a block of its own shows ends its direction with it."""
    filed = file(f"Look at {TURN}gpj.exe")
    page = visitor.open(entered(visitor, filed))

    assert page.html.count(f"Look at {TURN}gpj.exe</p>") == page.html.count(TURN) == 1


def test_markup_stays_words_wherever_it_may_be_typed(asking: Town, visitor: Visitor) -> None:
    page = on(visitor, at_check(visitor, MARKUP, address=MARKUP), "go=contact")
    pages = [page, page := on(visitor, page, name=MARKUP)]
    pages.append(pressed(visitor, {**page.form("step").fields, "uploads": named(f"{MARKUP}.pdf")}))
    concern = Concern.objects.get()
    path = f"/concerns/{concern.reference}/"
    pages += [visitor.open(path), visitor.open(f"{path}contact/")]
    said = f"/?reference={quote(MARKUP)}"
    pages += [visitor.open(f"/concerns{said}"), visitor.open(f"/published{said}")]

    assert (concern.words, concern.address) == (MARKUP, MARKUP)
    assert [one.status for one in pages] == [200] * len(pages)
    assert [one.html for one in pages if "<img src=x" in one.html] == []
    assert pages[3].words.count(MARKUP) == 3  # heading of the matter, words and place
    assert f"_{MARKUP[1:].replace('>', '_')}.pdf" in pages[3].words
    assert pages[4].form("wants_mail")["name"] == MARKUP
    assert pages[5].form("pin")["reference"] == MARKUP[:60]


def test_contact_data_sent_after_the_proof_is_gone_stay_in_sight(
    town: Town, visitor: Visitor
) -> None:
    filed = file(email="rita@people.example")
    page = visitor.open(f"{entered(visitor, filed)}contact/")
    visitor.client.cookies.pop("concern")

    refused = visitor.press(page, page.form("seen"), name="Rita <b>", phone="01632 960123")

    assert (refused.status, "What you wrote was not sent" in refused.words) == (403, True)
    for said in ("Rita <b>", "01632 960123", "rita@people.example"):
        assert refused.words.count(said) == 1
    assert known(filed)["name"] == ""
