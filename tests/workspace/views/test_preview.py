"""What an act would write, before it is done: on its own page, with what was typed, and nothing has happened."""

from collections.abc import Callable

import pytest

from common.clock import now, today
from concerns.actions.filing import Filed
from concerns.actions.foretelling import OUTLOOKS
from concerns.actions.safeguarding import encircle
from concerns.actions.words import note
from concerns.enums import Channel, State, Verb
from concerns.models import CircleMember, Concern, Reporter, Ticket
from concerns.notices.occasions import TOPIC
from concerns.references import TRACKING_URL_MARK, pin, tracking_token
from notifications.models import Envelope
from notifications.writers import writer_for
from tests.factories.crowd import crowd
from tests.support.pages import Form, Page, Visitor
from tests.support.rows import snapshot
from tests.support.sql import budget
from tests.support.stages import (
    RITA,
    assigned,
    in_progress,
    pending_approval,
    reopen_requested,
    resolved,
    scheduled,
)
from tests.support.town import Town, file, fresh
from tests.workspace.conftest import Desk

LATER = today().replace(year=today().year + 1, day=1).isoformat()
WORDS = "Die Nachtigall\r\n\r\n  <b>singt</b> & schlägt."


def appealed(town: Town) -> Filed:
    return in_progress(town, category="appeal")


# (verb, who, stage, what is filled in)
PAGES: list[tuple[Verb, str, Callable[[Town], Filed], dict[str, str]]] = [
    (Verb.RESOLVE, "carl", in_progress, {"outcome": "fixed", "text": WORDS}),
    (Verb.DECLINE, "carl", in_progress, {"outcome": "cannot_do", "text": WORDS}),
    (Verb.SUBMIT, "carl", appealed, {"outcome": "fixed", "text": WORDS}),
    (Verb.APPROVE, "ada", pending_approval, {}),
    (Verb.SCHEDULE, "carl", in_progress, {"date": LATER}),
    (Verb.RESCHEDULE, "carl", scheduled, {"date": LATER, "reason": WORDS}),
    (Verb.ASK, "carl", in_progress, {"text": WORDS}),
    (Verb.REFER, "carl", in_progress, {"partner": "Moor Water", "text": WORDS}),
    (Verb.MESSAGE, "carl", assigned, {"text": WORDS}),
    (Verb.TRANSFER, "carl", in_progress, {"department": "parks", "reason": WORDS}),
    (Verb.REOPEN, "carl", resolved, {"reason": WORDS}),
    (Verb.UPHOLD, "tess", reopen_requested, {"text": WORDS}),
    (Verb.DECIDE_OBJECTION, "tess", reopen_requested, {"verdict": "reopened", "text": WORDS}),
]
LINK = {"en": "[the person's own link]", "de": "[eigener Link der Person]"}
IDS = [str(verb) for verb, *_ in PAGES]


def known(filed: Filed) -> Filed:
    """With a confirmed address."""
    Reporter.objects.filter(concerns=filed.concern).update(address_confirmed_at=now())
    return filed


def opened(visitor: Visitor, verb: Verb, filed: Filed) -> tuple[Page, Form]:
    path = f"/workspace/tickets/{filed.ticket.pk}/{verb.value.replace('_', '-')}/"
    if verb == Verb.DECIDE_OBJECTION:
        path = f"/workspace/objections/{filed.concern.objections.get().pk}/"
    page = visitor.open(path)
    return page, page.form("version")


def typed(town: Town, said: dict[str, str]) -> dict[str, str]:
    named = {key: str(office.pk) for key, office in town.offices.items()}
    return {name: named.get(value, value) for name, value in said.items()}


@pytest.mark.parametrize(("verb", "who", "stage", "said"), PAGES, ids=IDS)
def test_letter_is_shown_the_input_is_kept_and_nothing_is_written(
    town: Town,
    desk: Desk,
    verb: Verb,
    who: str,
    stage: Callable[[Town], Filed],
    said: dict[str, str],
) -> None:
    filed = known(stage(town))
    visitor, entered = desk(who), typed(town, said)
    page, form = opened(visitor, verb, filed)
    rows = snapshot()

    shown = visitor.press(page, form, "preview=1", **entered)

    assert snapshot() == rows
    assert shown.status == 200, shown.words
    assert "Nothing has been sent yet. 1 person gets this letter, by e-mail." in shown.words
    assert "In English, for 1 person" in shown.words
    assert LINK["en"] in shown.words
    again = shown.form("version")
    assert {name: again[name] for name in ("version", *entered)} == {
        "version": form["version"],
        **entered,
    }
    done = visitor.press(shown, again)
    assert (done.status, done.url) == (200, f"/workspace/tickets/{filed.ticket.pk}/")
    assert fresh(filed.ticket).version > int(form["version"])


def test_every_act_with_a_preview_is_shown_here() -> None:
    assert {verb for verb, *_ in PAGES} == set(OUTLOOKS)


@pytest.mark.parametrize(("verb", "who", "stage", "said"), PAGES, ids=IDS)
def test_preview_costs_at_most_twelve_statements_with_one_and_with_a_hundred(
    town: Town,
    desk: Desk,
    verb: Verb,
    who: str,
    stage: Callable[[Town], Filed],
    said: dict[str, str],
) -> None:
    # Others are told besides who objected, if there are any.
    fewest = 1 if verb == Verb.DECIDE_OBJECTION else 0
    costs = []
    for size in (fewest, 99):
        filed = known(stage(town))
        people = crowd(fresh(filed.ticket), size)
        Reporter.objects.filter(concerns__in=people).update(address_confirmed_at=now())
        visitor, entered = desk(who), typed(town, said)
        page, form = opened(visitor, verb, filed)

        with budget(12) as sent:
            shown = visitor.press(page, form, "preview=1", **entered)

        assert "by e-mail." in shown.words
        costs.append(len(sent))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("language", ["en", "de"])
def test_letter_is_shown_to_the_letter_as_it_goes_out(
    town: Town, desk: Desk, language: str
) -> None:
    filed = file(email=RITA, channel=Channel.MAIL, language=language)
    visitor = desk("carl")
    page, form = opened(visitor, Verb.MESSAGE, filed)

    shown = visitor.press(page, form, "preview=1", text=WORDS)
    before = set(Envelope.objects.values_list("pk", flat=True))
    visitor.press(shown, shown.form("version"))

    posted = Envelope.objects.exclude(pk__in=before).get(topic=TOPIC)
    [letter] = writer_for(TOPIC).letters(posted, "")
    body = " ".join(letter.text.replace(TRACKING_URL_MARK, LINK[language]).split())
    assert f"{letter.subject} {body}" in shown.words
    assert "Die Nachtigall <b>singt</b> & schlägt." in shown.words


def test_proofs_of_others_are_not_shown(town: Town, desk: Desk) -> None:
    filed = known(in_progress(town))
    visitor = desk("carl")
    page, form = opened(visitor, Verb.RESOLVE, filed)

    shown = visitor.press(page, form, "preview=1", outcome="fixed", text="Filled.")

    concern = Concern.objects.get(pk=filed.concern.pk)
    assert pin(concern.pk, concern.generation) not in shown.html
    assert tracking_token(concern.pk, concern.generation) not in shown.html
    assert RITA not in shown.html
    assert "\ufdd0" not in shown.html


def test_whom_it_does_not_reach_is_said(town: Town, desk: Desk) -> None:
    filed = in_progress(town)
    people = crowd(filed.ticket, 6)
    reporters = [one.reporter_id for one in people]
    Reporter.objects.filter(pk__in=reporters[:3]).update(address_confirmed_at=now())
    Reporter.objects.filter(pk=reporters[3]).update(wants_mail=False)
    Reporter.objects.filter(pk__in=reporters[4:]).update(has_email=False)
    Concern.objects.filter(pk=people[0].pk).update(language="de")
    visitor = desk("carl")
    page, form = opened(visitor, Verb.RESOLVE, filed)

    shown = visitor.press(page, form, "preview=1", outcome="fixed", text="Filled.")

    for sentence in (
        "3 people get this letter, by e-mail.",
        "1 person has not confirmed the address yet; once they do, they hear of it in a summary.",
        "1 person wants no mail and looks at the concern's page.",
        "2 people cannot be reached (no address, or mail comes back);",
        "In English, for 2 people",
        "In German, for 1 person",
        "Erledigt: behoben.",
    ):
        assert sentence in shown.words


def test_nobody_gets_a_letter_and_it_says_so(town: Town, desk: Desk) -> None:
    filed = in_progress(town)
    visitor = desk("carl")
    page, form = opened(visitor, Verb.RESOLVE, filed)

    shown = visitor.press(page, form, "preview=1", outcome="fixed", text="Filled.")

    assert "Nobody gets a letter of this now." in shown.words
    assert "1 person has not confirmed the address yet" in shown.words


def test_subject_of_a_confidential_matter_names_nothing(town: Town, desk: Desk) -> None:
    filed = known(in_progress(town))
    CircleMember.objects.create(circle=town.circle, user=town.people["carl"])
    encircle(actor=town.actor("carl"), ticket_id=filed.ticket.pk, circle_key="personnel")
    visitor = desk("carl")
    page, form = opened(visitor, Verb.MESSAGE, filed)

    shown = visitor.press(page, form, "preview=1", text="Hello.")

    assert "In English, for 1 person Subject: Your concern: a message for you Hello," in shown.words


def test_what_is_missing_is_said_before_any_letter_is_shown(town: Town, desk: Desk) -> None:
    filed = known(in_progress(town))
    visitor = desk("carl")
    page, form = opened(visitor, Verb.RESOLVE, filed)

    shown = visitor.press(page, form, "preview=1", outcome="fixed", text="")

    assert (shown.status, shown.error("text")) == (422, "Please write something.")
    assert "Nothing has been sent yet." not in shown.words


def test_what_the_act_would_refuse_is_said_at_its_field(town: Town, desk: Desk) -> None:
    filed = known(in_progress(town))
    visitor = desk("carl")
    page, form = opened(visitor, Verb.DECLINE, filed)

    shown = visitor.press(page, form, "preview=1", outcome="not_responsible", text="Ask them.")

    assert (shown.status, shown.form("version")["text"]) == (409, "Ask them.")
    assert shown.error("responsible_body") != ""


def test_a_change_meanwhile_is_said_and_keeps_the_input(town: Town, desk: Desk) -> None:
    filed = known(in_progress(town))
    visitor = desk("carl")
    page, form = opened(visitor, Verb.RESOLVE, filed)
    note(actor=town.actor("clara"), ticket_id=filed.ticket.pk, text="Meanwhile.")

    shown = visitor.press(page, form, "preview=1", outcome="fixed", text="Filled.")

    assert (shown.status, shown.title) == (409, "Somebody else was faster – Northmoor")
    again = shown.form("version")
    assert (again["version"], again["text"]) == (str(fresh(filed.ticket).version), "Filled.")
    assert "1 person gets this letter" in visitor.press(shown, again, "preview=1").words


def test_what_is_no_longer_possible_keeps_the_input(town: Town, desk: Desk) -> None:
    filed = known(in_progress(town))
    visitor = desk("carl")
    page, form = opened(visitor, Verb.ASK, filed)
    other = desk("clara")
    theirs, decline = opened(other, Verb.DECLINE, filed)
    other.press(theirs, decline, outcome="cannot_do", text="The frost.")

    shown = visitor.press(page, form, "preview=1", text="Which side?")

    assert (shown.status, fresh(filed.ticket).state) == (409, State.DECLINED)
    assert "Which side?" in shown.html
    assert "Nothing has been sent yet." not in shown.words


@pytest.mark.parametrize("verb", ["accept", "note", "join", "publish"])
def test_an_act_without_letters_has_no_preview_and_is_not_done_by_asking(
    town: Town, desk: Desk, verb: str
) -> None:
    filed = known(assigned(town))
    visitor = desk("dora" if verb == "join" else "carl")
    visitor.open("/workspace/")
    page = visitor.open(f"/workspace/tickets/{filed.ticket.pk}/{verb}/")
    form = page.form("version")
    form.put("preview", "1")
    lead = str(file().ticket.pk)
    before = fresh(filed.ticket).version

    shown = visitor.press(page, form, text="Seen.", lead=lead)

    assert (shown.status, fresh(filed.ticket).version) == (404, before)


@pytest.mark.parametrize(("name", "status"), [("paul", 404), ("ada", 403)])
def test_preview_is_for_whom_the_act_is(town: Town, desk: Desk, name: str, status: int) -> None:
    filed = known(in_progress(town))
    page, form = opened(desk("carl"), Verb.MESSAGE, filed)
    stranger = desk(name)
    stranger.open("/workspace/")
    form.fields["csrfmiddlewaretoken"] = [stranger.client.cookies["csrftoken"].value]

    shown = stranger.press(page, form, "preview=1", text="Hello.")

    assert shown.status == status
    assert "gets this letter" not in shown.words
    assert Ticket.objects.get(pk=filed.ticket.pk).version == int(form["version"])
