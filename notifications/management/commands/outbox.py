"""For operators: what the post office gave up, and sending it once more."""

from argparse import ArgumentParser
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from notifications import outbox
from notifications.queries import troubled


class Command(BaseCommand):
    help = "List dead and failed letters, or send some of them once more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list-dead", help="show what was given up, with id and reason")
        retry = verbs.add_parser("retry", help="send once more, all attempts anew")
        retry.add_argument("ids", nargs="+", type=UUID, metavar="id")

    def handle(self, *_args: object, **options: object) -> None:
        ids = options.get("ids")
        if isinstance(ids, list):
            self._retry(ids)
        else:
            self._list()

    def _list(self) -> None:
        found = troubled()
        for one in found:
            self.stdout.write(
                f"{one.id}  {one.kind}  {one.state}  {one.created_at:%Y-%m-%d %H:%M}Z"
                f"  {one.attempts} tries  {one.code}  {one.what}"
            )
        if not found:
            self.stdout.write("Nothing was given up.")

    def _retry(self, ids: list[UUID]) -> None:
        for errand_id in ids:
            try:
                outbox.retry(errand_id)
            except outbox.NotStuck:
                raise CommandError(
                    f"{errand_id} is not stuck, or its text is erased. "
                    "`manage.py outbox list-dead` shows what can be sent again."
                ) from None
            self.stdout.write(f"{errand_id} is on its way again.")
