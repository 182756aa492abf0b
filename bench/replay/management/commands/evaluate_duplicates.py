"""`manage.py evaluate_duplicates FILE LABELS`: precision and recall of the score, and the threshold to ask from."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bench.replay.duplicates import LEAST_PRECISION, Pair, decided, judged, labelled, proposed
from bench.replay.errors import CannotReplay
from bench.replay.reports import read
from concerns.queries.similar import WORTH_A_LOOK


class Command(BaseCommand):
    help = (
        "How well the score of duplicates tells the same matter from another. Nothing is changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="reports, as `replay` takes them")
        parser.add_argument("labels", nargs="?", type=Path, help="first,second,label by their ids")
        parser.add_argument(
            "--decisions", action="store_true", help="by what people decided in this installation"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        file, labels = options["file"], options["labels"]
        if options["decisions"] == bool(labels):
            raise CommandError("Name a file of reports and one of labels, or --decisions.")
        try:
            pairs = decided() if options["decisions"] else labelled(read(file), labels)
        except CannotReplay as problem:
            raise CommandError(str(problem)) from None
        if not pairs:
            raise CommandError("There is no pair to judge by.")
        self.stdout.write("\n".join(report(pairs)))


def report(pairs: Sequence[Pair]) -> Iterator[str]:
    rows = judged(pairs)
    yield f"Pairs: {len(pairs)}, of these the same: {rows[0].same}"
    yield f"{'threshold':>9}{'shown':>8}{'right':>8}{'precision':>11}{'recall':>8}"
    for row in rows:
        yield (
            f"{row.threshold:9.2f}{row.shown:8}{row.right:8}{row.precision:11.2f}{row.recall:8.2f}"
        )
    best = proposed(rows)
    if best is None:
        yield f"No threshold is right {LEAST_PRECISION:.0%} of the time."
    else:
        yield (
            f"Proposed: {best.threshold:.2f}, the lowest that is right {LEAST_PRECISION:.0%} of the time;"
            f" in use: {WORTH_A_LOOK:.2f}."
        )
