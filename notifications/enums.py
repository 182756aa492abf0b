"""The states of what leaves the house."""

from django.db.models import TextChoices


class EnvelopeState(TextChoices):
    PENDING = "pending"
    EXPANDED = "expanded"
    DEAD = "dead"


class DeliveryState(TextChoices):
    PENDING = "pending"  # waits for its time, also between two attempts
    HELD = "held"  # the address is not confirmed yet
    SENDING = "sending"  # a worker has it, until its lease ends
    SENT = "sent"  # the next server took it
    FAILED = "failed"  # refused for good: the recipient cannot be reached there
    DEAD = "dead"  # every attempt ended in a passing error; an operator looks
    LAPSED = "lapsed"  # held until nobody confirmed, or its body was erased
    CONDENSED = "condensed"  # held, then told in another mail
    SUPPRESSED = "suppressed"  # called back before it left


# What may still leave the house, so its body must stay.
ON_ITS_WAY = (DeliveryState.PENDING, DeliveryState.SENDING)
# What an operator can send again.
IN_TROUBLE = (DeliveryState.DEAD, DeliveryState.FAILED)
