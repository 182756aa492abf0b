"""Tickets as staff see them: a row of the list, and everything about one."""

from typing import Any

from rest_framework import serializers

from common.words import in_language
from concerns.api.pages import PageOutput
from concerns.api.serializers.labels import (
    CategoryLabel,
    DepartmentLabel,
    DistrictLabel,
    PersonLabel,
    drawn,
    label_of,
)
from concerns.api.slugs import slug_of
from concerns.enums import (
    Audience,
    Channel,
    Direction,
    FileState,
    Kind,
    MessageKind,
    Outcome,
    PlacementReason,
    Standing,
    State,
    Verb,
)
from concerns.models import Event, Ticket
from concerns.queries.tickets import TicketDetail


class TicketRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    kind = serializers.ChoiceField(choices=Kind.choices)
    audience = serializers.ChoiceField(choices=Audience.choices)
    category = CategoryLabel(allow_null=True)
    department = DepartmentLabel(allow_null=True)
    district = DistrictLabel(allow_null=True)
    assignee = PersonLabel(allow_null=True)
    priority = serializers.IntegerField()
    concern_count = serializers.IntegerField()
    confidential = serializers.BooleanField(source="is_confidential")
    formal = serializers.BooleanField()
    no_reply = serializers.BooleanField(help_text="Nobody answered our question in time.")
    first_response_due = serializers.DateTimeField(allow_null=True)
    resolution_due = serializers.DateTimeField(allow_null=True)
    scheduled_for = serializers.DateField(allow_null=True)
    follow_up_on = serializers.DateField(allow_null=True)
    unanswered_since = serializers.DateTimeField(allow_null=True)
    discard_proposed_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(help_text='What If-Match says: `"v<version>"`.')


class TicketPage(PageOutput):
    results = TicketRow(many=True)


class FileLabel(serializers.Serializer[Any]):
    """A file somebody sent, without its content."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    state = serializers.ChoiceField(choices=FileState.choices)


class PlacedConcern(serializers.Serializer[Any]):
    reference = serializers.CharField()
    standing = serializers.ChoiceField(choices=Standing.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    language = serializers.CharField()
    is_follow = serializers.BooleanField()
    words = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    category = CategoryLabel(allow_null=True)
    answers = serializers.DictField()
    address = serializers.CharField()
    lat = serializers.FloatField(allow_null=True)
    lon = serializers.FloatField(allow_null=True)
    created_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    rating = serializers.IntegerField(allow_null=True)
    waiting_objection = serializers.IntegerField(
        allow_null=True, help_text="The id of an objection that waits for its decision."
    )
    attachments = FileLabel(many=True, source="files")


class PlacementOutput(serializers.Serializer[Any]):
    """When a concern was on the ticket, who put it there, and why."""

    concern = serializers.CharField(source="reference")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True, help_text="Null: it still is.")
    by = serializers.CharField(
        source="placed_by", allow_null=True, help_text="Null: nobody of the city's people."
    )
    reason = serializers.ChoiceField(choices=PlacementReason.choices)
    origin = serializers.IntegerField(
        allow_null=True, help_text="The id of the ticket a join took it from."
    )


class TicketMessage(serializers.Serializer[Any]):
    concern = serializers.CharField(
        source="concern.reference", allow_null=True, default=None, help_text="Null: to all."
    )
    direction = serializers.ChoiceField(choices=Direction.choices)
    kind = serializers.ChoiceField(choices=MessageKind.choices)
    text = serializers.CharField()
    author = PersonLabel(allow_null=True)
    created_at = serializers.DateTimeField()
    released_at = serializers.DateTimeField(allow_null=True)


class TicketNote(serializers.Serializer[Any]):
    text = serializers.CharField()
    author = PersonLabel(allow_null=True)
    created_at = serializers.DateTimeField()


class TicketEvent(serializers.Serializer[Any]):
    sequence = serializers.IntegerField()
    verb = serializers.ChoiceField(choices=Verb.choices)
    label = serializers.SerializerMethodField()  # type: ignore[assignment] # DRF takes fields off the class
    from_state = serializers.CharField()
    to_state = serializers.ChoiceField(choices=State.choices)
    actor_kind = serializers.CharField()
    actor_ref = serializers.UUIDField(allow_null=True)
    actor_name = serializers.CharField(allow_null=True)
    department = serializers.SerializerMethodField(help_text="The name of the one it speaks of.")
    details = serializers.DictField(
        source="data", help_text="Ids and codes, among them why a rule decided."
    )
    at = serializers.DateTimeField()

    def get_label(self, event: Event) -> str:
        return label_of(event.verb)

    def get_department(self, event: Event) -> str | None:
        names = getattr(event, "department_names", None)
        return in_language(names) if names else None


class CompanyOutput(serializers.Serializer[Any]):
    """How many concerns are on the ticket, and in what standing."""

    placed = serializers.IntegerField()
    active = serializers.IntegerField()
    reachable = serializers.IntegerField()
    unconfirmed = serializers.IntegerField()
    objecting = serializers.IntegerField()


class TicketOutput(TicketRow):
    """A ticket with all that is known of it, timeline newest first."""

    address = serializers.CharField()
    lat = serializers.FloatField(allow_null=True)
    lon = serializers.FloatField(allow_null=True)
    answers = serializers.DictField()
    circle = serializers.CharField(source="circle.key", allow_null=True, default=None)
    outcome = serializers.ChoiceField(choices=Outcome.choices, allow_blank=True)
    answer = serializers.CharField(source="answer_message.text", allow_null=True, default=None)
    responsible_body = serializers.CharField()
    partner = serializers.CharField()
    wait_until = serializers.DateTimeField(allow_null=True)
    merged_into = serializers.IntegerField(source="merged_into_id", allow_null=True)
    review_due = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    restricted_at = serializers.DateTimeField(allow_null=True)
    hold_until = serializers.DateField(allow_null=True)


class Surroundings(serializers.Serializer[Any]):
    """What stands around a ticket, and what this person may do with it now."""

    company = CompanyOutput()
    concerns = PlacedConcern(many=True)
    placements = PlacementOutput(many=True, help_text="All there ever were, oldest first.")
    messages = TicketMessage(many=True)
    notes = TicketNote(many=True)
    timeline = TicketEvent(many=True, source="events")
    allowed_actions = serializers.SerializerMethodField()

    def get_allowed_actions(self, detail: TicketDetail) -> list[str]:
        return [slug_of(verb) for verb in detail.allowed]


class TicketDetailOutput(TicketOutput, Surroundings):
    def to_representation(self, instance: TicketDetail) -> dict[str, Any]:
        return {**drawn(TicketOutput, instance.ticket), **drawn(Surroundings, instance)}


class ChangedOutput(serializers.Serializer[Any]):
    """A ticket after an act."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=State.choices)
    version = serializers.IntegerField()
    allowed_actions = serializers.ListField(child=serializers.CharField())
    other_ticket = serializers.IntegerField(
        allow_null=True, help_text="The second ticket of the act: the lead, or a new one."
    )
    pin = serializers.CharField(
        allow_null=True, help_text="A new PIN, for its person; shown this once."
    )


def changed(ticket: Ticket, allowed: list[Verb], other_ticket: int | None) -> dict[str, Any]:
    return {
        "id": ticket.pk,
        "state": str(ticket.state),
        "version": ticket.version,
        "allowed_actions": [slug_of(verb) for verb in allowed],
        "other_ticket": other_ticket,
    }
