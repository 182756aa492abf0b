import pytest
import time_machine

from common.clock import now
from notifications import outbox, tasks
from notifications.enums import DeliveryState
from notifications.models import Delivery

DAY = 24 * 3600


def bodies():
    rows = Delivery.objects.order_by("recipient")
    return {row.recipient: (row.state, bool(row.sealed), bool(row.key_id)) for row in rows}


@pytest.mark.django_db
def test_purge_empties_every_body_older_than_thirty_days_but_what_is_on_its_way(deliveries):
    for state in DeliveryState.values:
        deliveries(state, state=state, provider_note="250 2.0.0")

    with time_machine.travel(now().timestamp() + 31 * DAY):
        tasks.purge()

    expected = {state: (state, False, False) for state in DeliveryState.values}
    for state in (DeliveryState.PENDING, DeliveryState.SENDING):
        expected[state] = (state, True, True)
    expected[DeliveryState.HELD] = (DeliveryState.LAPSED, False, False)
    assert bodies() == expected
    assert Delivery.objects.exclude(key_id="").count() == 2
    assert not Delivery.objects.filter(key_id="").exclude(provider_note="").exists()


@pytest.mark.django_db
def test_purge_leaves_younger_bodies(deliveries):
    deliveries("concern:1", state=DeliveryState.SENT)

    with time_machine.travel(now().timestamp() + 29 * DAY):
        tasks.purge()

    assert bodies() == {"concern:1": (DeliveryState.SENT, True, True)}


@pytest.mark.django_db
def test_lapse_held_gives_up_only_what_waited_long_enough(deliveries):
    deliveries("concern:1", state=DeliveryState.HELD)
    with time_machine.travel(now().timestamp() - 31 * DAY):
        deliveries("concern:2", state=DeliveryState.HELD)
        deliveries("concern:3", state=DeliveryState.PENDING)

    assert outbox.lapse_held() == 1

    assert bodies() == {
        "concern:1": (DeliveryState.HELD, True, True),
        "concern:2": (DeliveryState.LAPSED, False, False),
        "concern:3": (DeliveryState.PENDING, True, True),
    }
