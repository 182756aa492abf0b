"""Where it stands and what comes next: no day that has passed is promised to anybody."""

import datetime as dt

import pytest
import time_machine
from django.utils import translation

from common.actor import Actor
from common.clock import today
from concerns.actions.filing import Filed
from concerns.actions.words import send_message
from concerns.enums import State
from concerns.queries.own import standing
from portal.sentences import next_of, state_of
from tests.support.stages import (
    STAGES,
    Stage,
    assigned,
    in_progress,
    reopen_requested,
    resolved,
    scheduled,
    waiting_reporter,
)
from tests.support.town import Town

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def read(filed: Filed, after: dt.timedelta = DAY * 0, language: str = "en") -> list[str]:
    """What the person reads so long after Monday."""
    moment = MONDAY + after
    with time_machine.travel(moment, tick=False), translation.override(language):
        stands = standing(Actor.citizen(filed.concern.pk))
        return [words for words in (state_of(stands), next_of(stands)) if words]


def on_monday(town: Town, stage: Stage) -> Filed:
    with time_machine.travel(MONDAY, tick=False):
        return stage(town)


def written_to(town: Town) -> Filed:
    filed = in_progress(town)
    send_message(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="We are on it.")
    return filed


@pytest.mark.parametrize(
    ("stage", "until", "promised", "afterwards"),
    [
        (
            assigned,
            3,
            ["In progress with Streets.", "You hear from us by 5 March."],
            [
                "In progress with Streets.",
                "We wanted to write to you by 5 March. It takes longer; we keep at it.",
            ],
        ),
        (
            written_to,
            14,
            ["In progress with Streets.", "We want to be done by 16 March."],
            [
                "In progress with Streets.",
                "We wanted to be done by 16 March. It takes longer; we keep at it.",
            ],
        ),
        (
            waiting_reporter,
            14,
            ["We need an answer from you.", "Please answer by 16 March. Then we carry on."],
            [
                "We need an answer from you.",
                "Please answer as soon as you can. Then we carry on.",
            ],
        ),
        (
            scheduled,
            7,
            ["Planned for 9 March."],
            ["It was planned for 9 March; we are setting a new day."],
        ),
        (
            resolved,
            14,
            ["Done: fixed. If that is not right, tell us by 16 March."],
            ["Done: fixed."],
        ),
        (
            reopen_requested,
            7,
            [
                "Being checked. Somebody who did not write the answer decides on your objection by 9 March."
            ],
            [
                (
                    "Being checked. Somebody who did not write the answer decides on your objection. "
                    "It takes longer than we wanted."
                ),
            ],
        ),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_promise_holds_to_the_end_of_its_day_and_no_longer(
    town: Town, stage: Stage, until: int, promised: list[str], afterwards: list[str]
) -> None:
    filed = on_monday(town, stage)

    assert read(filed, until * DAY) == promised
    assert read(filed, (until + 1) * DAY) == afterwards


@pytest.mark.parametrize("state", STAGES)
def test_next_date_is_never_past(town: Town, state: State) -> None:
    filed = on_monday(town, STAGES[state])

    for days in range(0, 60, 5):
        with time_machine.travel(MONDAY + days * DAY, tick=False):
            promised = standing(Actor.citizen(filed.concern.pk)).next_date
            assert promised is None or promised >= today()


def test_a_slipped_day_in_german(town: Town) -> None:
    filed = on_monday(town, scheduled)

    assert read(filed, 8 * DAY, "de") == [
        "Es war für den 9. März eingeplant; wir legen einen neuen Tag fest."
    ]
