"""Values exactly as JSON has them: a number in quotes, a 1 for yes, a name nobody asked for are refused."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

UNKNOWN = _("This is not asked here. Please leave it out, or check its spelling.")


class Strict(serializers.Serializer[Any]):
    """Refuses names it does not know."""

    def to_internal_value(self, data: Any) -> Any:  # noqa: ANN401 - DRF's signature
        errors: dict[str, Any] = {}
        if isinstance(data, Mapping):
            for name in data.keys() - self.fields.keys():
                errors[str(name)] = [ErrorDetail(str(UNKNOWN), code="unknown_field")]
        try:
            values = super().to_internal_value(data)
        except ValidationError as refusal:
            if not isinstance(refusal.detail, dict):
                raise
            raise ValidationError({**refusal.detail, **errors}) from None
        if errors:
            raise ValidationError(errors)
        return values


class Query(Strict):
    """The parameters of an address. A request names few of the many, and only these are made."""

    def get_fields(self) -> dict[str, Any]:
        said = getattr(self, "initial_data", self._declared_fields)
        return {
            name: deepcopy(field)
            for name, field in self._declared_fields.items()
            if name in said or field.required or field.default is not serializers.empty
        }


class Nothing(Strict):
    """A request without content."""


class Text(serializers.CharField):
    """Text byte for byte; no number becomes one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:  # noqa: ANN401 - DRF's signature
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Words(Text):
    """What a person wrote; whether it is empty or too long is for the action to say, as at every door."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_blank=True, **options)


class Number(serializers.FloatField):
    def to_internal_value(self, data: Any) -> float:  # noqa: ANN401 - DRF's signature
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        try:
            return float(data)
        except OverflowError:
            self.fail("invalid")


class Whole(serializers.IntegerField):
    """A whole number that a 64-bit column holds."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=2**63 - 1, **options)

    def to_internal_value(self, data: Any) -> int:  # noqa: ANN401 - DRF's signature
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


class Flag(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:  # noqa: ANN401 - DRF's signature
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Choice(serializers.ChoiceField):
    def to_internal_value(self, data: Any) -> str:  # noqa: ANN401 - DRF's signature
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return str(super().to_internal_value(data))


class Day(serializers.DateField):
    """A day as YYYY-MM-DD."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["iso-8601"], **options)
