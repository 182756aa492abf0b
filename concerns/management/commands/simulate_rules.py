"""`manage.py simulate_rules DRAFT`: what other rules would have done with the tickets of a period."""

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from common.city_files import CityDataRefused
from common.clock import city_zone, now
from concerns.actions.rule_sets import checked, rules_in
from concerns.models import RoutingRule, RuleSet
from concerns.queries.past import filed_in, past_matters, rules_in_force
from concerns.simulation import Outcome, Simulation, never_matched, never_won, simulate

DAYS = 90
MOST_LINES = 30
TRIAGE = "(triage)"


class Command(BaseCommand):
    help = "Ask a draft of the routing rules about past tickets. Nothing is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("draft", help="a file like rules.yaml, or the number of a rule set")
        days = f"default: {DAYS} days ago"
        parser.add_argument("--since", type=day, metavar="DAY", help=f"2026-01-31; {days}")
        parser.add_argument("--until", type=day, metavar="DAY", help="not included; default: now")

    def handle(self, *_args: Any, **options: Any) -> None:
        until: dt.datetime = options["until"] or now()
        since: dt.datetime = options["since"] or until - dt.timedelta(days=DAYS)
        if since >= until:
            raise CommandError("The period ends before it begins. Exchange --since and --until.")
        before, after = rules_in_force(), draft_rules(options["draft"])
        filed = filed_in(since, until)
        matters = tqdm(past_matters(filed), total=filed.count(), unit="ticket", disable=None)
        found = simulate(matters, before, after)
        if not found.tickets:
            raise CommandError(
                "No ticket was filed in this period. Choose a longer one: --since DAY."
            )
        self.stdout.write("\n".join(report(found, before, after)))


def day(text: str) -> dt.datetime:
    """The beginning of a day in the city."""
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), city_zone())
    except ValueError:
        raise ArgumentTypeError(f"'{text}' is no day. Write it like 2026-01-31.") from None


def draft_rules(named: str) -> list[RoutingRule]:
    """The rules of a file or of a set; whatever is wrong with them as a CommandError."""
    try:
        return rules_in(checked(source_of(named)))
    except CityDataRefused as refusal:
        lines = "\n".join(f"  {problem}" for problem in refusal.problems)
        raise CommandError(f"To correct ({len(refusal.problems)}):\n{lines}") from None


def source_of(named: str) -> str:
    if named.isascii() and named.isdigit():
        found = RuleSet.objects.filter(number=int(named)).first()
        if found is None:
            raise CommandError(f"There is no rule set {named}. The workspace lists them: Rules.")
        return found.source
    try:
        return Path(named).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(
            f"{named} cannot be read: {error}. Name a file like rules.yaml."
        ) from None


def report(found: Simulation, before: list[RoutingRule], after: list[RoutingRule]) -> Iterator[str]:
    yield f"Tickets: {found.tickets}; rules in force: {len(before)}, in the draft: {len(after)}"
    yield ""
    yield from compared(found)
    yield from moves(found)
    yield from departments(found)
    yield from overlaps(found.after)
    yield from listed("Rules that no ticket met", never_matched(after, found.after))
    yield from listed("Rules that met tickets and never decided", never_won(after, found.after))


def compared(found: Simulation) -> Iterator[str]:
    before, after = found.before, found.after
    yield f"{'':44}{'in force':>10}{'draft':>10}"
    rows = (
        ("went where the ticket is today", before.right, after.right),
        ("to triage", before.departments[""], after.departments[""]),
        ("  of these: rules equally sure", before.ties.total(), after.ties.total()),
        ("  of these: no rule, no department", before.ownerless, after.ownerless),
    )
    for words, one, other in rows:
        yield f"{words:44}{one:10}{other:10}"
    yield f"{'another department':54}{found.moves.total():10}"
    yield f"{'another priority':54}{found.other_priority:10}"
    yield f"{'another circle':54}{found.other_circle:10}"


def moves(found: Simulation) -> Iterator[str]:
    if found.moves:
        yield from ("", "Moves, with some of the tickets:")
    for (left, right), count in found.moves.most_common(MOST_LINES):
        tickets = ", ".join(str(one) for one in found.examples[left, right])
        yield f"{count:8}  {left or TRIAGE} → {right or TRIAGE}  ({tickets})"


def departments(found: Simulation) -> Iterator[str]:
    before, after = found.before.departments, found.after.departments
    yield from ("", f"{'Department':44}{'in force':>10}{'draft':>10}{'':>4}change")
    for key in sorted(before.keys() | after.keys()):
        change = after[key] - before[key]
        yield f"{key or TRIAGE:44}{before[key]:10}{after[key]:10}{change:+10}"


def overlaps(after: Outcome) -> Iterator[str]:
    if after.ties:
        yield from ("", "Rules of the draft that were equally sure:")
    for keys, count in after.ties.most_common(MOST_LINES):
        yield f"{count:8}  {', '.join(keys)}"


def listed(heading: str, keys: list[str]) -> Iterator[str]:
    if keys:
        yield from ("", f"{heading} ({len(keys)}): {', '.join(keys)}")
