"""`manage.py doctor`: is everything reachable, is any work stuck, and what to do. Exit status 1 if something is."""

from collections.abc import Iterator
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand
from kombu.exceptions import OperationalError

from common.migrated import missing_migrations
from concerns.queries.health import Finding, findings
from concerns.queries.keys import REMEDY, lost
from notifications.queries import backlog

LONGEST_POST_MINUTES = 15


class Command(BaseCommand):
    help = "Check database, broker, post office and tickets; say what is stuck and what to do."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = list(self.all_findings())
        for finding in found:
            self.stdout.write(self.style.WARNING(f"{finding.count}: {finding.what}"))
            self.stdout.write(f"    {finding.remedy}")
        if found:
            raise SystemExit(1)
        self.stdout.write(self.style.SUCCESS("Everything is reachable and nothing is stuck."))

    def all_findings(self) -> Iterator[Finding]:
        if missing := len(missing_migrations()):
            yield Finding("the database lacks migrations", missing, "Run `manage.py migrate`.")
            return
        yield from broker()
        yield from post()
        yield from keys()
        yield from findings()


def broker() -> Iterator[Finding]:
    if not settings.REDIS_URL:
        yield Finding("no broker is configured", 1, "Set REDIS_URL; until then nothing is sent.")
        return
    try:
        with current_app.connection_for_write() as line:
            line.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        yield Finding(
            "the broker cannot be reached",
            1,
            "Start Valkey or check REDIS_URL. Nothing is lost meanwhile.",
        )
        return
    if not current_app.control.ping(timeout=2):
        yield Finding(
            "no worker answers",
            1,
            "Start one: `celery -A backend worker`. Nothing is lost meanwhile.",
        )


def post() -> Iterator[Finding]:
    waiting = backlog()
    oldest = max(waiting.oldest_envelope, waiting.oldest_delivery)
    minutes = int(oldest.total_seconds() // 60)
    if minutes >= LONGEST_POST_MINUTES:
        yield Finding(
            f"the oldest post waits for {minutes} minutes",
            1,
            "Are worker, beat and mail server running?",
        )
    if stuck := waiting.envelopes_dead + waiting.deliveries_dead + waiting.deliveries_failed:
        yield Finding(
            "letters that could not be sent",
            stuck,
            "Administrators see why in the workspace under Deliveries; so does `manage.py outbox list-dead`.",
        )


def keys() -> Iterator[Finding]:
    for one in lost():
        needed = ", ".join(one.key_ids)
        yield Finding(f"{one.what} that no configured key opens ({needed})", one.count, REMEDY)
