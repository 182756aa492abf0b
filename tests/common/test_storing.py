"""Rows stored by one prepared statement are the rows `bulk_create` would have stored."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from common import storing
from common.clock import now
from concerns.models import Concern, Event, Publication, Reporter, Ticket
from notifications.models import Envelope
from tests.support.sql import statements
from tests.support.town import Town, file

# What PostgreSQL can keep: no NUL, no half of a surrogate pair.
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
PLAIN = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | WORDS
FACTS = st.dictionaries(WORDS, PLAIN | st.lists(PLAIN, max_size=3), max_size=4)
# As the strategy wants its bounds: it puts the zone on itself.
NAIVE = dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30)  # noqa: DTZ001
MOMENTS = st.datetimes(*NAIVE, timezones=st.just(dt.UTC))


def stored(row):
    return type(row).objects.get(pk=row.pk)


def reporter(**more):
    return Reporter(**{"wrapped_keys": {}, **more})


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


class TestWhateverTheValues(TestCase):
    @given(facts=FACTS, topic=WORDS.filter(lambda text: len(text) <= 40), moment=MOMENTS)
    def test_they_come_back(self, facts, topic, moment):
        rows = [
            Envelope(topic=topic, subject_id=n, facts=facts, next_attempt_at=moment)
            for n in (1, 2**62)
        ]

        storing.insert(rows)

        assert [columns(stored(row)) for row in rows] == [columns(row) for row in rows]

    @given(sealed=st.binary(max_size=80), wrapped=st.dictionaries(st.just("k"), WORDS))
    def test_bytes_too(self, sealed, wrapped):
        row = Reporter(sealed=sealed, wrapped_keys=wrapped)

        storing.insert([row])

        assert (bytes(stored(row).sealed), stored(row).wrapped_keys) == (sealed, wrapped)

    @given(lat=st.floats(-90, 90), lon=st.floats(-180, 180))
    def test_a_point_to_its_last_digit(self, lat, lon):
        row = Concern(
            reference=uuid4().hex[:10], language="de", channel="web", words="x", lat=lat, lon=lon
        )

        storing.insert([row])

        assert (stored(row).lat, stored(row).lon) == (lat, lon)


def test_rows_know_their_key_and_that_they_are_stored(town: Town) -> None:
    rows = [reporter(has_email=True), reporter()]

    with statements() as said:
        storing.insert(rows)

    assert len(said) == 1
    assert [row.pk for row in rows] == sorted({row.pk for row in rows})
    assert [stored(row).has_email for row in rows] == [True, False]
    assert [row._state.adding for row in rows] == [False, False]


def test_no_rows_are_no_statement(db: None) -> None:
    with statements() as said:
        storing.insert([])

    assert said == []


def test_the_statement_is_the_same_whatever_is_empty_and_however_many(town: Town) -> None:
    with statements() as said:
        storing.insert([reporter()])
        storing.insert([reporter(email_index="x", address_confirmed_at=now())])
        storing.insert([reporter(), reporter(email_index="y")])

    assert len(set(said)) == 1


def test_what_is_taken_is_left_and_said(town: Town) -> None:
    concern = file().concern
    copy = Concern(reference=concern.reference, language="de", channel="web", words="Other.")

    assert storing.insert_new([copy]) == 0
    assert (copy.pk, Concern.objects.count()) == (None, 1)
    copy.reference = "2" * 10
    assert storing.insert_new([copy]) == 1
    assert stored(copy).words == "Other."


def test_a_row_is_replaced_whole(town: Town) -> None:
    ticket = file().ticket
    ticket.title, ticket.asset_id = "Other", None

    storing.replace([ticket])

    assert model_to_dict(stored(ticket)) == model_to_dict(ticket)
    assert Ticket.objects.count() == 1


def test_what_the_database_refuses_is_refused(town: Town) -> None:
    event = file().ticket.events.first()
    again = Event(**{**columns(event), "id": None})

    with pytest.raises(IntegrityError, match="event_sequence_once"), transaction.atomic():
        storing.insert([again])


def test_what_the_database_begins_is_left_to_it(town: Town) -> None:
    row = Publication(ticket=file().ticket)

    storing.insert([row])

    assert stored(row).key is not None


def test_a_value_that_is_none_is_refused(db: None) -> None:
    with pytest.raises(TypeError, match="set cannot be stored this way"):
        storing.insert([Envelope(topic="t", subject_id=1, facts={"a": {1}})])
