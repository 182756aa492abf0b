"""The states of what leaves the house."""

from django.db.models import TextChoices


class EnvelopeState(TextChoices):
    PENDING = "pending"
    EXPANDED = "expanded"
    DEAD = "dead"  # every attempt ended in an error; an operator looks
    ABANDONED = "abandoned"  # an operator looked and gave it up


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
    ABANDONED = "abandoned"  # an operator gave it up


# What may still leave the house, so its body must stay.
ON_ITS_WAY = (DeliveryState.PENDING, DeliveryState.SENDING)
# What nobody tries any more until an operator does.
IN_TROUBLE = (DeliveryState.DEAD, DeliveryState.FAILED)


class Remedy(TextChoices):
    """What an operator can do about post that is stuck."""

    RETRY = "retry"
    GIVE_UP = "give_up"
