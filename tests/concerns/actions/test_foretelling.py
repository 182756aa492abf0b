"""What is foretold is what comes: the same letters to as many people, and nothing is written by asking."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from common.clock import now, today
from concerns.actions.by_verb import BY_VERB, On
from concerns.actions.deciding import Answer
from concerns.actions.filing import Filed, follow_ticket
from concerns.actions.foretelling import OUTLOOKS, foretell
from concerns.actions.voicing import object_to_result
from concerns.actions.working import accept
from concerns.enums import Channel, Outcome, Verb, Verdict
from concerns.errors import Conflict, Invalid, Refused
from concerns.models import Concern, Reporter
from concerns.notices.foretelling import Foretold
from concerns.notices.occasions import TOPIC
from concerns.notices.staff_letters import is_staff
from concerns.queries.visible import ticket_for
from notifications.models import Envelope
from notifications.writers import Letter, writer_for
from tests.support.rows import snapshot
from tests.support.stages import (
    FIXED,
    Stage,
    reopen_requested,
    resolved,
    scheduled,
    waiting_reporter,
)
from tests.support.stages import in_progress as taken_up
from tests.support.town import Town, file, fresh

Said = Mapping[str, Any]
SOON = today() + dt.timedelta(days=7)
BODY = Answer(outcome=Outcome.NOT_RESPONSIBLE, text="Ask them.", responsible_body="mere-water")


def company(town: Town, filed: Filed) -> None:
    """Beside Rita, who reads English: two of German, one more of English, and one of each whom no letter reaches."""
    kinds: tuple[tuple[str, dict[str, Any]], ...] = (
        ("de", {"address_confirmed_at": now()}),
        ("de-AT", {"address_confirmed_at": now()}),
        ("en", {"address_confirmed_at": now()}),
        ("en", {}),
        ("en", {"wants_mail": False}),
        ("de", {"undeliverable_since": now(), "address_confirmed_at": now()}),
    )
    for number, (language, known) in enumerate(kinds):
        one = follow_ticket(
            actor=town.actor("dora"),
            ticket_id=filed.ticket.pk,
            channel=Channel.PHONE,
            language=language,
            contact={"email": f"p{number}@people.example"},
        )
        Reporter.objects.filter(concerns=one.concern).update(**known)


def among_many(stage: Stage) -> Callable[[Town], Filed]:
    def begun(town: Town) -> Filed:
        filed = stage(town)
        Reporter.objects.filter(concerns=filed.concern).update(address_confirmed_at=now())
        if filed.ticket.is_open:
            company(town, filed)
        return filed

    return begun


def in_progress(town: Town) -> Filed:
    return among_many(taken_up)(town)


def answered(town: Town) -> Filed:
    filed = in_progress(town)
    BY_VERB["ticket_id", Verb.RESOLVE].do(
        town.actor("carl"), filed.ticket.pk, None, {"answer": FIXED}
    )
    return filed


def objected(town: Town) -> Filed:
    filed = answered(town)
    object_to_result(concern_id=filed.concern.pk, text="The hole is still there.")
    return filed


def to_be_approved(town: Town) -> Filed:
    filed = file(category="appeal", email="rita@people.example")
    accept(actor=town.actor("carl"), ticket_id=filed.ticket.pk)
    Reporter.objects.filter(concerns=filed.concern).update(address_confirmed_at=now())
    company(town, filed)
    return filed


def submitted(town: Town) -> Filed:
    filed = to_be_approved(town)
    BY_VERB["ticket_id", Verb.SUBMIT].do(
        town.actor("carl"), filed.ticket.pk, None, {"answer": BODY}
    )
    return filed


def parks(town: Town, _filed: Filed) -> Said:
    return {"department_id": town.office("parks").pk, "reason": "It is a tree."}


def own(_town: Town, filed: Filed) -> Said:
    return {"text": "Only you.", "concern_ids": [filed.concern.pk]}


def just(**said: Any) -> Callable[[Town, Filed], Said]:
    return lambda _town, _filed: said


CASES = [
    (Verb.RESOLVE, "carl", in_progress, just(answer=FIXED)),
    (Verb.DECLINE, "carl", in_progress, just(answer=BODY)),
    (Verb.APPROVE, "ada", submitted, just()),
    (Verb.SCHEDULE, "carl", in_progress, just(date=SOON)),
    (Verb.RESCHEDULE, "carl", among_many(scheduled), just(date=SOON, reason="Rain.")),
    (Verb.ASK, "carl", in_progress, just(text="Which side?\r\n\r\n\ufdd0pin\ufdd1")),
    (Verb.ASK, "carl", in_progress, own),
    (Verb.REFER, "carl", in_progress, just(partner=" Moor Water ", text="Your pipe.")),
    (Verb.MESSAGE, "carl", in_progress, just(text="  We come\u00a0soon. ")),
    (Verb.MESSAGE, "carl", in_progress, own),
    (Verb.MESSAGE, "carl", among_many(waiting_reporter), just(text="We come soon.")),
    (Verb.TRANSFER, "carl", in_progress, parks),
    (Verb.REOPEN, "carl", answered, just(reason="Somebody fell.")),
    (Verb.REOPEN, "dora", answered, parks),
    (Verb.REOPEN, "carl", resolved, just(reason="Somebody fell.")),
    (Verb.UPHOLD, "tess", among_many(reopen_requested), just(text="It is filled.")),
    (Verb.DECIDE_OBJECTION, "tess", objected, just(verdict=Verdict.UPHELD, text="No.")),
    (Verb.DECIDE_OBJECTION, "tess", objected, just(verdict=Verdict.REOPENED, text="Right.")),
    (Verb.DECIDE_OBJECTION, "tess", objected, just(verdict=Verdict.DETACHED, text="Yours.")),
]
IDS = [f"{number}-{verb}" for number, (verb, *_) in enumerate(CASES)]


def asked(town: Town, who: str, verb: Verb, filed: Filed, said: Said) -> list[Foretold]:
    """Ask, and see that neither a row nor the ticket in hand has changed."""
    actor = town.actor(who)
    ticket = ticket_for(actor, filed.ticket.pk)
    rows, seen = snapshot(), {**vars(ticket), "_state": None}
    foretold = foretell(
        actor=actor,
        ticket=ticket,
        verb=verb,
        said=said,
        concern_id=filed.concern.pk if verb == Verb.DECIDE_OBJECTION else None,
    )
    assert snapshot() == rows
    assert {**vars(ticket), "_state": None} == seen
    return foretold


def done(town: Town, who: str, verb: Verb, filed: Filed, said: Said) -> list[Letter]:
    """The letters to people that the act brings about, as the worker writes them."""
    before = set(Envelope.objects.values_list("pk", flat=True))
    on: On = "objection_id" if verb == Verb.DECIDE_OBJECTION else "ticket_id"
    pk = filed.concern.objections.get().pk if on == "objection_id" else filed.ticket.pk
    BY_VERB[on, verb].do(town.actor(who), pk, None, said)
    posted = Envelope.objects.exclude(pk__in=before).filter(topic=TOPIC).order_by("pk")
    letters = [one for envelope in posted for one in writer_for(TOPIC).letters(envelope, "")]
    return [one for one in letters if not is_staff(one.recipient)]


def read(letter: Letter) -> tuple[str, str, str, str, str, str]:
    """Everything but the address, which asking does not open."""
    return (
        letter.recipient,
        letter.language,
        letter.purpose,
        letter.subject,
        letter.text,
        letter.html,
    )


@pytest.mark.parametrize(("verb", "who", "stage", "saying"), CASES, ids=IDS)
def test_the_letters_foretold_are_the_letters_that_come_and_asking_writes_nothing(
    town: Town,
    verb: Verb,
    who: str,
    stage: Callable[[Town], Filed],
    saying: Callable[[Town, Filed], Said],
) -> None:
    filed = stage(town)
    said = saying(town, filed)

    foretold = asked(town, who, verb, filed, said)
    came = [one for one in done(town, who, verb, filed, said) if not one.held]

    samples = [letter for one in foretold for letter, _count in one.letters]
    first = {(one.purpose, one.language): one for one in reversed(came)}
    assert sorted(map(read, samples)) == sorted(map(read, first.values()))
    counted = {
        (letter.purpose, letter.language): n for one in foretold for letter, n in one.letters
    }
    assert counted == Counter((one.purpose, one.language) for one in came)
    assert {letter.address for letter in samples} <= {""}


def test_every_act_that_is_foretold_is_compared_here() -> None:
    """What is submitted is compared with what approving it sends."""
    assert {verb for verb, *_ in CASES} | {Verb.SUBMIT} == set(OUTLOOKS)


def test_a_submitted_answer_is_foretold_as_it_goes_out_once_approved(town: Town) -> None:
    filed = to_be_approved(town)

    [foretold] = asked(town, "carl", Verb.SUBMIT, filed, {"answer": BODY})
    BY_VERB["ticket_id", Verb.SUBMIT].do(
        town.actor("carl"), filed.ticket.pk, None, {"answer": BODY}
    )
    came = [one for one in done(town, "ada", Verb.APPROVE, filed, {}) if not one.held]

    first = {one.language: one for one in reversed(came)}
    assert [read(letter) for letter, _count in foretold.letters] == [
        read(first["en"]),
        read(first["de"]),
    ]


def test_it_is_said_whom_a_letter_does_not_reach(town: Town) -> None:
    filed = in_progress(town)

    [foretold] = asked(town, "carl", Verb.RESOLVE, filed, {"answer": FIXED})

    assert [(letter.language, count) for letter, count in foretold.letters] == [
        ("en", 2),
        ("de", 2),
    ]
    assert (foretold.channel, foretold.unconfirmed, foretold.looking, foretold.unreachable) == (
        "email",
        1,
        1,
        1,
    )


def test_nobody_is_told_what_they_know(town: Town) -> None:
    """Nobody has heard of the department that the ticket leaves."""
    filed = file(email="rita@people.example", channel=Channel.MAIL)

    [foretold] = asked(town, "carl", Verb.TRANSFER, filed, parks(town, filed))

    assert foretold == Foretold("email", [], 0, 0, 0)


def test_who_objected_hears_the_decision_and_the_others_that_it_goes_on(town: Town) -> None:
    filed = objected(town)

    decision, others = asked(
        town,
        "tess",
        Verb.DECIDE_OBJECTION,
        filed,
        {"verdict": Verdict.REOPENED, "text": "You are right."},
    )

    assert [(letter.language, count) for letter, count in decision.letters] == [("en", 1)]
    assert [(letter.language, count) for letter, count in others.letters] == [("de", 2), ("en", 1)]


def test_a_change_meanwhile_is_noticed(town: Town) -> None:
    filed = in_progress(town)
    actor = town.actor("carl")
    stale = fresh(filed.ticket).version - 1

    with pytest.raises(Conflict):
        foretell(
            actor=actor,
            ticket=ticket_for(actor, filed.ticket.pk),
            verb=Verb.MESSAGE,
            said={"text": "Hello."},
            version=stale,
        )


@pytest.mark.parametrize(
    ("verb", "said", "refusal", "field"),
    [
        (Verb.MESSAGE, {"text": "a\0b"}, Invalid, "text"),
        (Verb.MESSAGE, {"text": "Hello.", "concern_ids": [0]}, Invalid, "concerns"),
        (Verb.ASK, {"text": "Hello?", "concern_ids": [0]}, Refused, ""),
        (Verb.DECLINE, {"answer": Answer("not_responsible", "x")}, Invalid, "responsible_body"),
        (Verb.SCHEDULE, {"date": dt.date(2020, 1, 1)}, Invalid, "date"),
        (Verb.TRANSFER, {"department_id": 0}, Invalid, "department"),
    ],
)
def test_what_the_act_would_refuse_is_refused(
    town: Town, verb: Verb, said: Said, refusal: type[Invalid], field: str
) -> None:
    filed = in_progress(town)

    with pytest.raises(refusal) as caught:
        asked(town, "carl", verb, filed, said)

    assert caught.value.field == field


def test_no_contact_data_are_opened(town: Town) -> None:
    """Reporters whose seal nobody could open do not hinder it."""
    filed = in_progress(town)
    Reporter.objects.update(sealed=b"", wrapped_keys={})

    [foretold] = asked(town, "carl", Verb.RESOLVE, filed, {"answer": FIXED})

    assert sum(count for _letter, count in foretold.letters) == 4
    assert Concern.objects.filter(placements__ticket=filed.ticket).count() == 7
