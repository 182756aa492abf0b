"""How long bodies stay, and how long a letter waits for its address to be confirmed."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Q

from common.clock import now
from notifications.enums import ON_ITS_WAY, DeliveryState
from notifications.models import EMPTIED, Delivery

READABLE_FOR = timedelta(days=30)
HELD_FOR = timedelta(days=30)


def lapse_held(older_than: timedelta = HELD_FOR) -> int:
    """Give up letters whose address nobody confirmed in that time; how many. Empties them."""
    return Delivery.objects.filter(
        state=DeliveryState.HELD, created_at__lt=now() - older_than
    ).update(state=DeliveryState.LAPSED, **EMPTIED)


def purge(older_than: timedelta = READABLE_FOR) -> int:
    """Empty the bodies of letters older than that, whatever became of them; how many.

    What is still on its way keeps its body: it leaves or dies within a day and a half.
    """
    old = Delivery.objects.filter(created_at__lt=now() - older_than).exclude(key_id="")
    return old.exclude(state__in=ON_ITS_WAY).update(**EMPTIED)


def forget_letters(
    *, recipients: Collection[str] = (), topic: str = "", subject_ids: Collection[int] = ()
) -> int:
    """Empty every letter to these recipients, or of these envelopes; how many. What has not left will not leave."""
    whose = Q(recipient__in=recipients)
    if topic:
        whose |= Q(envelope__topic=topic, envelope__subject_id__in=subject_ids)
    return Delivery.objects.filter(whose).exclude(key_id="").update(**EMPTIED)
