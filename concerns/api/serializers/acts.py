"""What each act on a ticket wants to know. `source` is the name the action has for it."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from common.actor import Actor
from concerns.actions.deciding import Answer
from concerns.api.serializers.fields import Choice, Day, Strict, Text, Whole, Words
from concerns.api.serializers.filing import ContactInput, PlaceInput
from concerns.enums import (
    DECIDED,
    DECLINING_OUTCOMES,
    RESOLVING_OUTCOMES,
    Priority,
    Reported,
    Verdict,
)
from concerns.queries.named import concerns_named, department_named, objection_on

SHORT = 40
RESOLVING = [(one.value, one.label) for one in RESOLVING_OUTCOMES]
DECLINING = [(one.value, one.label) for one in DECLINING_OUTCOMES]
FOUND = [(one.value, one.label) for one in DECIDED]
ANSWERING = [*RESOLVING, *DECLINING]


def asked_of(field: serializers.Field[Any, Any, Any, Any]) -> tuple[Actor, int]:
    """Who acts, and on which ticket."""
    return field.context["actor"], field.context["ticket_id"]


class DepartmentKey(Text):
    """The key of a department; the action gets its id."""

    def run_validation(self, data: Any = empty) -> Any:  # noqa: ANN401 - DRF's signature
        return department_named(super().run_validation(data))


class ConcernReference(Text):
    """The reference of a concern on this ticket; the action gets its id."""

    def run_validation(self, data: Any = empty) -> Any:  # noqa: ANN401 - DRF's signature
        actor, ticket_id = asked_of(self)
        reference = super().run_validation(data)
        return concerns_named(actor, ticket_id, [reference], field="concern")[0]


class ConcernReferences(serializers.ListField):
    """References of concerns on this ticket; the action gets their ids."""

    child = Text(max_length=SHORT)

    def to_internal_value(self, data: Any) -> list[int]:  # noqa: ANN401 - DRF's signature
        actor, ticket_id = asked_of(self)
        return concerns_named(actor, ticket_id, super().to_internal_value(data), field="to")


class ObjectionNumber(Whole):
    def run_validation(self, data: Any = empty) -> int:  # noqa: ANN401 - DRF's signature
        actor, ticket_id = asked_of(self)
        return objection_on(actor, ticket_id, super().run_validation(data))


class ReportBackInput(Strict):
    text = Words(help_text="What the partner said; kept as a note.")
    reported = Choice(choices=Reported.choices, required=False, help_text="The same as a code.")


class ReasonInput(Strict):
    reason = Words(help_text="In words, for colleagues.")


class TextInput(Strict):
    text = Words()


class SettleInput(Strict):
    text = Words(required=False, help_text="Why no answer is needed, or where it was given.")


class MessageInput(Strict):
    text = Words()
    to = ConcernReferences(
        required=False, source="concern_ids", help_text="Whom. Default: all who can be reached."
    )


class AssignInput(Strict):
    assignee = Whole(source="user_id")


class RouteInput(Strict):
    department = DepartmentKey(source="department_id", max_length=50)


class TransferInput(RouteInput):
    reason = Words()


class ReopenInput(ReasonInput):
    department = DepartmentKey(required=False, source="department_id", max_length=50)


class ScheduleInput(Strict):
    date = Day()
    reason = Words(required=False, help_text="Needed when a promised date moves.")


class FollowUpInput(Strict):
    date = Day(
        help_text="The day on which the ticket comes up again: from tomorrow on, within two years."
    )
    text = Words(help_text="What is to be looked at then; kept as a note.")


class FollowedUpInput(Strict):
    text = Words(required=False, help_text="What came of it; kept as a note.")


class ReferInput(Strict):
    partner_key = Text(
        max_length=SHORT,
        required=False,
        help_text="Of a partner of the city: it gets a mail with the text and a link to answer by.",
    )
    partner = Words(
        required=False, help_text="Instead of a key: the name of a body that was told otherwise."
    )
    text = Words(help_text="What it was told.")
    with_files = serializers.BooleanField(
        required=False, help_text="Whether the partner may have the concerns' files. Default: no."
    )


class AnswerInput(Strict):
    outcome = Choice(choices=ANSWERING)
    text = Words(help_text="Goes to everybody placed on the ticket.")
    responsible_body = Words(required=False, help_text="Needed with not_responsible.")
    cause = Text(required=False, max_length=50, help_text="The key of a cause.")

    def to_internal_value(self, data: Any) -> Mapping[str, Any]:  # noqa: ANN401 - DRF's signature
        return {"answer": Answer(**super().to_internal_value(data))}


class ResolveInput(AnswerInput):
    outcome = Choice(choices=RESOLVING)


class DeclineInput(AnswerInput):
    outcome = Choice(choices=DECLINING)


class JoinInput(Strict):
    lead = Whole(source="lead_id", help_text="The id of the ticket that takes this one in.")


class CompareInput(Strict):
    other = Whole(source="other_id", help_text="The id of the ticket it was compared with.")
    finding = Choice(choices=FOUND)


class ConcernInput(Strict):
    concern = ConcernReference(source="concern_id", max_length=SHORT)


class SplitInput(ConcernInput):
    words = Words(help_text="The part of the text that is about the second matter.")
    category = Text(required=False, max_length=50)


class CorrectContactInput(ConcernInput):
    contact = ContactInput()


class CategoriseInput(Strict):
    category = Text(max_length=50)


class PrioritiseInput(ReasonInput):
    priority = serializers.ChoiceField(
        choices=Priority.choices, help_text="-1 low, 0 normal, 1 high, 2 urgent."
    )


class RelocateInput(Strict):
    place = PlaceInput()


class CircleInput(Strict):
    circle = Text(source="circle_key", max_length=50)


class ExcludeInput(Strict):
    person = Whole(source="user_id", help_text="Whom the matter is about.")


class RestrictInput(Strict):
    reason = Text(max_length=SHORT, help_text="A code.")


class HoldInput(RestrictInput):
    until = Day()


class DecideInput(Strict):
    objection = ObjectionNumber(source="objection_id")
    verdict = Choice(choices=Verdict.choices)
    text = Words(help_text="What the person is told.")
