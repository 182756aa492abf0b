"""Which tickets are asked for, and how a row of them looks."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from common.clock import city_zone
from concerns.api.pages import PageQuery
from concerns.api.serializers.fields import Query
from concerns.api.serializers.labels import drawer
from concerns.enums import Audience, Channel, Kind, State
from concerns.queries.listing import DEADLINES, FLAGS, ORDERS
from concerns.queries.tickets import QUEUES

TWICE = _("This may be given once only.")


@extend_schema_field(
    {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}
)
class Moment(serializers.Field[dt.datetime, str, str, Any]):
    """A day of the city (`whole`: with its end), or a moment with its offset (RFC 3339)."""

    default_error_messages = {
        "invalid": _("Please write a day as YYYY-MM-DD, or a moment as YYYY-MM-DDThh:mm:ss+hh:mm."),
    }

    def __init__(self, *, whole: bool = False, **options: Any) -> None:
        self.whole = whole
        super().__init__(required=False, **options)

    def to_internal_value(self, data: str) -> dt.datetime:
        try:
            moment = self.day(data) or parse_datetime(data)
            # In UTC: PostgreSQL refuses offsets beyond 16 hours, which RFC 3339 allows.
            moment = moment.astimezone(dt.UTC) if moment and moment.tzinfo else None
        except (ValueError, OverflowError):
            moment = None
        if moment is None:
            self.fail("invalid")
        return moment

    def day(self, text: str) -> dt.datetime | None:
        """The beginning of a day, or of the next."""
        day = parse_date(text)
        if day is None:
            return None
        if self.whole:
            day += dt.timedelta(days=1)
        return dt.datetime.combine(day, dt.time(), city_zone())


class Several(serializers.MultipleChoiceField):
    """The parameter is given once for each value."""

    def __init__(self, choices: Any, help_text: str) -> None:  # noqa: ANN401 - whatever DRF takes
        super().__init__(choices=choices, required=False, help_text=help_text)


def names(known: Mapping[str, Any] | tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, name) for name in known]


class Named(serializers.CharField):
    def __init__(self, help_text: str) -> None:
        super().__init__(max_length=50, required=False, help_text=help_text)


class ListQuery(PageQuery):
    """The filters of the list; all given must hold."""

    state = Several(State.choices, "One of these states.")
    kind = Several(Kind.choices, "One of these kinds.")
    channel = Several(Channel.choices, "A concern on it came in by one of these doors.")
    flag = Several(
        names(FLAGS),
        "All of these: a message is unanswered; only a circle sees it; an objection waits; nobody answered our "
        "question in time; it is proposed for discarding; it is a formal filing; other tickets were joined to it.",
    )
    audience = serializers.ChoiceField(choices=Audience.choices, required=False)
    category = Named("The slug of a category, those below it included.")
    department = Named("The key of the department responsible.")
    within = Named("The key of a department: it or one below it is responsible.")
    district = Named("The key of a district, its quarters included.")
    assignee = serializers.RegexField(
        r"^(me|none|[0-9]{1,18})$", required=False, help_text="`me`, `none`, or the id of a member."
    )
    deadline = serializers.ChoiceField(
        choices=names(DEADLINES),
        required=False,
        help_text="`overdue`: open, and the date for its resolution has passed; `none`: there is no such date.",
    )
    due_before = Moment(help_text="Open, and to be resolved before this day or moment.")
    created_from = Moment(help_text="Filed on this day, at this moment, or later.")
    created_until = Moment(
        whole=True, help_text="Filed on this day at the latest, or before this moment."
    )
    changed_from = Moment(help_text="Last changed on this day, at this moment, or later.")
    changed_until = Moment(
        whole=True, help_text="Last changed on this day at the latest, or before this moment."
    )
    closed_from = Moment(help_text="Closed on this day, at this moment, or later.")
    closed_until = Moment(
        whole=True, help_text="Closed on this day at the latest, or before this moment."
    )
    queue = serializers.ChoiceField(
        choices=names(QUEUES), required=False, help_text="A queue of the workspace."
    )
    q = serializers.CharField(
        max_length=200, required=False, help_text="A reference, or words of title and place."
    )
    order = serializers.ChoiceField(
        choices=names(ORDERS),
        default="newest",
        help_text="`deadline`: due next; `changed`: changed last; `priority`: the highest, of these the newest.",
    )


def asked_in(query: QueryDict, wants: type[Query]) -> dict[str, Any]:
    """The validated parameters of an address; raises ValidationError naming those that cannot be used."""
    many = {name for name, one in drawer(wants).fields.items() if isinstance(one, Several)}
    twice = {name for name, values in query.lists() if len(values) > 1 and name not in many}
    if twice:
        raise ValidationError({name: [ErrorDetail(str(TWICE), code="twice")] for name in twice})
    given = wants(
        data={name: values if name in many else values[-1] for name, values in query.lists()}
    )
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
