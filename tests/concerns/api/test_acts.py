"""Every act of the table through the door: what it does, what it costs, whom it refuses."""

import datetime as dt

import pytest

from accounts.enums import Scope
from common.clock import today
from concerns.actions.by_verb import ACTS
from concerns.actions.filing import follow_ticket
from concerns.actions.following_up import follow_up
from concerns.actions.joining import join
from concerns.actions.safeguarding import encircle, exclude, hold, restrict
from concerns.actions.screening import mark_spam, propose_discard
from concerns.actions.voicing import object_to_result, withdraw
from concerns.actions.words import reply
from concerns.actions.working import accept
from concerns.api.acts import BY_SLUG, wanted_by
from concerns.api.serializers.acts import AnswerInput
from concerns.enums import Channel, Standing, State
from concerns.models import Cause, CircleMember, Concern, Event, Note, Ticket
from concerns.references import pin
from tests.factories.crowd import crowd
from tests.factories.matters import CircleFactory
from tests.support.rest import Rest, browser_of, pointers_in, problem_in, program_of
from tests.support.signatures import asked_by
from tests.support.sql import budget
from tests.support.stages import (
    RITA,
    assigned,
    discarded,
    in_progress,
    in_triage,
    merged,
    pending_approval,
    reopen_requested,
    resolved,
    scheduled,
    waiting_external,
    waiting_reporter,
)
from tests.support.town import file, fresh

SOON = (today() + dt.timedelta(days=7)).isoformat()
FIXED = {"outcome": "fixed", "text": "The hole is filled."}
CANNOT = {"outcome": "cannot_do", "text": "The frost does not let us dig."}
TOMORROW = (today() + dt.timedelta(days=1)).isoformat()
WHY = {"reason": "It lies with them."}


def unanswered(town):
    filed = in_progress(town)
    reply(concern_id=filed.concern.pk, text="Are you there?")
    return filed


def to_follow_up(town):
    filed = assigned(town)
    follow_up(
        actor=town.actor("carl"),
        ticket_id=filed.ticket.pk,
        date=today() + dt.timedelta(days=1),
        text="Ice?",
    )
    return filed


def objected_in_company(town):
    """Answered for two, one of whom objects."""
    filed, other = resolved(town), file(email="leo@people.example")
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=filed.ticket.pk)
    object_to_result(concern_id=filed.concern.pk, text="Mine is another one.")
    return filed


def objected_from_a_chain(town):
    """Who objects had brought somebody along, so that their own ticket cannot take them back."""
    first, second, filed = file(), file(email=RITA), resolved(town)
    for ticket, lead in ((first, second), (second, filed)):
        join(actor=town.actor("dora"), ticket_id=ticket.ticket.pk, lead_id=lead.ticket.pk)
    object_to_result(concern_id=second.concern.pk, text="Mine is another one.")
    return filed


def abandoned(town):
    filed = in_progress(town)
    withdraw(concern_id=filed.concern.pk)
    return filed


def suspected(town):
    filed = assigned(town)
    propose_discard(actor=town.actor("carl"), ticket_id=filed.ticket.pk, reason="Advertising?")
    return filed


def published(town):
    filed = assigned(town)
    program = program_of(town.people["carl"])
    program.act(filed.ticket.pk, "publish", version=fresh(filed.ticket).version)
    return filed


def confidential(town):
    """In a circle to which Dora belongs."""
    filed = assigned(town)
    CircleMember.objects.get_or_create(circle=town.circle, user=town.people["dora"])
    encircle(actor=town.actor("dora"), ticket_id=filed.ticket.pk, circle_key="personnel")
    return filed


def restricted(town):
    filed = assigned(town)
    restrict(actor=town.actor("alma"), ticket_id=filed.ticket.pk, reason="art18")
    return filed


def held(town):
    filed = assigned(town)
    hold(
        actor=town.actor("alma"),
        ticket_id=filed.ticket.pk,
        reason="lawsuit",
        until=dt.date.fromisoformat(SOON),
    )
    return filed


def followed(town):
    filed = assigned(town)
    follow_ticket(
        actor=town.actor("carl"),
        ticket_id=filed.ticket.pk,
        channel=Channel.PHONE,
        language="en",
        contact={"email": "leo@people.example"},
    )
    return filed


def in_company(town):
    """Another ticket is joined to it."""
    filed, other = assigned(town), file(email="leo@people.example")
    join(actor=town.actor("dora"), ticket_id=other.ticket.pk, lead_id=filed.ticket.pk)
    return filed


def joined_to(filed):
    """The concern that came with the ticket joined to this one."""
    return Concern.objects.get(placements__origin__merged_into=filed.ticket)


def with_spam(town):
    filed = followed(town)
    mark_spam(actor=town.actor("dora"), concern_id=filed.concern.pk)
    return filed


def confidential_for_two(town):
    """Dora sees it, and belongs to a second circle as well."""
    filed = confidential(town)
    CircleMember.objects.get_or_create(circle=CircleFactory(key="board"), user=town.people["dora"])
    return filed


def excluding(town):
    """Confidential, and Max is kept out."""
    filed = confidential(town)
    exclude(actor=town.actor("dora"), ticket_id=filed.ticket.pk, user_id=town.people["max"].pk)
    return filed


def to_be_approved(town):
    filed = file(category="appeal", email=RITA)
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    return filed


def decided(verdict):
    """The body that decides the one objection on a ticket."""
    return lambda _town, filed: {
        "objection": filed.ticket.objections.get().pk,
        "verdict": verdict,
        "text": "We looked again.",
    }


# (act, who, stage, body or what makes it from the filed concern, state afterwards)
CASES = [
    ("route", "dora", in_triage, {"department": "parks"}, State.ASSIGNED),
    ("transfer", "carl", in_progress, {"department": "parks", **WHY}, State.ASSIGNED),
    ("hand-back", "carl", in_progress, WHY, State.IN_TRIAGE),
    ("accept", "carl", assigned, None, State.IN_PROGRESS),
    (
        "assign",
        "carl",
        assigned,
        lambda town, _filed: {"assignee": town.people["clara"].pk},
        State.ASSIGNED,
    ),
    ("release", "carl", in_progress, None, State.IN_PROGRESS),
    ("schedule", "carl", in_progress, {"date": SOON}, State.SCHEDULED),
    ("schedule", "carl", scheduled, {"date": SOON, "reason": "Rain."}, State.SCHEDULED),
    ("start", "carl", scheduled, None, State.IN_PROGRESS),
    ("ask", "carl", in_progress, {"text": "Which side?"}, State.WAITING_REPORTER),
    (
        "ask",
        "carl",
        in_progress,
        lambda _town, filed: {"text": "Which side?", "to": [filed.concern.reference]},
        State.WAITING_REPORTER,
    ),
    ("record-answer", "carl", waiting_reporter, {"text": "The left one."}, State.IN_PROGRESS),
    (
        "refer",
        "carl",
        in_progress,
        {"partner": "Moor Water", "text": "Your pipe."},
        State.WAITING_EXTERNAL,
    ),
    ("report-back", "carl", waiting_external, {"text": "Mended."}, State.IN_PROGRESS),
    ("recall", "carl", waiting_external, WHY, State.IN_PROGRESS),
    ("resolve", "carl", in_progress, FIXED, State.RESOLVED),
    ("resolve", "carl", in_progress, {**FIXED, "cause": "wear"}, State.RESOLVED),
    ("decline", "carl", in_progress, CANNOT, State.DECLINED),
    (
        "decline",
        "carl",
        in_progress,
        {"outcome": "not_responsible", "text": "Ask them.", "responsible_body": "Moor Water"},
        State.DECLINED,
    ),
    ("approve", "ada", pending_approval, None, State.RESOLVED),
    ("reject", "ada", pending_approval, WHY, State.IN_PROGRESS),
    ("retract", "carl", pending_approval, None, State.IN_PROGRESS),
    ("reopen", "carl", resolved, WHY, State.IN_PROGRESS),
    ("reopen", "dora", resolved, {**WHY, "department": "parks"}, State.ASSIGNED),
    ("uphold", "tess", reopen_requested, {"text": "It is filled."}, State.CLOSED),
    ("decide-objection", "tess", reopen_requested, decided("upheld"), State.CLOSED),
    ("decide-objection", "tess", reopen_requested, decided("reopened"), State.IN_PROGRESS),
    ("decide-objection", "tess", objected_in_company, decided("detached"), State.RESOLVED),
    ("decide-objection", "tess", objected_from_a_chain, decided("detached"), State.RESOLVED),
    ("close-withdrawn", "carl", abandoned, WHY, State.CLOSED),
    ("join", "dora", assigned, lambda _town, _filed: {"lead": file().ticket.pk}, State.MERGED),
    (
        "compare",
        "carl",
        assigned,
        lambda _town, _filed: {"other": file().ticket.pk, "finding": "different"},
        State.ASSIGNED,
    ),
    ("detach", "dora", merged, None, State.IN_TRIAGE),
    (
        "detach-concern",
        "dora",
        followed,
        lambda _town, filed: {"concern": filed.concern.reference},
        State.ASSIGNED,
    ),
    (
        "detach-concern",
        "dora",
        in_company,
        lambda _town, filed: {"concern": joined_to(filed).reference},
        State.ASSIGNED,
    ),
    (
        "split",
        "carl",
        assigned,
        lambda _town, filed: {
            "concern": filed.concern.reference,
            "words": "And a tree.",
            "category": "tree",
        },
        State.ASSIGNED,
    ),
    ("discard", "dora", assigned, WHY, State.DISCARDED),
    ("restore", "dora", discarded, WHY, State.IN_TRIAGE),
    ("propose-discard", "carl", assigned, WHY, State.ASSIGNED),
    ("dismiss-discard", "dora", suspected, WHY, State.ASSIGNED),
    (
        "mark-spam",
        "dora",
        followed,
        lambda _town, filed: {"concern": filed.concern.reference},
        State.ASSIGNED,
    ),
    (
        "unmark-spam",
        "dora",
        with_spam,
        lambda _town, filed: {"concern": filed.concern.reference},
        State.ASSIGNED,
    ),
    ("message", "carl", assigned, {"text": "We are on our way."}, State.ASSIGNED),
    (
        "message",
        "carl",
        assigned,
        lambda _town, filed: {"text": "Thank you.", "to": [filed.concern.reference.lower()]},
        State.ASSIGNED,
    ),
    ("settle", "carl", unanswered, {"text": "Answered on the phone."}, State.IN_PROGRESS),
    ("note", "carl", assigned, {"text": "The lamp is dark, too."}, State.ASSIGNED),
    ("follow-up", "carl", assigned, {"date": TOMORROW, "text": "Ice?"}, State.ASSIGNED),
    ("followed-up", "carl", to_follow_up, {"text": "All is well."}, State.ASSIGNED),
    ("prioritise", "carl", assigned, {"priority": 2, "reason": "A school."}, State.ASSIGNED),
    ("categorise", "carl", published, {"category": "tree"}, State.ASSIGNED),
    (
        "relocate",
        "carl",
        published,
        {"place": {"lat": 54.05, "lon": -0.85, "address": "Hill 1"}},
        State.ASSIGNED,
    ),
    (
        "correct-contact",
        "carl",
        assigned,
        lambda _town, filed: {
            "concern": filed.concern.reference,
            "contact": {"email": "rita@new.example"},
        },
        State.ASSIGNED,
    ),
    ("publish", "carl", assigned, None, State.ASSIGNED),
    ("unpublish", "carl", published, None, State.ASSIGNED),
    ("submit", "carl", to_be_approved, FIXED, State.PENDING_APPROVAL),
    ("encircle", "dora", confidential_for_two, {"circle": "board"}, State.ASSIGNED),
    ("lift-circle", "dora", confidential, WHY, State.ASSIGNED),
    (
        "exclude",
        "dora",
        confidential,
        lambda town, _filed: {"person": town.people["max"].pk},
        State.ASSIGNED,
    ),
    (
        "readmit",
        "dora",
        excluding,
        lambda town, _filed: {"person": town.people["max"].pk},
        State.ASSIGNED,
    ),
    (
        "renew-proof",
        "carl",
        assigned,
        lambda _town, one: {"concern": one.concern.reference},
        State.ASSIGNED,
    ),
    ("restrict", "alma", assigned, {"reason": "art18"}, State.ASSIGNED),
    ("unrestrict", "alma", restricted, None, State.ASSIGNED),
    ("hold", "alma", assigned, {"reason": "lawsuit", "until": SOON}, State.ASSIGNED),
    ("unhold", "alma", held, None, State.ASSIGNED),
]


IDS = [f"{slug}-{stage.__name__}-{number}" for number, (slug, _, stage, _, _) in enumerate(CASES)]


@pytest.fixture(autouse=True)
def _causes(town):
    Cause.objects.create(key="wear", names={"en": "Wear"})


def told(town, filed, body):
    return body(town, filed) if callable(body) else body


def do(town, filed, slug, who, body, *, version=None):
    """One act through the door, decided on the present version unless another is given."""
    present = fresh(filed.ticket).version
    program = program_of(town.people[who])
    return program.act(filed.ticket.pk, slug, told(town, filed, body), version=version or present)


def test_every_act_has_an_address():
    """Whether a date is the first one or another, the door need not know: the action sees it."""
    assert {act.action for act in BY_SLUG.values()} == {act.action for act in ACTS}
    assert len(BY_SLUG) == len(ACTS) - 1


def test_every_act_is_shown_here():
    assert {slug for slug, *_ in CASES} == set(BY_SLUG)


@pytest.mark.parametrize("act", BY_SLUG.values(), ids=list(BY_SLUG))
def test_what_an_act_wants_is_what_its_action_takes(act):
    wanted = wanted_by(act)
    named = {str(field.source or name) for name, field in wanted().fields.items()}
    if issubclass(wanted, AnswerInput):
        named = {"answer"}

    assert named == {*asked_by(act), act.on} - {"ticket_id"}


@pytest.mark.parametrize(("slug", "who", "stage", "body", "state"), CASES, ids=IDS)
def test_an_act_is_done_and_says_what_became_of_the_ticket(town, slug, who, stage, body, state):
    filed = stage(town)
    before = fresh(filed.ticket).version

    answer = do(town, filed, slug, who, body)

    ticket = fresh(filed.ticket)
    assert (answer.status_code, answer.json().get("detail")) == (200, None)
    assert answer["ETag"] == f'"v{ticket.version}"'
    said = answer.json()
    assert (said["id"], said["state"], said["version"]) == (ticket.pk, state, ticket.version)
    assert ticket.state == state
    assert ticket.version > before


@pytest.mark.parametrize(("slug", "who", "stage", "body", "state"), CASES, ids=IDS)
def test_an_act_stays_in_its_budget_and_costs_the_same_with_a_hundred_concerns(
    town, slug, who, stage, body, state
):
    alone, among = stage(town), stage(town)
    place = fresh(among.ticket).merged_into or among.ticket
    people = crowd(place, 99)
    if slug == "close-withdrawn":
        Concern.objects.filter(pk__in=[one.pk for one in people]).update(
            standing=Standing.WITHDRAWN
        )
    programs = [program_of(town.people[who]) for _ in range(2)]
    bodies = [told(town, filed, body) for filed in (alone, among)]
    versions = [fresh(filed.ticket).version for filed in (alone, among)]

    with budget(15) as one:
        first = programs[0].act(alone.ticket.pk, slug, bodies[0], version=versions[0])
    with budget(15) as hundred:
        second = programs[1].act(among.ticket.pk, slug, bodies[1], version=versions[1])

    assert (first.status_code, second.status_code) == (200, 200)
    assert len(hundred) == len(one)


@pytest.mark.parametrize(("slug", "who", "stage", "body", "state"), CASES, ids=IDS)
def test_an_act_of_somebody_signed_in_stays_in_its_budget(town, slug, who, stage, body, state):
    filed = stage(town)
    browser, sent = browser_of(town.people[who]), told(town, filed, body)
    present = fresh(filed.ticket).version

    with budget(15):
        answer = browser.act(filed.ticket.pk, slug, sent, version=present)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("slug", "who", "stage", "body", "state"),
    [case for case in CASES if BY_SLUG[case[0]].versioned],
)
def test_an_act_decided_on_an_old_version_is_412_and_changes_nothing(
    town, slug, who, stage, body, state
):
    filed = stage(town)
    sent = told(town, filed, body)
    present, events = fresh(filed.ticket).version, Event.objects.count()

    answer = do(town, filed, slug, who, sent, version=present - 1)

    assert problem_in(answer)[:2] == (412, "conflict")
    assert (fresh(filed.ticket).version, Event.objects.count()) == (present, events)


def test_a_note_is_true_whatever_happened_meanwhile(town):
    filed = assigned(town)
    present = fresh(filed.ticket).version

    answer = do(town, filed, "note", "carl", {"text": "Seen."}, version=present - 1)

    assert (answer.status_code, answer["ETag"]) == (200, f'"v{present + 1}"')
    assert Note.objects.get().text == "Seen."


@pytest.mark.parametrize("slug", BY_SLUG)
def test_an_act_without_a_version_is_428(town, slug):
    filed = assigned(town)

    answer = program_of(town.people["carl"]).post(f"tickets/{filed.ticket.pk}/{slug}/", {})

    assert problem_in(answer)[:2] == (428, "precondition_required")
    assert fresh(filed.ticket).version == filed.ticket.version


@pytest.mark.parametrize(("slug", "who", "stage", "body", "state"), CASES, ids=IDS)
def test_for_a_clerk_of_another_department_the_ticket_does_not_exist(
    town, slug, who, stage, body, state
):
    filed = stage(town)
    sent = told(town, filed, body)
    present = fresh(filed.ticket).version

    answer = do(town, filed, slug, "iris", sent)

    assert problem_in(answer)[:2] == (404, "not_found")
    assert fresh(filed.ticket).version == present


@pytest.mark.parametrize(
    ("slug", "body"),
    [("discard", WHY), ("restrict", {"reason": "art18"}), ("route", {"department": "parks"})],
)
def test_who_sees_it_but_may_not_gets_403(town, slug, body):
    filed = assigned(town)

    answer = do(town, filed, slug, "carl", body)

    words = "You may not do this. Please ask the department responsible."
    assert problem_in(answer) == (403, "not_allowed", words)
    assert fresh(filed.ticket).version == filed.ticket.version


@pytest.mark.parametrize(
    ("slug", "stage", "body"),
    [
        ("accept", in_progress, None),
        ("resolve", assigned, FIXED),
        ("resolve", to_be_approved, FIXED),
        ("release", assigned, None),
        ("settle", assigned, None),
        ("followed-up", assigned, None),
        ("unpublish", assigned, None),
    ],
)
def test_what_the_state_does_not_allow_is_409(town, slug, stage, body):
    filed = stage(town)
    present = fresh(filed.ticket).version

    answer = do(town, filed, slug, "carl", body)

    assert problem_in(answer)[:2] == (409, "refused")
    assert fresh(filed.ticket).version == present


BAD = [
    ("note", {}, "/text", "required"),
    ("note", {"text": ""}, "/text", "invalid"),
    ("note", {"text": "a\0"}, "/text", "null_characters_not_allowed"),
    ("note", {"text": 5}, "/text", "invalid"),
    ("note", {"text": "a", "colour": "red"}, "/colour", "unknown_field"),
    ("accept", {"text": "a"}, "/text", "unknown_field"),
    ("transfer", {"department": "no-such", **WHY}, "/department", "invalid"),
    ("transfer", {"department": "streets", **WHY}, "/department", "invalid"),
    ("transfer", {"department": "parks", "reason": " "}, "/reason", "invalid"),
    ("transfer", {"department": 5, **WHY}, "/department", "invalid"),
    ("assign", {"assignee": 10**30}, "/assignee", "max_value"),
    ("assign", {"assignee": 0}, "/assignee", "invalid"),
    ("assign", {"assignee": "1"}, "/assignee", "invalid"),
    ("join", {"lead": True}, "/lead", "invalid"),
    ("compare", {"other": 1, "finding": "same"}, "/finding", "invalid_choice"),
    ("categorise", {"category": "no-such"}, "/category", "invalid"),
    ("relocate", {"place": {"lat": 10, "lon": 10}}, "/place", "invalid"),
    ("relocate", {"place": {"lat": 54.05}}, "/place", "invalid"),
    ("message", {"text": "a", "to": []}, "/to", "invalid"),
    ("message", {"text": "a", "to": ["K7M"]}, "/to", "invalid"),
    ("message", {"text": "a", "to": "all"}, "/to", "not_a_list"),
    ("split", {"concern": "nonsense", "words": "a"}, "/concern", "invalid"),
    ("split", {"concern": 5, "words": "a"}, "/concern", "invalid"),
    ("correct-contact", {"contact": {"email": "x"}}, "/concern", "required"),
    ("resolve", {"outcome": "cannot_do", "text": "a"}, "/outcome", "invalid_choice"),
    ("resolve", {"outcome": "fixed", "text": ""}, "/text", "invalid"),
    ("schedule", {"date": "soon"}, "/date", "invalid"),
    ("schedule", {"date": 20301231}, "/date", "invalid"),
    ("schedule", {"date": "2001-01-01"}, "/date", "invalid"),
]


@pytest.mark.parametrize(
    ("slug", "body", "pointer", "code"), BAD, ids=lambda value: str(value)[:40]
)
def test_what_cannot_be_used_is_pointed_at_and_changes_nothing(town, slug, body, pointer, code):
    stage = in_progress if slug in ("resolve", "schedule") else assigned
    filed = stage(town)
    present = fresh(filed.ticket).version

    answer = do(town, filed, slug, "carl", body)

    assert problem_in(answer)[:2] == (422, "invalid")
    assert pointers_in(answer) == [(pointer, code)]
    assert fresh(filed.ticket).version == present


def test_a_concern_of_another_ticket_is_not_reached_through_this_one(town):
    filed, other = assigned(town), assigned(town)

    answer = do(
        town, filed, "split", "carl", {"concern": other.concern.reference, "words": "A tree."}
    )

    assert pointers_in(answer) == [("/concern", "invalid")]
    assert Ticket.objects.count() == 2


def test_an_objection_of_another_ticket_is_not_reached_through_this_one(town):
    filed, other = assigned(town), reopen_requested(town)
    body = {"objection": other.concern.objections.get().pk, "verdict": "upheld", "text": "No."}

    assert problem_in(do(town, filed, "decide-objection", "tess", body))[:2] == (404, "not_found")


@pytest.mark.parametrize(
    "tag", ['"v0"', "v3", "3", '"3"', 'W/"v3"', '"v3", "v4"', '"v' + "9" * 30 + '"', '"x"']
)
def test_a_tag_that_is_not_the_present_one_is_412(town, tag):
    filed = assigned(town)
    carl = program_of(town.people["carl"])

    answer = carl.post(f"tickets/{filed.ticket.pk}/accept/", If_Match=tag)

    assert problem_in(answer)[:2] == (412, "conflict")
    assert fresh(filed.ticket).state == State.ASSIGNED


@pytest.mark.parametrize("slug", ["accept", "note"])
def test_a_star_asks_for_no_version(town, slug):
    filed = assigned(town)
    body = {"text": "Seen."} if slug == "note" else None

    answer = program_of(town.people["carl"]).post(
        f"tickets/{filed.ticket.pk}/{slug}/", body, If_Match="*"
    )

    assert answer.status_code == 200


def test_the_second_ticket_of_an_act_is_named(town):
    filed, lead = assigned(town), assigned(town)

    joined = do(town, filed, "join", "dora", {"lead": lead.ticket.pk})
    split = do(town, lead, "split", "carl", {"concern": lead.concern.reference, "words": "A tree."})

    second = Ticket.objects.order_by("pk").last()
    assert joined.json()["other_ticket"] == lead.ticket.pk
    assert split.json()["other_ticket"] == second.pk
    assert do(town, lead, "note", "carl", {"text": "Seen."}).json()["other_ticket"] is None


def test_who_no_longer_sees_the_ticket_is_told_that_it_is_done_and_nothing_more(town):
    filed = assigned(town)

    answer = do(town, filed, "encircle", "dora", {"circle": "personnel"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert "ETag" not in answer
    assert fresh(filed.ticket).circle == town.circle


def test_what_may_be_done_next_is_said_with_the_answer(town):
    filed = assigned(town)

    allowed = do(town, filed, "accept", "carl", None).json()["allowed_actions"]

    assert ("accept" in allowed, "resolve" in allowed, "release" in allowed) == (False, True, True)


def test_words_of_a_note_are_kept_as_written(town):
    filed = assigned(town)
    words = "  Zwei Löcher —\r\n\ttief! "

    do(town, filed, "note", "carl", {"text": words})

    assert Note.objects.get().text == words


def test_a_program_that_may_only_read_acts_on_nothing(town):
    filed = assigned(town)
    program = program_of(town.people["carl"], scopes=[Scope.READ])

    assert problem_in(program.act(filed.ticket.pk, "accept", version=filed.ticket.version))[:2] == (
        403,
        "not_allowed",
    )
    assert fresh(filed.ticket).state == State.ASSIGNED


def test_nobody_unknown_acts(town):
    filed = assigned(town)

    assert problem_in(Rest().act(filed.ticket.pk, "accept", version=3))[:2] == (
        401,
        "unauthenticated",
    )


def test_of_two_clerks_at_once_one_is_told(town):
    filed = assigned(town)
    version = fresh(filed.ticket).version

    first = do(town, filed, "accept", "carl", None, version=version)
    second = do(town, filed, "accept", "clara", None, version=version)

    assert (first.status_code, second.status_code) == (200, 412)
    assert fresh(filed.ticket).assignee == town.people["carl"]


def test_a_new_pin_is_told_once_and_the_old_one_is_worth_nothing(town):
    filed = assigned(town)
    old = pin(filed.concern.pk, filed.concern.generation)

    answer = do(town, filed, "renew-proof", "carl", {"concern": filed.concern.reference})

    concern = Concern.objects.get(pk=filed.concern.pk)
    told_pin = answer.json()["pin"]
    assert told_pin == pin(concern.pk, concern.generation) != old
    own = f"concerns/{concern.reference}/"
    assert Rest().get(own, Concern_Pin=old).status_code == 404
    assert Rest().get(own, Concern_Pin=told_pin).status_code == 200
