"""`manage.py restore FOLDER`: bring a backup back, erase again what was erased since, and verify the record."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from privacy.actions import backing_up
from privacy.actions.backing_up import BackupRefused
from privacy.actions.erasing import replay

NO_JOURNAL = (
    "There is no journal of erasures at {path}. Without it the backup brings erased people back. Put it there "
    "(ERASURE_JOURNAL), or say --without-journal if nothing has ever been erased."
)


class Command(BaseCommand):
    help = (
        "Bring back database and attachments from one backup, replay the journal of erasures and verify the chains of "
        "events. Stop web, worker and beat before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--replace", action="store_true", help="overwrite a database in use")
        parser.add_argument("--without-journal", action="store_true", help="nothing was erased")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not (options["without_journal"] or Path(settings.ERASURE_JOURNAL).is_file()):
            raise CommandError(NO_JOURNAL.format(path=settings.ERASURE_JOURNAL))
        if backing_up.is_in_use() and not options["replace"]:
            raise CommandError("This database holds tickets. Say --replace to overwrite them.")
        try:
            names = backing_up.checked(options["folder"])
            backing_up.load(options["folder"])
            self.copy(names, options["folder"] / backing_up.FILES)
        except (BackupRefused, OSError) as refusal:
            raise CommandError(str(refusal)) from None
        call_command("migrate", interactive=False, verbosity=0)
        self.erase_again()
        call_command("verify_audit", stdout=self.stdout, stderr=self.stderr)

    def copy(self, names: Any, folder: Path) -> None:
        bar = tqdm(names, desc="attachments", file=self.stderr, leave=False)
        put = sum(backing_up.copy_in(name, folder) for name in bar)
        self.stdout.write(f"The database is back, and {put} attachments that were missing.")

    def erase_again(self) -> None:
        done, bad = replay()
        self.stdout.write(f"Erased again from the journal: {done} tickets and concerns.")
        if bad:
            self.stderr.write(self.style.WARNING(f"{bad} lines of the journal cannot be read."))
