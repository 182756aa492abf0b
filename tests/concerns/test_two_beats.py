"""Two beats by mistake: each rings every bell at the same moment, and nothing is done twice."""

import datetime as dt
from collections import Counter

import pytest
from django.conf import settings

from backend.celery import app
from concerns.actions.contact import confirm_address
from concerns.enums import Verb
from concerns.models import Event
from concerns.notices.staff_occasions import DIGEST_TOPIC
from concerns.queries.audit import broken_chains
from notifications.models import Delivery, Envelope
from tests.concerns.test_concurrency import together
from tests.notifications.conftest import mail_server
from tests.support.stages import in_progress, resolved, waiting_reporter
from tests.support.stories import at
from tests.support.town import Town, build_town

__all__ = ["mail_server"]

BELLS = sorted(one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values())
BEATS = 2
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
# Whoever was asked is reminded; what was answered is closed.
DUE = MONDAY + dt.timedelta(days=14, hours=1)


@pytest.fixture
def town(transactional_db: None) -> Town:
    return build_town()


def test_every_bell_rung_by_two_beats_at_once(town: Town, mail_server) -> None:
    app.loader.import_default_modules()
    with at(MONDAY):
        for stage in (waiting_reporter, resolved, in_progress):
            for _one in range(3):
                confirm_address(concern_id=stage(town).concern.pk)
    with at(DUE):
        for _round in range(3):
            for bell in BELLS:
                assert together([app.tasks[bell]] * BEATS) == [None] * BEATS

    verbs = Counter(Event.objects.values_list("verb", flat=True))
    assert (verbs[Verb.REMIND], verbs[Verb.CLOSE]) == (3, 3)
    assert Envelope.objects.filter(topic=DIGEST_TOPIC).count() == 1
    assert list(broken_chains()) == []
    sent = Delivery.objects.filter(state="sent").values_list("message_id", flat=True)
    assert Counter(one["Message-ID"] for one in mail_server.messages) == Counter(sent)
    assert not Delivery.objects.filter(state__in=["pending", "sending"]).exists()
