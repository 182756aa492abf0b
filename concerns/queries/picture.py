"""The lifecycle as it is declared, for the page in docs/: a diagram and a table, always in the same order."""

from collections.abc import Iterator
from dataclasses import dataclass

from concerns.enums import OPEN_STATES, State
from concerns.models import Ticket

ORDER = {state: place for place, state in enumerate(State)}


@dataclass(frozen=True, slots=True)
class Move:
    """One way from a state to another, and what must hold."""

    source: State
    target: State
    verb: str
    guards: tuple[str, ...]


def moves() -> list[Move]:
    """Every move the machine allows, by source, target and verb."""
    found = set(declared())
    return sorted(found, key=lambda one: (ORDER[one.source], ORDER[one.target], one.verb))


def declared() -> Iterator[Move]:
    field = Ticket._meta.get_field("state")
    for transition in field.get_all_transitions(Ticket):
        guards = tuple(condition.__name__ for condition in transition.conditions)
        targets = getattr(transition.target, "allowed_states", [transition.target])
        for target in targets:
            yield Move(State(str(transition.source)), State(target), transition.name, guards)


def lifecycle_page() -> str:
    """The whole page in Markdown, with a Mermaid diagram."""
    return (
        "\n".join(["# The lifecycle of a ticket", "", *introduction(), *diagram(), "", *table()])
        + "\n"
    )


def introduction() -> list[str]:
    opened = ", ".join(f"`{state.value}`" for state in OPEN_STATES)
    return [
        "Made by `make schema` from `concerns/models/lifecycle.py`; a test keeps it fresh. Who may do what stands in",
        "`concerns/permissions.py`. Moves that leave every open state the same way are drawn once, from `open`:",
        f"{opened}.",
        "",
    ]


def from_every_open_state() -> set[tuple[str, State]]:
    """Verbs with their target that leave every open state."""
    leaving = {(move.verb, move.target) for move in moves()}
    return {
        (verb, target)
        for verb, target in leaving
        if {move.source for move in moves() if (move.verb, move.target) == (verb, target)}
        >= set(OPEN_STATES)
    }


def diagram() -> list[str]:
    common = from_every_open_state()
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {State.RECEIVED.value}"]
    lines += [f"    open --> {target.value}: {verb}" for verb, target in sorted(common)]
    own = [move for move in moves() if (move.verb, move.target) not in common]
    lines += [f"    {move.source.value} --> {move.target.value}: {move.verb}" for move in own]
    return [*lines, "```"]


def table() -> list[str]:
    rows = [
        f"| {move.source.value} | {move.verb} | {move.target.value} | {', '.join(move.guards).replace('_', ' ')} |"
        for move in moves()
    ]
    return ["| from | by | to | if |", "|---|---|---|---|", *rows]
