import datetime as dt
import json

import pytest
import time_machine

from common.crypto import decrypt_with, open_data_key
from common.models import IdempotentRequest
from concerns.enums import Audience, Channel, State
from concerns.models import Category, Concern, Event, Message, Placement, Reporter, Ticket
from concerns.queries.contact import seal_context
from concerns.references import normalise, pin, tracking_token, tracking_url
from notifications.models import Envelope
from tests.support.rest import POTHOLE, Rest, pointers_in, problem_in, program_of
from tests.support.sql import budget

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
FULL = {
    **POTHOLE,
    "kind": "defect",
    "answers": {},
    "contact": {"name": "Rita Roe", "email": "rita@people.example", "phone": "+44 20 7946 0018"},
    "language": "de",
    "consent": {"publish_words": True, "publish_photos": False},
}
ROWS = (Concern, Ticket, Placement, Event, Message, Reporter, Envelope, IdempotentRequest)


def nothing_stored():
    return [model.__name__ for model in ROWS if model.objects.exists()] == []


def test_the_answer_names_reference_proofs_state_and_date(town):
    with time_machine.travel(NOON, tick=False):
        answer = Rest().file(FULL)

    concern = Concern.objects.get()
    token = tracking_token(concern.pk, 1)
    assert (answer.status_code, answer["Content-Type"]) == (201, "application/json")
    assert answer.json() == {
        "reference": concern.reference,
        "pin": pin(concern.pk, 1),
        "tracking_url": tracking_url(concern.reference, token),
        "state": "in_progress",
        "next_date": "2026-11-25",
    }
    assert answer["Location"] == f"http://testserver/api/v1/concerns/{concern.reference}/"
    assert normalise(concern.reference) == concern.reference


def test_everything_said_is_stored_as_said(town):
    words = "  Zwei Löcher —\r\n\tganz tief! 😀  \n"
    Rest().file(FULL, description=words)

    concern = Concern.objects.select_related("reporter", "category").get()
    assert (concern.words, concern.language, concern.channel) == (words, "de", Channel.API)
    assert (concern.category.slug, concern.kind, concern.audience) == (
        "pothole",
        "defect",
        Audience.PUBLIC,
    )
    assert (concern.lat, concern.lon, concern.address) == (54.05, -0.95, "Quay Street 5")
    assert (concern.words_consent_at is None, concern.photos_consent_at is None) == (False, True)
    sealed = decrypt_with(
        open_data_key(concern.reporter.wrapped_keys),
        bytes(concern.reporter.sealed),
        context=seal_context(concern.reporter),
    )
    assert json.loads(sealed) == {
        "name": "Rita Roe",
        "email": "rita@people.example",
        "phone": "+442079460018",
    }
    assert Ticket.objects.get().state == State.ASSIGNED


def test_markup_is_words_and_comes_back_as_json_alone(town):
    hostile = "<img src=x onerror=alert(1)>{% now 'Y' %}{{ csrf_token }}\u202e"
    door = Rest()
    filed = door.file(FULL, description=hostile, place={**POTHOLE["place"], "address": hostile})

    reference, proof = filed.json()["reference"], filed.json()["pin"]
    told = door.get(f"concerns/{reference}/", Concern_PIN=proof)
    staff = program_of(town.people["carl"]).get(f"tickets/{Ticket.objects.get().pk}/")

    concern = Concern.objects.get()
    assert (concern.words, concern.address) == (hostile, hostile.removesuffix("\u202e"))
    for answer in (told, staff):
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert told.json()["words"] == hostile
    assert staff.json()["title"] == f"Pothole, {concern.address}"


def test_a_day_to_come_is_an_answer_like_any_other_and_moves_nothing(town):
    questions = [{"key": "since", "type": "date", "labels": {"en": "Since when?"}}]
    Category.objects.filter(slug="pothole").update(questions=questions)

    with time_machine.travel(NOON, tick=False):
        Rest().file(answers={"since": "9999-12-31"})

    concern = Concern.objects.get()
    assert (concern.answers, concern.created_at) == ({"since": "9999-12-31"}, NOON)
    assert Ticket.objects.get().first_response_due < NOON + dt.timedelta(days=60)


def test_words_alone_are_enough(town):
    answer = Rest().file({"description": "Nobody answers the phone."})

    assert answer.status_code == 201
    assert answer.json()["state"] == "checking"
    assert Concern.objects.get().reporter is None


def test_without_a_language_that_of_the_request_counts(town):
    Rest({"Accept-Language": "de-DE"}).file()

    assert Concern.objects.get().language == "de"


def test_a_key_may_be_quoted_or_bare(town):
    door = Rest()

    first, second = door.file(key='"8e03978e-40d5-43dd"'), door.file(key="8e03978e-40d5-43dd")

    assert first.json() == second.json()


@pytest.mark.parametrize("key", ["", " ", '"', '""', '"half', "two words", "ä", "x" * 256, "a\tb"])
def test_without_a_usable_key_nothing_is_filed(town, key):
    answer = Rest().post("concerns/", POTHOLE, Idempotency_Key=key.encode().decode("latin-1"))

    assert problem_in(answer)[:2] == (400, "key_missing")
    assert nothing_stored()


def test_without_a_key_nothing_is_filed(town):
    assert problem_in(Rest().post("concerns/", POTHOLE))[:2] == (400, "key_missing")
    assert nothing_stored()


def test_the_same_request_is_answered_alike_and_filed_once(town):
    door = Rest()

    first, second = door.file(FULL, key="one"), door.file(FULL, key="one")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first["Location"] == second["Location"]
    assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
    assert Concern.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(town):
    door = Rest()
    door.file(key="one")

    answer = door.file(key="one", description="Another hole.")

    assert problem_in(answer)[:2] == (422, "key_reused")
    assert Concern.objects.count() == 1


def test_after_a_refusal_the_same_key_takes_a_better_body(town):
    door = Rest()

    refused, filed = door.file(key="one", description=""), door.file(key="one")

    assert (refused.status_code, filed.status_code) == (422, 201)


def test_keys_of_two_networks_are_two(town):
    assert Rest().file(key="one").json()["reference"] != Rest().file(key="one").json()["reference"]


def test_a_program_keeps_its_keys_wherever_it_comes_from(town):
    program = program_of(town.people["carl"])
    first = program.file(key="one")
    program.network = "198.51.100.9"

    assert program.file(key="one").json() == first.json()


def test_a_person_signed_in_keeps_their_keys(town):
    browser, moved = Rest(), Rest()
    for door in (browser, moved):
        door.client.force_login(town.people["carl"])

    assert browser.file(key="one").json() == moved.file(key="one").json()


def test_what_is_kept_for_a_replay_holds_no_secret_and_no_address(town):
    door = Rest()
    answer = door.file(FULL, key="one").json()

    row = IdempotentRequest.objects.get()
    kept = json.dumps([row.client, row.key, row.fingerprint, row.body, row.filling])
    token = answer["tracking_url"].rstrip("/").rpartition("/")[2]
    assert [
        secret for secret in (answer["pin"], token, door.network, "Rita") if secret in kept
    ] == []


REFUSED = [
    ({"description": ""}, "/description", "invalid"),
    ({"description": " \n\u200b"}, "/description", "invalid"),
    ({"description": "a" * 10_001}, "/description", "invalid"),
    ({"description": "a" * 990_000}, "/description", "invalid"),
    ({"description": "a\0b"}, "/description", "null_characters_not_allowed"),
    ({"description": 17}, "/description", "invalid"),
    ({"description": None}, "/description", "null"),
    ({"description": ["a"]}, "/description", "invalid"),
    ({"category": "no-such"}, "/category", "invalid"),
    ({"category": "it-incident"}, "/category", "invalid"),
    ({"category": 5}, "/category", "invalid"),
    ({"category": "x\0"}, "/category", "null_characters_not_allowed"),
    ({"category": "x" * 51}, "/category", "max_length"),
    ({"kind": "misery"}, "/kind", "invalid_choice"),
    ({"kind": {}}, "/kind", "invalid_choice"),
    ({"language": "tlh"}, "/language", "invalid_choice"),
    ({"place": {"lat": 10.0, "lon": 10.0}}, "/place", "invalid"),
    ({"place": {"lat": 95.0, "lon": 10.0}}, "/place", "invalid"),
    ({"place": {"lat": 54.05}}, "/place", "invalid"),
    ({"place": {"lat": "54.05", "lon": -0.95}}, "/place/lat", "invalid"),
    ({"place": {"lat": True, "lon": -0.95}}, "/place/lat", "invalid"),
    ({"place": {"lat": 10**400, "lon": -0.95}}, "/place/lat", "invalid"),
    ({"place": {"address": "a" * 301}}, "/place/address", "invalid"),
    ({"place": {"address": "Quay\nStreet"}}, "/place/address", "invalid"),
    ({"place": {"height": 3}}, "/place/height", "unknown_field"),
    ({"place": "Quay Street 5"}, "/place", "invalid"),
    ({"place": {}}, "/place", "invalid"),
    ({"answers": {"depth": 3}}, "/answers/depth", "invalid"),
    ({"answers": [1]}, "/answers", "not_a_dict"),
    ({"contact": {"email": "rita"}}, "/contact/email", "invalid"),
    (
        {"contact": {"email": "rita@people.example\r\nBcc: all@people.example"}},
        "/contact/email",
        "invalid",
    ),
    ({"contact": {"phone": "12"}}, "/contact/phone", "invalid"),
    ({"contact": {"name": "Rita\r\nBcc: all@people.example"}}, "/contact/name", "invalid"),
    ({"place": {"address": "Quay\r\nBcc: all@people.example"}}, "/place/address", "invalid"),
    ({"contact": {"fax": "12"}}, "/contact/fax", "unknown_field"),
    ({"contact": {"name": 5}}, "/contact/name", "invalid"),
    ({"consent": {"publish_words": "yes"}}, "/consent/publish_words", "invalid"),
    ({"consent": {"publish_words": 1}}, "/consent/publish_words", "invalid"),
    ({"asset": "lamp-17"}, "/asset", "invalid"),
    ({"Description": "a"}, "/Description", "unknown_field"),
    ({"channel": "portal"}, "/channel", "unknown_field"),
    ({"created_at": "2999-01-01T00:00:00Z"}, "/created_at", "unknown_field"),
]


@pytest.mark.parametrize(("change", "pointer", "code"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_cannot_be_used_is_pointed_at_and_nothing_is_stored(town, change, pointer, code):
    answer = Rest().file(**change)

    assert problem_in(answer)[:2] == (422, "invalid")
    assert pointers_in(answer) == [(pointer, code)]
    assert nothing_stored()


def test_all_mistakes_are_told_at_once(town):
    answer = Rest().file({"category": 5, "colour": "red", "place": {"lat": "x"}})

    assert pointers_in(answer) == [
        ("/category", "invalid"),
        ("/colour", "unknown_field"),
        ("/description", "required"),
        ("/place/lat", "invalid"),
    ]


@pytest.mark.parametrize("body", ["text", 5, [], [{"description": "a"}], True])
def test_a_body_that_is_no_object_is_refused(town, body):
    answer = Rest().post("concerns/", body, Idempotency_Key="one")

    assert pointers_in(answer) == [("", "invalid")]
    assert nothing_stored()


def test_refusals_speak_the_language_of_the_reader(town):
    answer = Rest({"Accept-Language": "de"}).file({"description": "", "category": "tree"})

    assert answer["Content-Language"] == "de"
    assert answer.json()["detail"] == answer.json()["errors"][0]["detail"]


def test_an_employee_files_an_internal_concern_that_points_to_them(town):
    answer = program_of(town.people["norman"]).file(
        {"description": "No screen.", "category": "it-incident"}
    )

    concern = Concern.objects.get()
    assert answer.status_code == 201
    assert (concern.audience, concern.author, concern.reporter) == (
        Audience.INTERNAL,
        town.people["norman"],
        None,
    )


def test_filing_is_recorded_with_who_it_was(town):
    program_of(town.people["carl"]).file()

    event = Event.objects.order_by("sequence").first()
    assert (event.actor_kind, event.actor_ref) == ("staff", town.people["carl"].ref_id)


WITH_MAIL = {**POTHOLE, "contact": {"email": "rita@people.example"}}


def test_filing_stays_in_its_budget(town):
    door = Rest()

    with budget(15):
        assert door.file(WITH_MAIL).status_code == 201


def test_filing_with_a_key_stays_in_its_budget(town):
    program = program_of(town.people["carl"])

    with budget(15):
        assert program.file(WITH_MAIL).status_code == 201


def test_filing_signed_in_stays_in_its_budget(town):
    browser = Rest()
    browser.client.force_login(town.people["carl"])

    with budget(15):
        assert browser.file(WITH_MAIL).status_code == 201


def test_filing_to_triage_stays_in_its_budget(town):
    program = program_of(town.people["carl"])

    with budget(15):
        assert (
            program.file(
                {"description": "What now?", "contact": {"phone": "+44 20 7946 0018"}}
            ).status_code
            == 201
        )
