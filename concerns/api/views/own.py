"""/api/v1/concerns/{reference}/: one's own concern, and what its person says about it."""

from collections.abc import Callable
from dataclasses import dataclass

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from concerns.actions import voicing, words
from concerns.api.once import KEY_HEADER, once, replayed
from concerns.api.schema import DescribedByTable, Operation
from concerns.api.serializers.fields import Nothing, Strict
from concerns.api.serializers.labels import drawn
from concerns.api.serializers.own import OwnConcern, RatingInput, SayInput
from concerns.api.views.doors import OwnDoor
from concerns.queries.own import standing

DONE = 204


class ShowOwnConcern(OwnDoor):
    """Where it stands, what was said to its person, and what they can do now."""

    @extend_schema(
        operation_id="own_concern",
        summary="Where my concern stands",
        responses=OwnConcern,
        tags=["concerns"],
    )
    def get(self, request: Request, reference: str) -> Response:  # noqa: ARG002 - proven by ConcernProof
        return Response(drawn(OwnConcern, standing(self.actor)))


@dataclass(frozen=True, slots=True)
class Voice:
    """One thing the person of a concern can say."""

    slug: str
    summary: str
    action: Callable[..., object]
    wants: type[Strict]
    creates: bool = False  # something that a second sending would create twice


VOICES = (
    Voice("messages", "Write to the city", words.reply, SayInput, creates=True),
    Voice("confirm", "Say that the result is right", voicing.confirm, Nothing),
    Voice(
        "object",
        "Say that the result is not right",
        voicing.object_to_result,
        SayInput,
        creates=True,
    ),
    Voice("withdraw", "Take the concern back", voicing.withdraw, Nothing),
    Voice("rate", "Grade the result", voicing.rate, RatingInput),
)


class SayToConcern(OwnDoor):
    voice: Voice = VOICES[0]
    schema = DescribedByTable()

    @property
    def operation(self) -> Operation:
        return Operation(
            name=f"{self.voice.slug}_own_concern",
            summary=self.voice.summary,
            wants=self.voice.wants,
            answers={DONE: None},
            tag="concerns",
            parameters=(KEY_HEADER,) if self.voice.creates else (),
        )

    def post(self, request: Request, reference: str) -> Response:  # noqa: ARG002 - proven by ConcernProof
        answer = once(request, self.say) if self.voice.creates else self.say()
        return Response(status=answer.status, headers=replayed(answer))

    def say(self) -> Answer:
        given = self.voice.wants(data=self.request.data)
        given.is_valid(raise_exception=True)
        self.voice.action(concern_id=self.concern_id, **given.validated_data)
        return Answer(DONE, {})
