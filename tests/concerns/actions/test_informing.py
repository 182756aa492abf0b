"""The daily mail and the alarms of the clock: once, whoever calls and however late."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from common.clock import now
from concerns.actions.ending import decide_objection
from concerns.actions.informing import UNFINISHED, inform, news_day, post_digest
from concerns.actions.voicing import object_to_result
from concerns.actions.words import reply, send_message
from concerns.enums import Verdict
from concerns.models import Event, Message, Objection
from concerns.notices.gathered import Day, Reader
from concerns.notices.staff_occasions import (
    DIGEST_TOPIC,
    OBJECTION_TOPIC,
    POST_TOPIC,
    UNANSWERED_TOPIC,
)
from departments.queries import actor_for
from notifications.enums import DeliveryState, EnvelopeState
from notifications.models import Delivery, Envelope
from tests.support.stages import in_progress, resolved
from tests.support.stories import at
from tests.support.town import file
from tests.support.turns import alone

MONDAY = dt.datetime(2026, 11, 16, 10, tzinfo=dt.UTC)
MORNING = dt.datetime(2026, 11, 17, 7, 5, tzinfo=dt.UTC)
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def a_monday():
    with at(MONDAY):
        yield


def days():
    posted = Envelope.objects.filter(topic=DIGEST_TOPIC).order_by("subject_id")
    return [dt.date.fromordinal(one.subject_id).isoformat() for one in posted]


def alarms(topic):
    posted = Envelope.objects.filter(topic=topic).order_by("created_at")
    return [(one.subject_id, one.facts.get("ticket")) for one in posted]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-17T06:59:59+00:00", "2026-11-16"),
        ("2026-11-17T07:00:00+00:00", "2026-11-17"),
        ("2026-11-18T00:30:00+00:00", "2026-11-17"),
        # Clocks go forward on 29 March, back on 25 October 2026.
        ("2026-03-28T07:00:00+00:00", "2026-03-28"),
        ("2026-03-29T05:59:59+00:00", "2026-03-28"),
        ("2026-03-29T06:00:00+00:00", "2026-03-29"),
        ("2026-10-24T06:00:00+00:00", "2026-10-24"),
        ("2026-10-25T06:59:59+00:00", "2026-10-24"),
        ("2026-10-25T07:00:00+00:00", "2026-10-25"),
    ],
)
def test_the_day_of_news_begins_at_seven_in_the_city(moment, day):
    with at(dt.datetime.fromisoformat(moment)):
        assert dt.date.fromordinal(news_day()).isoformat() == day


@pytest.mark.django_db
def test_a_day_has_one_envelope_however_often_the_clock_rings():
    for hours in (0, 1, 12, 23, 24):
        with at(MORNING + dt.timedelta(hours=hours)):
            inform()

    assert days() == ["2026-11-17", "2026-11-18"]


@pytest.mark.django_db
def test_a_clock_that_stood_still_posts_the_day_late_and_loses_nothing():
    with at(MORNING):
        inform()
    with at(MORNING + 3 * ONE_DAY + dt.timedelta(hours=16)):
        inform()

    assert days() == ["2026-11-17", "2026-11-20"]
    first, second = Envelope.objects.order_by("subject_id").values_list("facts", flat=True)
    assert second["since"] == first["until"]


@pytest.mark.django_db
def test_the_first_mail_looks_back_one_day_and_leaves_out_what_is_still_being_written():
    with at(MORNING):
        post_digest()
        moment = now()

    said = Envelope.objects.get().facts
    since, until = (dt.datetime.fromisoformat(said[name]) for name in ("since", "until"))
    assert until - since == ONE_DAY
    assert UNFINISHED <= moment - until < UNFINISHED + dt.timedelta(seconds=5)


@pytest.mark.django_db
def test_each_piece_of_news_stands_in_exactly_one_mail(town):
    with at(MORNING):
        inform()
        late = file()
    with at(MORNING + ONE_DAY):
        inform()

    told = []
    for facts in Envelope.objects.filter(topic=DIGEST_TOPIC).order_by("subject_id"):
        period = (dt.datetime.fromisoformat(facts.facts[name]) for name in ("since", "until"))
        reader = Reader(town.people["carl"], actor_for(town.people["carl"]), Day.of(*period))
        told.append([one.pk for one in reader.new()])
    assert told == [[], [late.ticket.pk]]


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_the_same_moment_post_one_envelope_of_each(town):
    filed = in_progress(town)
    reply(concern_id=filed.concern.pk, text="Is anybody coming?")
    clocks = 4
    start = Barrier(clocks)

    def ring():
        start.wait()
        inform()

    with at(MONDAY + 7 * ONE_DAY), ThreadPoolExecutor(clocks) as threads:
        outcomes = [one.result(30) for one in [threads.submit(alone, ring) for _ in range(clocks)]]

    assert outcomes == [None] * clocks
    assert (len(days()), len(alarms(UNANSWERED_TOPIC))) == (1, 1)


# --- alarms ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_message_unanswered_for_two_working_days_alarms_once(town):
    filed = in_progress(town)
    reply(concern_id=filed.concern.pk, text="Is anybody coming?")
    message = Message.objects.get(text="Is anybody coming?")

    with at(MONDAY + 2 * ONE_DAY):  # the second working day has not ended
        inform()
        assert alarms(UNANSWERED_TOPIC) == []
    for hours in (7, 8, 200):
        with at(MONDAY + 2 * ONE_DAY + dt.timedelta(hours=hours)):
            inform()

    assert alarms(UNANSWERED_TOPIC) == [(message.pk, filed.ticket.pk)]


@pytest.mark.django_db
def test_free_days_do_not_count(town):
    filed = in_progress(town)
    with at(MONDAY + 4 * ONE_DAY):  # a Friday
        reply(concern_id=filed.concern.pk, text="Is anybody coming?")
    with at(MONDAY + 7 * ONE_DAY):
        inform()

    assert alarms(UNANSWERED_TOPIC) == []


@pytest.mark.django_db
def test_what_was_answered_does_not_alarm_and_the_next_wait_does(town):
    filed = in_progress(town)
    reply(concern_id=filed.concern.pk, text="Is anybody coming?")
    send_message(actor=town.actor("carl"), ticket_id=filed.ticket.pk, text="Tomorrow.")
    with at(MONDAY + 4 * ONE_DAY):
        inform()
        assert alarms(UNANSWERED_TOPIC) == []
        reply(concern_id=filed.concern.pk, text="Nobody came.")
    with at(MONDAY + 14 * ONE_DAY):
        inform()

    again = Message.objects.get(text="Nobody came.")
    assert alarms(UNANSWERED_TOPIC) == [(again.pk, filed.ticket.pk)]


@pytest.mark.django_db
def test_an_objection_not_decided_in_time_alarms_once(town):
    filed = resolved(town)
    object_to_result(concern_id=filed.concern.pk, text="No.")
    objection = Objection.objects.get()

    with at(objection.due - dt.timedelta(minutes=1)):
        inform()
        assert alarms(OBJECTION_TOPIC) == []
    for days_later in (0, 1):
        with at(objection.due + days_later * ONE_DAY):
            inform()

    assert alarms(OBJECTION_TOPIC) == [(objection.pk, filed.ticket.pk)]


@pytest.mark.django_db
def test_a_decided_objection_does_not_alarm(town):
    filed = resolved(town)
    object_to_result(concern_id=filed.concern.pk, text="No.")
    objection = Objection.objects.get()
    decide_objection(
        actor=town.actor("tess"), objection_id=objection.pk, verdict=Verdict.UPHELD, text="No."
    )

    with at(objection.due + ONE_DAY):
        inform()

    assert alarms(OBJECTION_TOPIC) == []


@pytest.mark.django_db
def test_dead_letters_alarm_once_a_day_until_somebody_looked_after_them(town):
    file()
    Envelope.objects.update(state=EnvelopeState.DEAD)

    for hours in (0, 1, 24):
        with at(MORNING + dt.timedelta(hours=hours)):
            inform()
    assert [one.facts for one in Envelope.objects.filter(topic=POST_TOPIC)] == [{"count": 1}] * 2
    Envelope.objects.filter(state=EnvelopeState.DEAD).update(state=EnvelopeState.ABANDONED)
    with at(MORNING + 2 * ONE_DAY):
        inform()

    assert Envelope.objects.filter(topic=POST_TOPIC).count() == 2


@pytest.mark.django_db
def test_a_healthy_city_is_informed_of_nothing(town):
    in_progress(town)
    before = Event.objects.count()

    with at(MORNING):
        inform()

    assert (days(), Event.objects.count()) == (["2026-11-17"], before)
    assert Delivery.objects.filter(state=DeliveryState.DEAD).count() == 0
    assert [alarms(topic) for topic in (UNANSWERED_TOPIC, OBJECTION_TOPIC, POST_TOPIC)] == [
        [],
        [],
        [],
    ]
