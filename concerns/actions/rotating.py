"""Renewing what is sealed after a key was added: in batches, so that nobody waits and a kill loses nothing.

Each batch is a transaction of its own, on rows it locks; whoever holds one keeps it for a later round. What is done
is no longer asked for, so a second run, or two at once, do each row once.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from accounts.sign_in.second_factor import resealed
from common import keyrings
from common.actor import Actor
from common.crypto import SealBroken, UnknownKey, rewrap
from concerns.actions.contact import index_contact
from concerns.models import Reporter
from concerns.queries.contact import contact_of
from concerns.queries.keys import (
    INDEXES,
    stale_authenticators,
    stale_deliveries,
    stale_reporters,
)
from notifications.contents import open_sealed, sealed
from notifications.models import Delivery

BATCH = 200
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stock:
    """One kind of sealed rows: those not under the current keys, how one is renewed, and which columns that writes."""

    name: str
    stale: Callable[[], QuerySet[Any]]
    renew: Callable[[Any], None]
    columns: Sequence[str]


@dataclass(frozen=True, slots=True)
class Renewed:
    done: int
    broken: int


def rotate(stock: Stock, *, batch: int = BATCH) -> Iterator[Renewed]:
    """Renew all rows that nobody holds, batch after batch; those that do not open are left as they are."""
    after: object = None
    while True:
        with transaction.atomic():
            rows = waiting(stock, after, batch)
            if not rows:
                return
            opened = [row for row in rows if renewed(stock, row)]
            if opened:
                stock.stale().model.objects.bulk_update(opened, stock.columns)
        after = rows[-1].pk
        yield Renewed(len(opened), len(rows) - len(opened))


def waiting(stock: Stock, after: object, batch: int) -> list[Model]:
    rows = stock.stale().order_by("pk").select_for_update(skip_locked=True)
    return list((rows if after is None else rows.filter(pk__gt=after))[:batch])


def renewed(stock: Stock, row: Model) -> bool:
    try:
        stock.renew(row)
    except (SealBroken, UnknownKey) as fault:
        log.warning("%s %s cannot be opened: %s", stock.name, row.pk, type(fault).__name__)
        return False
    return True


def renew_reporter(reporter: Reporter) -> None:
    """Wrap the data key anew; contact data are opened, on the record, only if an index must be made anew."""
    current = f"{keyrings.current('INDEX_KEYS')[0]}:"
    made = [getattr(reporter, name) for name in INDEXES]
    reporter.wrapped_keys = rewrap(reporter.wrapped_keys)
    if any(index and not index.startswith(current) for index in made):
        index_contact(reporter, contact_of(Actor.system(), reporter, purpose="key_rotation"))


def renew_delivery(delivery: Delivery) -> None:
    contents = open_sealed(delivery.sealed, delivery_id=delivery.pk)
    delivery.sealed = sealed(contents, delivery_id=delivery.pk)
    delivery.key_id = keyrings.current("MASTER_KEYS")[0]


def renew_authenticator(factor: Any) -> None:  # noqa: ANN401 - allauth is not typed
    factor.data = resealed(factor.data)


STOCKS = (
    Stock("contact data", stale_reporters, renew_reporter, ("wrapped_keys", *INDEXES)),
    Stock("letters", stale_deliveries, renew_delivery, ("sealed", "key_id")),
    Stock("second factors", stale_authenticators, renew_authenticator, ("data",)),
)
