import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError

from common.actor import Actor, ActorKind
from common.clock import now
from common.models import ViewLog
from common.view_log import log_view


@pytest.mark.django_db
def test_log_view_writes_one_row_per_subject_in_one_statement(django_assert_num_queries):
    clerk = Actor(kind=ActorKind.STAFF, ref=uuid4())

    with django_assert_num_queries(1):
        log_view(actor=clerk, subject_kind="reporter", subject_ids=range(1, 101), purpose="letter")

    rows = ViewLog.objects.order_by("subject_id")
    assert [row.subject_id for row in rows] == list(range(1, 101))
    assert {(row.actor_kind, row.actor_ref, row.subject_kind, row.purpose) for row in rows} == {
        ("staff", clerk.ref, "reporter", "letter")
    }
    assert dt.timedelta(0) <= now() - rows[0].at < dt.timedelta(seconds=10)


@pytest.mark.django_db
def test_log_view_of_nobody_costs_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        log_view(actor=Actor.system(), subject_kind="reporter", subject_ids=[], purpose="letter")


@pytest.mark.django_db
def test_log_view_without_a_person_behind_it_keeps_the_kind():
    log_view(actor=Actor.system(), subject_kind="reporter", subject_ids=[7], purpose="delivery")

    assert ViewLog.objects.values_list("actor_kind", "actor_ref").get() == ("system", None)


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["subject_kind", "purpose"])
def test_the_database_refuses_a_view_that_does_not_say_what_or_why(missing):
    said = {"subject_kind": "reporter", "purpose": "letter"} | {missing: ""}

    with pytest.raises(IntegrityError):
        log_view(actor=Actor.system(), subject_ids=[7], **said)


def test_a_view_reads_as_purpose_and_subject():
    assert str(ViewLog(purpose="letter", subject_kind="reporter", subject_id=7)) == (
        "letter: reporter 7"
    )
