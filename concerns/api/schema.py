"""The OpenAPI description of endpoints that a table makes, so that no endpoint repeats what its row says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework.serializers import Serializer


@dataclass(frozen=True, slots=True)
class Operation:
    """What the description says of one row."""

    name: str
    summary: str
    wants: type[Serializer[Any]]
    answers: Mapping[int, Any]
    tag: str
    story: str = ""
    parameters: Sequence[OpenApiParameter] = ()


class DescribedByTable(AutoSchema):
    """Asks the view for its `operation`."""

    view: Any

    @property
    def operation(self) -> Operation:
        found: Operation = self.view.operation
        return found

    def get_operation_id(self) -> str:
        return self.operation.name

    def get_summary(self) -> str:
        return self.operation.summary

    def get_description(self) -> str:  # type: ignore[override] # drf-spectacular's signature, not DRF's
        return self.operation.story

    def get_tags(self) -> list[str]:
        return [self.operation.tag]

    def get_request_serializer(self) -> Any:  # noqa: ANN401 - drf-spectacular's signature
        # A row that wants nothing has no body to describe.
        return self.operation.wants if self.operation.wants().fields else None

    def get_response_serializers(self) -> Any:  # noqa: ANN401 - drf-spectacular's signature
        return dict(self.operation.answers)

    def get_override_parameters(self) -> list[Any]:
        return list(self.operation.parameters)
