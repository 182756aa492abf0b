"""The status page: where it stands in a sentence, and what its author can do now — no more, and nothing typed lost."""

import datetime as dt

import pytest
import time_machine

from common.clock import now
from concerns.actions.filing import Filed
from concerns.actions.safeguarding import encircle
from concerns.actions.screening import mark_spam
from concerns.actions.voicing import confirm, withdraw
from concerns.actions.words import note, send_message
from concerns.enums import Standing, State
from concerns.models import Concern, Message, Objection, Ticket
from concerns.references import tracking_token
from tests.factories.crowd import crowd
from tests.support.pages import Page, Visitor
from tests.support.sql import budget, statements
from tests.support.stages import (
    STAGES,
    Stage,
    closed,
    in_progress,
    reopen_requested,
    resolved,
    waiting_external,
    waiting_reporter,
)
from tests.support.town import Town, file

HOSTILE = "<img src=x onerror=alert(1)> {{ csrf_token }} \u202egnp.exe"
ACTS = ["answer", "message", "confirm", "object", "rate", "withdraw"]


def at(visitor: Visitor, filed: Filed) -> Page:
    """The status page of a concern, entered by its link."""
    token = tracking_token(filed.concern.pk, filed.concern.generation)
    return visitor.open(f"/concerns/{filed.concern.reference}/t/{token}/")


def offered(page: Page) -> list[str]:
    """What the page lets its reader do beside adding files, which goes wherever they may write."""
    found = [one["act"] for one in page.forms if "act" in one.fields]
    assert ("files" in found) == bool({"answer", "message"} & set(found))
    return sorted({*found} - {"files"}, key=ACTS.index)


def said(page: Page) -> list[str]:
    return list(page.errors.values())


@pytest.mark.parametrize(
    ("state", "heading", "acts"),
    [
        (
            State.IN_TRIAGE,
            "Being checked. We are finding out who in the city is responsible.",
            ["message", "withdraw"],
        ),
        (State.ASSIGNED, "In progress with Streets.", ["message", "withdraw"]),
        (State.IN_PROGRESS, "In progress with Streets.", ["message", "withdraw"]),
        (State.WAITING_REPORTER, "We need an answer from you.", ["answer", "withdraw"]),
        (State.WAITING_EXTERNAL, "In progress: passed to Moor Water.", ["message", "withdraw"]),
        (State.SCHEDULED, "Planned for 9 March.", ["message", "withdraw"]),
        (State.PENDING_APPROVAL, "In progress with Streets.", ["message", "withdraw"]),
        (
            State.RESOLVED,
            "Done: fixed. If that is not right, tell us by 16 March.",
            ["message", "confirm", "object", "rate"],
        ),
        (
            State.DECLINED,
            "Not possible: the city cannot do this.",
            ["message", "confirm", "object", "rate"],
        ),
        (
            State.REOPEN_REQUESTED,
            "Being checked. Somebody who did not write the answer decides on your objection by 9 March.",
            ["message", "rate"],
        ),
        (State.MERGED, "In progress with Streets.", ["message", "withdraw"]),
        (State.CLOSED, "Done: fixed.", ["message", "object", "rate"]),
        (State.DISCARDED, "Not possible: this was sorted out as misuse.", []),
    ],
)
def test_status_says_where_it_stands_and_offers_what_is_possible(
    town: Town,
    clock: time_machine.Traveller,
    visitor: Visitor,
    state: State,
    heading: str,
    acts: list[str],
) -> None:
    page = at(visitor, STAGES[state](town))

    assert (page.status, page.heading) == (200, heading)
    assert page.title == f"{heading} – Northmoor"
    assert offered(page) == acts
    for internal in ("Ticket", "ticket", "Queue", "merged", "Streets team"):
        assert internal not in page.words


def test_answer_stands_under_the_heading_and_not_twice(town: Town, visitor: Visitor) -> None:
    filed = resolved(town)

    page = at(visitor, filed)

    assert page.words.count("The hole is filled.") == 1
    assert page.words.index("The hole is filled.") < page.words.index("What you can do now")


def test_answer_moves_into_the_conversation_when_somebody_wrote_since(
    town: Town, visitor: Visitor
) -> None:
    page = at(visitor, reopen_requested(town))

    assert page.words.count("The hole is filled.") == 1
    assert page.words.index("Messages") < page.words.index("The hole is filled.")
    assert page.words.index("The hole is filled.") < page.words.index("The hole is still there.")


def test_question_is_answered_on_the_page(town: Town, visitor: Visitor) -> None:
    filed = waiting_reporter(town)
    page = at(visitor, filed)
    assert page.words.count("Which side of the road?") == 1

    page = visitor.press(page, page.form("answer"), **{"answer-text": "The left side."})

    assert page.heading == "In progress with Streets."
    assert Message.objects.latest("pk").text == "The left side."
    assert "The left side." in page.words
    assert "Which side of the road?" in page.words


def test_message_reaches_the_city(town: Town, visitor: Visitor) -> None:
    filed = in_progress(town)
    page = at(visitor, filed)

    page = visitor.press(page, page.form("message"), **{"message-text": HOSTILE})

    assert (page.status, Message.objects.get().text) == (200, HOSTILE)
    assert Ticket.objects.get().unanswered_since is not None
    assert "<img" not in page.html
    assert "{{ csrf_token }}" in page.words


def test_result_is_confirmed(town: Town, visitor: Visitor) -> None:
    filed = resolved(town)
    page = at(visitor, filed)

    page = visitor.press(page, page.form("confirm"))

    assert page.heading == "Done: fixed."
    assert "You told us that it is settled." in page.words
    assert Ticket.objects.get().state == State.CLOSED


def test_result_is_objected_to(town: Town, visitor: Visitor) -> None:
    filed = resolved(town)
    page = at(visitor, filed)

    page = visitor.press(page, page.form("object"), **{"object-text": "Still a hole."})

    assert page.heading.startswith("Being checked.")
    assert Objection.objects.get().message.text == "Still a hole."
    assert "object" not in offered(page)


def test_result_is_rated_once(town: Town, visitor: Visitor) -> None:
    page = at(visitor, resolved(town))

    page = visitor.press(page, page.form("rate"), **{"rate-rating": "4", "rate-text": "Quick."})

    concern = Concern.objects.get()
    assert (concern.rating, concern.rating_words) == (4, "Quick.")
    assert "rate" not in offered(page)


def test_concern_is_withdrawn(town: Town, visitor: Visitor) -> None:
    page = at(visitor, in_progress(town))

    page = visitor.press(page, page.form("withdraw"))

    assert page.heading == "You have withdrawn your concern."
    assert Concern.objects.get().standing == Standing.WITHDRAWN
    assert offered(page) == []


@pytest.mark.parametrize(
    ("act", "field", "typed", "wrong"),
    [
        ("answer", "text", "  ", "Please write something."),
        ("object", "text", "", "Please write something."),
        (
            "object",
            "text",
            "x" * 10_001,
            "This text is too long. Please shorten it to 10000 characters; it has 10001.",
        ),
        (
            "object",
            "text",
            "a\0b",
            "This text contains signs that cannot be stored. Please remove them.",
        ),
        ("rate", "rating", None, "Please choose how satisfied you are."),
        ("rate", "rating", "6", "Select a valid choice. 6 is not one of the available choices."),
        ("rate", "rating", "9" * 5000, ""),
        (
            "rate",
            "rating",
            "NaN",
            "Select a valid choice. NaN is not one of the available choices.",
        ),
    ],
)
def test_wrong_entry_is_said_at_its_field_and_kept(
    town: Town, visitor: Visitor, act: str, field: str, typed: str | None, wrong: str
) -> None:
    page = at(visitor, (waiting_reporter if act == "answer" else resolved)(town))

    refused = visitor.press(page, page.form(act), **{f"{act}-{field}": typed})

    assert refused.status == 422
    assert refused.error(f"{act}-{field}").startswith(wrong)
    assert refused.title.startswith("Error: ")
    if field == "text":
        assert refused.form(act)[f"{act}-text"] == typed
    assert Message.objects.filter(direction="in").count() == 0


@pytest.mark.parametrize(
    ("stage", "act", "typed"),
    [
        (in_progress, "confirm", {}),
        (in_progress, "object", {"object-text": "Too slow for me."}),
        (in_progress, "rate", {"rate-rating": "1", "rate-text": "Too slow for me."}),
        (reopen_requested, "object", {"object-text": "Too slow for me."}),
        (resolved, "withdraw", {}),
        (closed, "confirm", {}),
    ],
)
def test_act_that_came_too_late_keeps_what_was_written(
    town: Town, visitor: Visitor, stage: Stage, act: str, typed: dict[str, str]
) -> None:
    filed = stage(town)
    page = at(visitor, filed)
    before = Ticket.objects.get().version
    form = page.form("message")
    form.fields["act"] = [act]

    refused = visitor.press(page, form, **typed)

    assert refused.status == 422
    assert "This is not possible in the present state." in refused.words
    for name, value in typed.items():
        assert refused.form(act)[name] == value
    assert Ticket.objects.get().version == before


@pytest.mark.parametrize("act", ["answer", "message"])
def test_message_after_withdrawing_keeps_what_was_written(
    town: Town, visitor: Visitor, act: str
) -> None:
    filed = waiting_reporter(town) if act == "answer" else in_progress(town)
    page = at(visitor, filed)
    withdraw(concern_id=filed.concern.pk)

    refused = visitor.press(page, page.form(act), **{f"{act}-text": "One more thing."})

    assert refused.status == 422
    assert refused.form("message")["message-text"] == "One more thing."


def test_act_nobody_knows_is_refused(town: Town, visitor: Visitor) -> None:
    page = at(visitor, in_progress(town))

    refused = visitor.press(page, page.form("message"), act="approve")

    assert (refused.status, refused.heading) == (400, "We could not read that")


def test_page_of_another_concern_is_not_opened_by_this_cookie(town: Town, visitor: Visitor) -> None:
    mine, other = in_progress(town), file()
    page = at(visitor, mine)

    refused = visitor.press(page, page.form("withdraw"))
    page = visitor.open(f"/concerns/{other.concern.reference}/")

    assert refused.heading == "You have withdrawn your concern."
    assert page.url == f"/concerns/?reference={other.concern.reference}"
    other.concern.refresh_from_db()
    assert other.concern.standing == Standing.ACTIVE


def test_notes_and_other_peoples_messages_stay_inside(town: Town, visitor: Visitor) -> None:
    filed = in_progress(town)
    note(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="zebrafinch")
    send_message(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="We are on our way.")

    page = at(visitor, filed)

    assert "zebrafinch" not in page.html
    assert "Carl" not in page.html
    assert "We are on our way." in page.words


def test_spam_and_confidential_concerns_still_have_a_page(town: Town, visitor: Visitor) -> None:
    spam, secret = in_progress(town), in_progress(town)
    mark_spam(actor=town.actor("dora"), concern_id=spam.concern.pk)
    encircle(actor=town.actor("carl"), ticket_id=secret.ticket.pk, circle_key="personnel")

    assert at(visitor, spam).heading == "Not possible: this was sorted out as misuse."
    assert at(visitor, secret).heading == "In progress with Streets."


def test_date_that_passed_is_owned_up_to(
    town: Town, clock: time_machine.Traveller, visitor: Visitor
) -> None:
    early = waiting_external(town)
    promised = at(visitor, early)
    clock.shift(dt.timedelta(days=9))

    late = at(visitor, early)

    assert "You hear from us by 5 March." in promised.words
    assert "We wanted to write to you by 5 March. It takes longer; we keep at it." in late.words
    assert now().date() > dt.date(2026, 3, 5)


def test_joined_concern_is_told_of_the_company(town: Town, visitor: Visitor) -> None:
    filed = in_progress(town)
    crowd(filed.ticket, 36)

    assert "Handled together with 36 similar reports." in at(visitor, filed).words


@pytest.mark.parametrize("size", [0, 99])
@pytest.mark.parametrize("stage", [in_progress, waiting_reporter, resolved])
def test_status_costs_at_most_six_statements(
    town: Town, visitor: Visitor, stage: Stage, size: int
) -> None:
    filed = stage(town)
    crowd(filed.ticket, size)
    at(visitor, filed)

    with budget(6):
        page = visitor.open(f"/concerns/{filed.concern.reference}/")

    assert page.status == 200


def test_status_costs_the_same_with_one_and_a_hundred(town: Town, visitor: Visitor) -> None:
    filed = resolved(town)
    at(visitor, filed)
    path = f"/concerns/{filed.concern.reference}/"
    with statements() as alone:
        visitor.open(path)
    crowd(filed.ticket, 99)

    with statements() as among_many:
        visitor.open(path)

    assert len(among_many) == len(alone)


def test_confirming_by_one_of_many_does_not_close(town: Town, visitor: Visitor) -> None:
    filed = resolved(town)
    crowd(filed.ticket, 1)

    confirm(concern_id=filed.concern.pk)

    page = at(visitor, filed)
    assert Ticket.objects.get().state == State.RESOLVED
    assert offered(page) == ["message", "object", "rate"]
