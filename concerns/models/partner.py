"""Bodies outside the city that take up a ticket, and what each was told."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F

from common.clock import now
from common.words import in_language
from concerns.enums import State
from concerns.models.ticket import Ticket


class Partner(models.Model):
    """From the city's data: whom a ticket can be passed to by a link, without an account."""

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    key = models.SlugField(unique=True)
    names = models.JSONField(default=dict)
    email = models.EmailField()
    language = models.CharField(max_length=10)
    retired = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names)


class ReferralQuerySet(models.QuerySet["Referral"]):
    def open(self) -> "ReferralQuerySet":
        """Those whose wait has not ended, of tickets that are not restricted."""
        return self.filter(
            ticket__state=State.WAITING_EXTERNAL,
            ticket__restricted_at=None,
            created_at__gte=F("ticket__state_since"),
        )


class Referral(models.Model):
    """One ticket passed to one partner. Its link opens that ticket for as long as this wait lasts.

    `key` names it in the link and proves nothing; the proof beside it is derived (references.py).
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="referrals")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="referrals")
    note = models.ForeignKey("concerns.Note", on_delete=models.PROTECT, related_name="+")
    with_files = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)

    objects = ReferralQuerySet.as_manager()

    def __str__(self) -> str:
        return f"referral {self.pk}"
