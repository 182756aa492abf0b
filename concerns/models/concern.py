"""What one person said, who they are, and which ticket it is placed on."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.clock import now
from common.ids import uuid7
from concerns.enums import Audience, Channel, Kind, PlacementReason, Standing
from concerns.models.asset import Asset
from concerns.models.category import Category
from concerns.models.safeguards import Restrictable
from concerns.models.ticket import Ticket
from geography.models import District


class Reporter(models.Model):
    """Contact data of a concern's author, sealed under a key of its own; only `queries/contact.py` opens it.

    `wrapped_keys` holds the data key wrapped by each master key. `address_generation` counts e-mail addresses: the
    confirmation link sent to one confirms no other. The blind indexes find a person without opening
    anything (common/blind_indexes.py). A row without a concern is an address that was replaced and is told so
    (actions/contact.py); it is deleted after a week.
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset(
        {"sealed", "email_index", "phone_index", "surname_index", "phonetic_index"}
    )

    # What the seal is bound to, so that sealed data moved to another row no longer opens.
    seal_id = models.UUIDField(default=uuid7, editable=False, unique=True)
    sealed = models.BinaryField()
    wrapped_keys = models.JSONField()
    email_index = models.CharField(max_length=90, blank=True, db_index=True)
    phone_index = models.CharField(max_length=90, blank=True, db_index=True)
    surname_index = models.CharField(max_length=90, blank=True, db_index=True)
    phonetic_index = models.CharField(max_length=90, blank=True, db_index=True)
    has_email = models.BooleanField(default=False)
    # False: they look at the status page themselves and want no mails; only what they must know is sent.
    wants_mail = models.BooleanField(default=True)
    address_confirmed_at = models.DateTimeField(null=True, blank=True)
    address_generation = models.PositiveSmallIntegerField(default=1)
    undeliverable_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"reporter {self.pk}"


class Concern(Restrictable):
    """What ONE person said through ONE channel at one time; it never merges away.

    `generation` counts proofs of ownership: raising it makes the tracking link and PIN new. A follower said nothing
    of their own ("me too").
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset(
        {"words", "answers", "address", "lat", "lon", "rating_words"}
    )

    reference = models.CharField(max_length=20, unique=True)
    generation = models.PositiveSmallIntegerField(default=1)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.ACTIVE)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    language = models.CharField(max_length=5)
    is_follow = models.BooleanField(default=False)
    part_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    reporter = models.ForeignKey(
        Reporter, null=True, blank=True, on_delete=models.SET_NULL, related_name="concerns"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="concerns",
    )
    created_at = models.DateTimeField(default=now)

    # As said; never changed but by erasure
    words = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="concerns"
    )
    answers = models.JSONField(default=dict, blank=True)
    address = models.CharField(max_length=300, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    district = models.ForeignKey(
        District, null=True, blank=True, on_delete=models.PROTECT, related_name="concerns"
    )
    asset = models.ForeignKey(
        Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="concerns"
    )

    # The privacy notice they were shown, and consents, each with the version of the text agreed to
    privacy_version = models.CharField(max_length=20, blank=True)
    words_consent_version = models.CharField(max_length=20, blank=True)
    words_consent_at = models.DateTimeField(null=True, blank=True)
    words_consent_withdrawn_at = models.DateTimeField(null=True, blank=True)
    photos_consent_version = models.CharField(max_length=20, blank=True)
    photos_consent_at = models.DateTimeField(null=True, blank=True)
    photos_consent_withdrawn_at = models.DateTimeField(null=True, blank=True)

    # Facts of this person about the result
    confirmed_at = models.DateTimeField(null=True, blank=True)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    rating_words = models.TextField(blank=True)
    rated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(standing__in=Standing.values), name="concern_standing_known"
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)), name="concern_rating"
            ),
            models.CheckConstraint(
                condition=Q(is_follow=True) | ~Q(words="") | Q(erased_at__isnull=False),
                name="concern_has_words",
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__isnull=False, lon__isnull=False),
                name="concern_place_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_active(self) -> bool:
        return self.standing == Standing.ACTIVE


class PlacementQuerySet(models.QuerySet["Placement"]):
    def open(self) -> "PlacementQuerySet":
        return self.filter(until__isnull=True)


class Placement(models.Model):
    """A concern on a ticket, from and until; exactly one open per concern. History stays."""

    personal_fields: ClassVar[frozenset[str]] = frozenset()

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="placements")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="placements")
    since = models.DateTimeField(default=now)
    until = models.DateTimeField(null=True, blank=True)
    actor_ref = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=10, choices=PlacementReason.choices)
    # Where a join took it from, so that the join can be undone.
    origin = models.ForeignKey(
        Ticket, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern"], condition=Q(until__isnull=True), name="placement_one_open"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="placement_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ticket"], condition=Q(until__isnull=True), name="placement_open_on_ticket"
            )
        ]

    def __str__(self) -> str:
        return f"{self.concern_id} on {self.ticket_id}"
