"""Which tickets are asked for."""

from typing import Any

from rest_framework import serializers

from concerns.api.serializers.fields import Strict
from concerns.enums import State
from concerns.queries.tickets import QUEUES

LONGEST_LIST = 200


class ListQuery(Strict):
    """The filters of the list; all given must hold."""

    state = serializers.ChoiceField(choices=State.choices, required=False)
    department = serializers.CharField(
        max_length=50, required=False, help_text="The key of the department responsible."
    )
    category = serializers.CharField(
        max_length=50, required=False, help_text="The slug of a category, those below it included."
    )
    queue = serializers.ChoiceField(
        choices=[(name, name) for name in QUEUES],
        required=False,
        help_text="A queue of the workspace.",
    )
    q = serializers.CharField(
        max_length=200, required=False, help_text="A reference, or words of title and place."
    )
    cursor = serializers.CharField(
        max_length=500, required=False, help_text="From `next` or `previous`."
    )
    limit = serializers.IntegerField(
        min_value=1, max_value=LONGEST_LIST, required=False, help_text="Tickets a page, default 50."
    )


def filters_in(query: Any) -> dict[str, Any]:  # noqa: ANN401 - a QueryDict
    """The validated filters; raises ValidationError naming the parameter."""
    given = ListQuery(data=query.dict())
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
