"""What stands under which keys: rows to be renewed after a key was added, rows that no configured key opens."""

from collections.abc import Sequence
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.core.checks import CheckMessage, Error
from django.db.models import JSONField, Q, QuerySet
from django.db.models.expressions import RawSQL

from accounts.sign_in.second_factor import stale_factors
from common import keyrings
from common.migrated import missing_migrations
from concerns.models import Reporter
from notifications.models import Delivery

INDEXES = ("email_index", "phone_index", "surname_index", "phonetic_index")
REMEDY = "Put the key back into MASTER_KEYS from the backup of secrets, then run `manage.py rotate_keys`."


@dataclass(frozen=True, slots=True)
class Lost:
    """Rows of one kind that no configured key opens, and the ids of the keys that would."""

    what: str
    count: int
    key_ids: list[str]


def stale_reporters() -> QuerySet[Reporter]:
    """Those whose data key other keys than the configured wrap, or whose indexes another key than the first made."""
    ids = list(keyrings.ring("MASTER_KEYS"))
    # jsonb minus an array of keys: what is left was wrapped by others.
    others = RawSQL("wrapped_keys - %s::text[]", [ids], output_field=JSONField())
    wrapped = Q(wrapped_keys__has_keys=ids, others={})
    return Reporter.objects.annotate(others=others).filter(~wrapped | stale_index())


def stale_index() -> Q:
    """Any index that the current key did not make."""
    current = f"{keyrings.current('INDEX_KEYS')[0]}:"
    stale = Q()
    for name in INDEXES:
        stale |= ~Q(**{name: ""}) & ~Q(**{f"{name}__startswith": current})
    return stale


def stale_deliveries() -> QuerySet[Delivery]:
    current = keyrings.current("MASTER_KEYS")[0]
    return Delivery.objects.exclude(key_id__in=["", current])


def stale_authenticators() -> QuerySet[Authenticator]:
    found: QuerySet[Authenticator] = Authenticator.objects.filter(pk__in=stale_factors())
    return found


def lost() -> list[Lost]:
    """Rows that cannot be opened with the keys that are configured; nothing is lost while a key is in a safe."""
    ids = list(keyrings.ring("MASTER_KEYS"))
    people = Reporter.objects.exclude(wrapped_keys__has_any_keys=ids)
    letters = Delivery.objects.exclude(key_id__in=["", *ids])
    wrapped = {key for keys in people.values_list("wrapped_keys", flat=True)[:1000] for key in keys}
    sealed = set(letters.values_list("key_id", flat=True).distinct())
    found = [
        Lost("contact data", people.count(), sorted(wrapped)),
        Lost("letters", letters.count(), sorted(sealed)),
    ]
    return [one for one in found if one.count]


def check_keys_in_use(
    *, databases: Sequence[str] | None = None, **_options: object
) -> list[CheckMessage]:
    """The rings hold every key that rows still need. Asked by `check --deploy --database default`."""
    return [
        Error(
            f"No configured key opens {one.count} {one.what}: {', '.join(one.key_ids)}.",
            hint=REMEDY,
            id="concerns.E001",
        )
        for one in (lost() if databases and not missing_migrations() else [])
    ]
