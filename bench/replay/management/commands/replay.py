"""`manage.py replay FILE --url … --city …`: real reports through the public door of a running instance."""

import json
import os
import secrets
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from backend.runtime.paths import layout_from
from bench.replay.door import Door
from bench.replay.errors import CannotReplay
from bench.replay.figures import figures, mail_figures
from bench.replay.filing import OK, Outcome, Run, Way
from bench.replay.mails import Arrivals
from bench.replay.names import names_of
from bench.replay.reports import Report, read
from bench.replay.table import remarks, table

AT_ONCE, MAIL_SECONDS = 4, 600.0
BOTH = "both"
HERE = ("127.0.0.1", "localhost", "::1")


class Command(BaseCommand):
    help = "File the reports of a CSV file as a citizen's app would, and tell where they arrived."
    # Whoever measures an instance elsewhere has neither its database nor its keys.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV; docs/replay.md names the columns")
        parser.add_argument("--url", required=True, help="the instance, like http://127.0.0.1:8000")
        parser.add_argument(
            "--city", type=Path, default=Path(settings.CITY_FOLDER), help="folder of its city"
        )
        parser.add_argument("--key", default="", help="an API key with the scope concerns:file")
        parser.add_argument("--concurrency", type=int, default=AT_ONCE, help="reports at once")
        parser.add_argument("--limit", type=int, help="only so many reports")
        parser.add_argument("--categories", choices=[*Way, BOTH], default=Way.GIVEN)
        parser.add_argument("--mails", type=Path, help="folder of .eml files to count in")
        parser.add_argument(
            "--mail-seconds", type=float, default=MAIL_SECONDS, help="how long mails are waited for"
        )
        parser.add_argument("--json", type=Path, help="write the figures there as well")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["concurrency"] < 1:
            raise CommandError("--concurrency must be at least 1.")
        try:
            self.replay(options)
        except CannotReplay as problem:
            raise CommandError(str(problem)) from None

    def replay(self, options: dict[str, Any]) -> None:
        reports = read(options["file"])[: options["limit"]]
        folder = mail_folder(options)
        ways = list(Way) if options["categories"] == BOTH else [Way(options["categories"])]
        with closing(Door(options["url"], options["key"])) as door:
            names = names_of(categories_at(door), options["city"])
            runs = [
                self.run_of(
                    Run(door, names, way, secrets.token_hex(4), bool(folder)), reports, options
                )
                for way in ways
            ]
        unknown = names.unknown(reports).shown()
        if options["json"]:
            said = json.dumps({"runs": runs, "unknown": unknown}, indent=1, ensure_ascii=False)
            options["json"].write_text(said + "\n", encoding="utf-8")
        self.stdout.write(table(runs))
        self.stdout.write(remarks(runs, unknown))

    def run_of(
        self, run: Run, reports: Sequence[Report], options: dict[str, Any]
    ) -> dict[str, Any]:
        """Everything filed with a progress bar, and the mails waited for."""
        coming = run.file_all(reports, at_once=options["concurrency"])
        bar = tqdm(coming, total=len(reports), desc=run.way, unit="reports", disable=None)
        outcomes = list(bar)
        found = figures(run.way, outcomes, run.names)
        if folder := mail_folder(options):
            found["mails"] = self.mails_of(run, outcomes, folder, options["mail_seconds"])
        return found

    def mails_of(
        self, run: Run, outcomes: Sequence[Outcome], folder: Path, limit: float
    ) -> dict[str, int]:
        addresses = {run.address_of(one.report) for one in outcomes if not one.refusal}
        self.stderr.write(f"Waiting for the mails of {len(addresses)} concerns in {folder} …")
        return mail_figures(Arrivals(folder).wait_for(addresses, limit=limit), len(addresses))


def categories_at(door: Door) -> list[dict[str, Any]]:
    answer = door.get("categories/")
    if answer.status != OK:
        raise CannotReplay(f"{door.address.geturl()} lists no categories: status {answer.status}.")
    return list(answer.said["results"])


def mail_folder(options: dict[str, Any]) -> Path | None:
    """The one named, else that of the trial on this machine; none when the instance runs elsewhere."""
    if options["mails"]:
        if not options["mails"].is_dir():
            raise CannotReplay(f"{options['mails']} is no folder.")
        return Path(options["mails"])
    if urlsplit(options["url"]).hostname not in HERE:
        return None
    folder = settings.MAIL_SINK or layout_from(os.environ).mail
    return folder if folder.is_dir() else None
