"""What other rules would have done, as tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from concerns.models import RoutingRule
from concerns.simulation import Simulation, never_matched, never_won
from departments.models import Department

MOST = 20


def shown(found: Simulation, draft: Sequence[RoutingRule]) -> dict[str, Any]:
    """The context of workspace/includes/simulation.html (one statement)."""
    names = {one.key: one.name for one in Department.objects.only("key", "names")}
    return {
        "tickets": found.tickets,
        "figures": figures(found),
        "moves": [
            {
                "left": named(left, names),
                "right": named(right, names),
                "count": count,
                "tickets": [ticket(number) for number in found.examples[left, right]],
            }
            for (left, right), count in found.moves.most_common(MOST)
        ],
        "overlaps": [
            {"rules": ", ".join(keys), "count": count}
            for keys, count in found.after.ties.most_common(MOST)
        ],
        "unmet": never_matched(draft, found.after),
        "idle": never_won(draft, found.after),
    }


def figures(found: Simulation) -> list[tuple[str, int, int]]:
    before, after = found.before, found.after
    return [
        (_("Went where the ticket is today"), before.right, after.right),
        (_("To triage"), before.departments[""], after.departments[""]),
        (_("Of these: rules equally sure"), before.ties.total(), after.ties.total()),
        (_("Of these: no rule, no department"), before.ownerless, after.ownerless),
        (_("Another department"), 0, found.moves.total()),
        (_("Another priority"), 0, found.other_priority),
        (_("Another circle"), 0, found.other_circle),
    ]


def named(key: str, names: Mapping[str, str]) -> str:
    return names.get(key, key) if key else _("Triage")


def ticket(number: int) -> dict[str, Any]:
    return {"number": number, "url": reverse("workspace:ticket", args=[number])}
