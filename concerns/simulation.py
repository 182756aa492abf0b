"""What other rules would have done with the matters of a period: nothing is stored, nobody is told."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from concerns.conditions import Matter, may_match
from concerns.models import RoutingRule
from concerns.routing import Decision, among, rank

MOST_EXAMPLES = 3

# The keys of a department that decides and of the one that would; "" is triage.
Move = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Past:
    """A ticket as it was filed, and the key of the department that has it today ("": none)."""

    ticket: int
    matter: Matter
    ended_with: str


@dataclass(slots=True)
class Outcome:
    """What one set of rules did to all matters."""

    departments: Counter[str] = field(default_factory=Counter)
    # Rules that were equally sure, by their keys.
    ties: Counter[tuple[str, ...]] = field(default_factory=Counter)
    matched: Counter[str] = field(default_factory=Counter)
    won: Counter[str] = field(default_factory=Counter)
    # How many of the tickets went where they are today.
    right: int = 0
    # No rule matched, and the category names nobody.
    ownerless: int = 0


@dataclass(slots=True)
class Simulation:
    """Rules in force against a draft over the same matters."""

    before: Outcome = field(default_factory=Outcome)
    after: Outcome = field(default_factory=Outcome)
    tickets: int = 0
    moves: Counter[Move] = field(default_factory=Counter)
    examples: defaultdict[Move, list[int]] = field(default_factory=lambda: defaultdict(list))
    # Tickets that would get another priority, or become confidential or cease to be.
    other_priority: int = 0
    other_circle: int = 0


class Rules:
    """A set of rules, asked about many matters: which can match at all is looked up by what many have in common."""

    def __init__(self, rules: Sequence[RoutingRule]) -> None:
        self.rules = rules
        self.fitting: dict[tuple[object, ...], list[RoutingRule]] = {}
        self.outcome = Outcome()

    def decide(self, past: Past) -> Decision:
        """The decision as it would be made today: a department that ended takes nothing."""
        ranked = rank(past.matter, self.possible(past.matter))
        decision = among(past.matter, ranked)
        self.count(past, decision, [rule.key for _points, rule in ranked])
        return decision

    def possible(self, matter: Matter) -> list[RoutingRule]:
        path = matter.category.path if matter.category else ""
        common = (path, matter.kind, matter.audience, matter.channel, matter.area_ids)
        if common not in self.fitting:
            self.fitting[common] = [rule for rule in self.rules if may_match(rule, matter)]
        return self.fitting[common]

    def count(self, past: Past, decision: Decision, matched: list[str]) -> None:
        found, why = self.outcome, decision.why
        found.matched.update(matched)
        department = owner(decision)
        found.departments[department] += 1
        found.right += bool(department) and department == past.ended_with
        found.ownerless += why["by"] == "nothing"
        keys = tuple(rule.key for rule in decision.winners)
        found.won.update(keys if why["by"] == "rule" else ())
        if why["by"] == "tie":
            found.ties[keys] += 1


def owner(decision: Decision) -> str:
    """The key of the department that gets it; "" for triage."""
    found = decision.department
    return found.key if found and not found.is_retired else ""


def simulate(
    matters: Iterable[Past], before: Sequence[RoutingRule], after: Sequence[RoutingRule]
) -> Simulation:
    """Decide each matter by both sets of rules."""
    old, new = Rules(before), Rules(after)
    found = Simulation(old.outcome, new.outcome)
    for past in matters:
        one, other = old.decide(past), new.decide(past)
        found.tickets += 1
        found.other_priority += one.ticket_priority != other.ticket_priority
        found.other_circle += one.circle != other.circle
        move = (owner(one), owner(other))
        if move[0] != move[1]:
            found.moves[move] += 1
            if len(found.examples[move]) < MOST_EXAMPLES:
                found.examples[move].append(past.ticket)
    return found


def never_matched(rules: Iterable[RoutingRule], outcome: Outcome) -> list[str]:
    """Keys of rules that no matter met."""
    return sorted(rule.key for rule in rules if not outcome.matched[rule.key])


def never_won(rules: Iterable[RoutingRule], outcome: Outcome) -> list[str]:
    """Keys of rules that matters met, and another rule was always at least as sure."""
    met = (rule.key for rule in rules if outcome.matched[rule.key])
    return sorted(key for key in met if not outcome.won[key])
