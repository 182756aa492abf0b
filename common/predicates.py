"""Named rules about a person and a thing that combine with `&`, `|` and `~`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from common.actor import Actor

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Predicate(Generic[Thing]):
    """A yes-or-no question with a name a person can read in a refusal."""

    name: str
    holds: Callable[[Actor, Thing], bool]

    def __call__(self, actor: Actor, thing: Thing) -> bool:
        return self.holds(actor, thing)

    def __and__(self, other: "Predicate[Thing]") -> "Predicate[Thing]":
        return Predicate(
            f"{self.name} and {other.name}",
            lambda actor, thing: self(actor, thing) and other(actor, thing),
        )

    def __or__(self, other: "Predicate[Thing]") -> "Predicate[Thing]":
        return Predicate(
            f"{self.name} or {other.name}",
            lambda actor, thing: self(actor, thing) or other(actor, thing),
        )

    def __invert__(self) -> "Predicate[Thing]":
        return Predicate(f"not {self.name}", lambda actor, thing: not self(actor, thing))


def predicate(holds: Callable[[Actor, Thing], bool]) -> Predicate[Thing]:
    """Turn a function (actor, thing) -> bool into a Predicate named after it."""
    return Predicate(holds.__name__.replace("_", " "), holds)
