import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from common.models import Attempt
from concerns.actions.filing import follow_ticket
from concerns.actions.voicing import withdraw
from concerns.enums import Channel, MessageKind, Standing, State
from concerns.models import Concern, Message, Objection
from concerns.references import new_reference, pin, tracking_token
from tests.factories.crowd import crowd
from tests.support.rest import Rest, pointers_in, problem_in
from tests.support.sql import budget, statements
from tests.support.stages import (
    RITA,
    STAGES,
    in_progress,
    resolved,
    scheduled,
    waiting_external,
    waiting_reporter,
)
from tests.support.town import file, fresh

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def token_of(concern):
    return tracking_token(concern.pk, concern.generation)


def owner_of(concern):
    """Its person, with the link's token."""
    return Rest({"Authorization": f"Concern {token_of(concern)}", **fresh_key()})


def with_pin(concern, typed=""):
    return Rest({"Concern-Pin": typed or pin(concern.pk, concern.generation), **fresh_key()})


def fresh_key():
    return {"Idempotency-Key": str(uuid4())}


def wrong_pin(concern):
    right = pin(concern.pk, concern.generation)
    return right[:-1] + str((int(right[-1]) + 1) % 10)


def own(concern):
    return f"concerns/{concern.reference}/"


def test_it_says_where_the_concern_stands(town):
    concern = in_progress(town).concern

    answer = owner_of(concern).get(own(concern))

    said = answer.json()
    assert answer.status_code == 200
    assert {
        name: said[name]
        for name in ("reference", "state", "sentence", "must_reply", "company", "words")
    } == {
        "reference": concern.reference,
        "state": "in_progress",
        "sentence": "In progress with Streets.",
        "must_reply": False,
        "company": 0,
        "words": "There is a deep hole in the road.",
    }
    assert said["category"] == {"slug": "pothole", "name": "Pothole"}
    assert said["place"] == {"address": "Quay Street 5", "lat": 54.05, "lon": -0.95}
    assert said["can"] == {
        "reply": True,
        "confirm": False,
        "object": False,
        "rate": False,
        "withdraw": True,
    }
    assert [event["sentence"] for event in said["events"]] == [
        "We received your concern.",
        "We gave your concern to Streets.",
        "Somebody works on it now.",
    ]


def test_the_office_is_named_while_the_concern_is_in_progress_with_it(town):
    with_streets, triaged = in_progress(town), file(category="other")
    passed_on, done = waiting_external(town), resolved(town)

    told = [
        owner_of(filed.concern).get(own(filed.concern)).json()["department"]
        for filed in (with_streets, triaged, passed_on, done)
    ]

    assert told == [{"key": "streets", "name": "Streets"}, None, None, None]


@pytest.mark.parametrize("stage", STAGES.values())
def test_no_word_of_the_staff_reaches_its_person(town, stage):
    """Neither the label nor the code of what the city does among itself."""
    concern = stage(town).concern

    said = owner_of(concern).get(own(concern)).json()

    assert {key for event in said["events"] for key in event} == {"at", "sentence"}
    read = " ".join([said["sentence"], *(event["sentence"] for event in said["events"])]).lower()
    for internal in ("ticket", "transfer", "triage", "routed", "merged", "upheld", "discarded"):
        assert internal not in read


def test_it_speaks_the_language_of_the_reader(town):
    concern = in_progress(town).concern

    german = Rest({**owner_of(concern).headers, "Accept-Language": "de"})

    said = german.get(own(concern)).json()["events"]
    assert said[0]["sentence"] == "Wir haben Ihr Anliegen erhalten."


def test_a_day_that_has_passed_is_promised_no_more(town):
    with time_machine.travel(MONDAY, tick=False):
        concern = scheduled(town).concern
    said = {}
    for days in (7, 8):
        with time_machine.travel(MONDAY + dt.timedelta(days=days), tick=False):
            answer = owner_of(concern).get(own(concern)).json()
            said[days] = (answer["next_date"], answer["sentence"])

    assert said == {
        7: ("2026-03-09", "Planned for 9 March."),
        8: (None, "It was planned for 9 March; we are setting a new day."),
    }


def test_a_pin_proves_as_well(town):
    concern = file().concern

    assert with_pin(concern).get(own(concern)).json()["reference"] == concern.reference


def test_a_reference_may_be_spoken(town):
    concern = file().concern
    spoken = concern.reference.replace("-", "").lower()

    assert with_pin(concern).get(f"concerns/{spoken}/").json()["reference"] == concern.reference


def test_the_conversation_is_there_and_of_others_nothing(town):
    filed = waiting_reporter(town)
    other = follow_ticket(
        actor=town.actor("carl"),
        ticket_id=filed.ticket.pk,
        channel=Channel.PHONE,
        language="en",
        contact={},
    ).concern
    owner_of(filed.concern).post(own(filed.concern) + "messages/", {"text": "The left one."})

    mine = owner_of(filed.concern).get(own(filed.concern)).json()["messages"]
    theirs = owner_of(other).get(own(other)).json()["messages"]

    assert [(one["direction"], one["kind"], one["text"]) for one in mine] == [
        ("out", "question", "Which side of the road?"),
        ("in", "reply", "The left one."),
    ]
    assert theirs == []


def test_without_a_proof_the_answer_is_401_and_says_how(town):
    answer = Rest().get(own(file().concern))

    words = "Please prove that this concern is yours: with the link we sent you, or with its PIN."
    assert problem_in(answer) == (401, "unauthenticated", words)
    assert answer["WWW-Authenticate"] == "Concern"


def test_a_wrong_pin_and_a_concern_that_does_not_exist_look_alike(town):
    concern = file().concern

    wrong = with_pin(concern, wrong_pin(concern)).get(own(concern))
    unknown = with_pin(concern).get(f"concerns/{new_reference()}/")

    assert problem_in(wrong) == problem_in(unknown)
    assert problem_in(wrong)[:2] == (404, "not_found")


def test_the_token_of_another_concern_proves_nothing(town):
    concern, other = file().concern, file().concern

    assert problem_in(owner_of(other).get(own(concern)))[:2] == (404, "not_found")


@pytest.mark.parametrize("token", ["", "x", "a" * 5000, "%00", "ä"])
def test_nonsense_proves_nothing(town, token):
    concern = file().concern
    sent = token.encode().decode("latin-1")

    answer = Rest(
        {"Authorization": f"Concern {sent}", "Concern-Pin": "١٢٣".encode().decode("latin-1")}
    ).get(own(concern))

    assert problem_in(answer)[:2] == (404, "not_found")


def test_a_mistyped_reference_is_told(town):
    answer = Rest({"Concern-Pin": "123456"}).get("concerns/K7M-4QX/")

    words = (
        "A reference has nine letters and digits. Please check whether one is missing or too many."
    )
    assert problem_in(answer) == (404, "not_found", words)


def test_an_old_generation_proves_nothing(town):
    concern = file().concern
    before = owner_of(concern)
    Concern.objects.filter(pk=concern.pk).update(generation=2)

    assert problem_in(before.get(own(concern)))[:2] == (404, "not_found")


def test_a_wrong_pin_ten_times_over_two_doors_shuts_both_and_the_right_one_is_refused_too(town):
    concern, door = file().concern, with_pin(file().concern)
    wrong = wrong_pin(concern)
    for _ in range(5):
        assert with_pin(concern, wrong).get(own(concern)).status_code == 404
    for _ in range(5):
        page = door.client.post(
            reverse("portal:lookup"),
            {"reference": concern.reference, "pin": wrong},
            REMOTE_ADDR="192.0.2.1",
        )
        assert page.status_code == 422

    here = with_pin(concern).get(own(concern))
    right = pin(concern.pk, concern.generation)
    there = door.client.post(
        reverse("portal:lookup"),
        {"reference": concern.reference, "pin": right},
        REMOTE_ADDR="192.0.2.2",
    )

    assert problem_in(here)[:2] == (429, "too_many")
    assert 3590 <= int(here["Retry-After"]) <= 3600
    assert there.status_code == 429
    assert owner_of(concern).get(own(concern)).status_code == 200


def test_a_signed_in_browser_without_proof_sees_nothing(town):
    concern = file().concern
    browser = Rest()
    browser.client.force_login(town.people["carl"])

    assert problem_in(browser.get(own(concern)))[:2] == (401, "unauthenticated")


def test_a_message_is_stored_as_written_and_answers_the_question(town):
    filed = waiting_reporter(town)

    answer = owner_of(filed.concern).post(
        own(filed.concern) + "messages/", {"text": " The left one. "}
    )

    assert (answer.status_code, answer.content) == (204, b"")
    assert Message.objects.get(kind=MessageKind.REPLY).text == " The left one. "
    assert fresh(filed.ticket).state == State.IN_PROGRESS


def test_a_message_sent_twice_with_one_key_is_said_once(town):
    filed = in_progress(town)
    door = owner_of(filed.concern)

    first, second = (
        door.post(own(filed.concern) + "messages/", {"text": "Hello?"}) for _nth in range(2)
    )

    assert (first.status_code, second.status_code) == (204, 204)
    assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
    assert Message.objects.filter(kind=MessageKind.REPLY).count() == 1
    other = door.post(own(filed.concern) + "messages/", {"text": "Anybody there?"})
    assert problem_in(other)[:2] == (422, "key_reused")


@pytest.mark.parametrize("voice", ["messages", "object"])
def test_what_would_be_said_twice_needs_a_key(town, voice):
    filed = resolved(town)
    keyless = Rest({"Authorization": f"Concern {token_of(filed.concern)}"})

    answer = keyless.post(own(filed.concern) + f"{voice}/", {"text": "No."})

    assert problem_in(answer)[:2] == (400, "key_missing")
    assert not Message.objects.filter(direction="in").exists()


def test_confirming_the_result(town):
    filed = resolved(town)

    answer = owner_of(filed.concern).post(own(filed.concern) + "confirm/")

    assert answer.status_code == 204
    assert fresh(filed.ticket).state == State.CLOSED


def test_objecting_to_the_result(town):
    filed = resolved(town)

    answer = owner_of(filed.concern).post(own(filed.concern) + "object/", {"text": "Still there."})

    assert answer.status_code == 204
    assert Objection.objects.get().message.text == "Still there."


def test_rating_the_result(town):
    filed = resolved(town)

    answer = with_pin(filed.concern).post(
        own(filed.concern) + "rate/", {"rating": 4, "words": "Quick."}
    )

    concern = Concern.objects.get()
    assert answer.status_code == 204
    assert (concern.rating, concern.rating_words) == (4, "Quick.")


def test_withdrawing(town):
    filed = in_progress(town)

    answer = owner_of(filed.concern).post(own(filed.concern) + "withdraw/")

    assert answer.status_code == 204
    assert Concern.objects.get().standing == Standing.WITHDRAWN


@pytest.mark.parametrize("voice", ["messages", "confirm", "object", "rate", "withdraw"])
def test_nobody_speaks_for_another(town, voice):
    filed, other = resolved(town), file()
    before = fresh(filed.ticket).version

    answer = owner_of(other.concern).post(own(filed.concern) + f"{voice}/", {"text": "x"})

    assert problem_in(answer)[:2] == (404, "not_found")
    assert fresh(filed.ticket).version == before


@pytest.mark.parametrize(
    ("voice", "body"), [("confirm", None), ("object", {"text": "No."}), ("rate", {"rating": 3})]
)
def test_what_the_state_does_not_allow_is_409(town, voice, body):
    filed = in_progress(town)

    answer = owner_of(filed.concern).post(own(filed.concern) + f"{voice}/", body)

    assert problem_in(answer)[:2] == (409, "refused")


def test_withdrawing_twice_is_409(town):
    filed = in_progress(town)
    withdraw(concern_id=filed.concern.pk)

    assert problem_in(owner_of(filed.concern).post(own(filed.concern) + "withdraw/"))[:2] == (
        409,
        "refused",
    )


@pytest.mark.parametrize(
    ("voice", "body", "pointer", "code"),
    [
        ("messages", {}, "/text", "required"),
        ("messages", {"text": ""}, "/text", "invalid"),
        ("messages", {"text": "a\0"}, "/text", "null_characters_not_allowed"),
        ("messages", {"text": "a", "to": "all"}, "/to", "unknown_field"),
        ("confirm", {"text": "Yes."}, "/text", "unknown_field"),
        ("rate", {"rating": 0}, "/rating", "invalid"),
        ("rate", {"rating": 6}, "/rating", "invalid"),
        ("rate", {"rating": "5"}, "/rating", "invalid"),
        ("rate", {"rating": 4.5}, "/rating", "invalid"),
        ("rate", {"rating": True}, "/rating", "invalid"),
        ("rate", {"rating": -1}, "/rating", "min_value"),
    ],
)
def test_what_cannot_be_used_is_pointed_at(town, voice, body, pointer, code):
    filed = resolved(town)

    answer = owner_of(filed.concern).post(own(filed.concern) + f"{voice}/", body)

    assert pointers_in(answer) == [(pointer, code)]


@pytest.mark.parametrize("size", [0, 99])
def test_the_status_stays_in_its_budget_whatever_the_company(town, size):
    filed = waiting_reporter(town)
    crowd(filed.ticket, size)

    with budget(6):
        assert owner_of(filed.concern).get(own(filed.concern)).status_code == 200
    with budget(6):
        assert with_pin(filed.concern).get(own(filed.concern)).status_code == 200
    assert not Attempt.objects.filter(count__gt=1).exists()


@pytest.mark.parametrize(
    ("stage", "voice", "body"),
    [
        (waiting_reporter, "messages", {"text": "The left one."}),
        (resolved, "confirm", None),
        (resolved, "object", {"text": "No."}),
        (resolved, "rate", {"rating": 3}),
        (in_progress, "withdraw", None),
    ],
)
@pytest.mark.parametrize("door", [owner_of, with_pin])
def test_speaking_stays_in_its_budget_and_costs_no_more_in_company(town, stage, voice, body, door):
    alone, among = stage(town), stage(town)
    crowd(among.ticket, 99)

    with budget(15) as one:
        assert door(alone.concern).post(own(alone.concern) + f"{voice}/", body).status_code == 204
    with budget(15) as hundred:
        assert door(among.concern).post(own(among.concern) + f"{voice}/", body).status_code == 204
    assert len(hundred) <= len(one)


def test_a_wrong_pin_costs_as_many_statements_as_an_unknown_concern(town):
    concern = file(email=RITA).concern

    with statements() as wrong:
        with_pin(concern, wrong_pin(concern)).get(own(concern))
    with statements() as unknown:
        with_pin(concern).get(f"concerns/{new_reference()}/")

    assert len(wrong) == len(unknown)
