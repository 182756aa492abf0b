"""Work that got stuck in the domain: what the clock should have moved and did not, what nobody owns."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from common.clock import now, today
from concerns.deadlines import OBJECTION_TIME
from concerns.enums import ANSWERED_STATES, OPEN_STATES, WAITING_STATES, State
from concerns.models import Category, Ticket
from concerns.queries.files import held_since, lost, orphans
from departments.models import Department

# The clock looks every minute; what is due for longer than this was missed.
PATIENCE = dt.timedelta(minutes=15)
# The sweep comes once a day.
SWEPT_BY = dt.timedelta(days=2)
# A photo takes seconds; a scanner that is restarted, minutes.
HELD_PATIENCE = dt.timedelta(hours=1)
TRIAGE_PATIENCE = dt.timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something stuck: what, how many, and what to do."""

    what: str
    count: int
    remedy: str


def findings() -> list[Finding]:
    """Everything stuck now; empty when the domain is well."""
    late = now() - PATIENCE
    overdue = Q(state__in=WAITING_STATES, wait_until__lt=late) | Q(
        state=State.SCHEDULED, scheduled_for__lt=today() - dt.timedelta(days=1)
    )
    checks = [
        Finding(
            "waits and planned dates the clock missed",
            Ticket.objects.filter(overdue, restricted_at__isnull=True).count(),
            "Is beat running? `celery -A backend beat` rings concerns.tend every minute.",
        ),
        Finding(
            "answered tickets that should have closed",
            Ticket.objects.filter(state__in=ANSWERED_STATES, answered_at__lt=late - OBJECTION_TIME)
            .filter(restricted_at__isnull=True)
            .exclude(objections__verdict="", objections__isnull=False)
            .count(),
            "Is beat running? If so, look for 'tending left ticket' in the worker's log.",
        ),
        Finding(
            "tickets in triage for more than three days",
            Ticket.objects.filter(
                state=State.IN_TRIAGE, state_since__lt=now() - TRIAGE_PATIENCE
            ).count(),
            "A dispatcher must route them: workspace, queue Triage.",
        ),
        Finding(
            "open tickets with a retired department",
            Ticket.objects.filter(
                state__in=OPEN_STATES, department__valid_until__lt=today()
            ).count(),
            "Name a successor in departments.yaml and load the city, or transfer them.",
        ),
    ]
    checks += files_amiss()
    return [finding for finding in checks if finding.count] + empty_city()


def files_amiss() -> list[Finding]:
    """Files without a row that the nightly sweep should have found, rows without a file, what nobody looks through."""
    return [
        Finding(
            "stored files that belong to no concern",
            sum(1 for _name in orphans(older_than=SWEPT_BY)),
            "Is beat running? `concerns.sweep_files` deletes them once a day.",
        ),
        Finding(
            "attachments whose files are missing in the store",
            sum(1 for _pk in lost()),
            "Bring them back from the backup of the store; it must be as old as the database's.",
        ),
        Finding(
            "files held for over an hour",
            held_since(now() - HELD_PATIENCE),
            "Is a worker running, and the scanner (CLAMD_ADDRESS)? The worker's log says what is amiss.",
        ),
    ]


def empty_city() -> list[Finding]:
    if Department.objects.exists() and Category.objects.exists():
        return []
    return [Finding("no city is loaded", 1, "Load the city: `manage.py load_city`.")]
