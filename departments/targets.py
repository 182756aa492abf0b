"""How long something may take: an amount of working hours, working days, calendar days or months."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self


class Unit(StrEnum):
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"


# What is counted in working time. It ends while somebody works, so that nothing needs to roll forward.
WORKING_UNITS = (Unit.WORKING_HOURS, Unit.WORKING_DAYS)
# Up to about ten years. Zero days are the next end of work, or of the day; zero hours would be over at once.
AMOUNTS: Mapping[Unit, range] = {
    Unit.WORKING_HOURS: range(1, 20_001),
    Unit.WORKING_DAYS: range(2_501),
    Unit.CALENDAR_DAYS: range(3_654),
    Unit.MONTHS: range(1, 121),
}


@dataclass(frozen=True, slots=True)
class Target:
    """An amount of a unit.

    With `roll_forward` an end on a Saturday, Sunday or public holiday moves to the next day that is none of them
    (§ 31 (3) VwVfG, § 193 BGB).
    """

    amount: int
    unit: Unit
    roll_forward: bool = False

    def __post_init__(self) -> None:
        if self.amount not in AMOUNTS[self.unit]:
            raise ValueError(f"{self.amount} {self.unit} is no target")
        if self.roll_forward and self.is_working_time:
            raise ValueError("working time never ends on a free day")

    @property
    def is_working_time(self) -> bool:
        return self.unit in WORKING_UNITS

    @property
    def unrolled(self) -> Self:
        """The same, ending where its time does."""
        return replace(self, roll_forward=False)

    @property
    def stored(self) -> dict[str, Any]:
        """As JSON; `of` reads it."""
        return {"amount": self.amount, "unit": self.unit.value, "roll_forward": self.roll_forward}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        return cls(stored["amount"], Unit(stored["unit"]), stored["roll_forward"])
