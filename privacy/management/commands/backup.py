"""`manage.py backup FOLDER`: the database and the attachments, in a new folder below FOLDER."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from common.clock import now
from privacy.actions import backing_up
from privacy.actions.backing_up import BackupRefused


class Command(BaseCommand):
    help = "Write database and attachments into a new folder below FOLDER. Keys and the journal of erasures stay apart."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        began = now()
        target: Path = options["folder"] / f"sachstand-{began:%Y%m%dT%H%M%SZ}"
        # Its name tells a backup that was cut off from a whole one.
        partial = target.with_name(f"{target.name}.partial")
        try:
            partial.mkdir(mode=backing_up.PRIVATE, parents=True)
            backing_up.dump(partial / backing_up.DUMP)
            copied = self.copy(partial / backing_up.FILES)
            backing_up.seal(partial, began)
            partial.rename(target)
        except (BackupRefused, OSError) as refusal:
            raise CommandError(f"{refusal} What was begun lies in {partial}.") from None
        self.stdout.write(self.style.SUCCESS(f"{target}: the database and {copied} attachments."))

    def copy(self, folder: Path) -> int:
        names = list(backing_up.stored_names())
        bar = tqdm(names, desc="attachments", file=self.stderr, leave=False)
        return sum(backing_up.copy_out(name, folder) for name in bar)
