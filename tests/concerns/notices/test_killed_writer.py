import datetime as dt
from pathlib import Path

import pytest
import time_machine

from concerns.enums import Channel
from notifications.models import Delivery, Envelope
from tests.concerns.notices.staff import at_once
from tests.support.town import file
from tests.support.workers import kill_when_halted

SCRIPT = Path(__file__).parent / "writer_that_halts.py"


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_letters_to_staff_costs_no_letter_and_repeats_none(
    town, post, settings
):
    at_once()
    filed = file(email="rita@people.example", channel=Channel.MAIL)

    kill_when_halted(SCRIPT, smtp_port=settings.EMAIL_PORT)

    carl, clara, tess = (f"user:{town.people[name].pk}" for name in ("carl", "clara", "tess"))
    stored = set(Delivery.objects.values_list("recipient", flat=True))
    envelope = Envelope.objects.get()
    assert (envelope.cursor, stored) == (carl, {f"concern:{filed.concern.pk}", carl})
    # The worker's clock was the machine's.
    with time_machine.travel(envelope.locked_until + dt.timedelta(seconds=1)):
        reached = post.recipients()
        assert post.recipients() == []
    assert reached == [
        "carl@northmoor.example",
        "clara@northmoor.example",
        "rita@people.example",
        "tess@northmoor.example",
    ]
    assert Delivery.objects.filter(recipient__in=[carl, clara, tess]).count() == 3
