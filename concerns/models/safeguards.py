"""Columns that hold data back: from processing (Art. 18 GDPR) or from erasure."""

from typing import ClassVar

from django.db import models


class Restrictable(models.Model):
    """Restriction hides from processing but keeps; a hold keeps from erasure until a day."""

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    restricted_at = models.DateTimeField(null=True, blank=True)
    restriction_reason = models.CharField(max_length=40, blank=True)
    hold_until = models.DateField(null=True, blank=True)
    hold_reason = models.CharField(max_length=40, blank=True)
    # Since when nobody is in it any more (privacy/actions/erasing.py).
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
