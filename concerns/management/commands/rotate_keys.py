"""`manage.py rotate_keys`: bring everything that is sealed under the first keys of MASTER_KEYS and INDEX_KEYS."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from common import keyrings
from concerns.actions.rotating import BATCH, STOCKS, Stock, rotate

TOKENS = (
    "TOKEN_KEYS: nothing is stored under them. Links and PINs already sent work as long as the key that made them "
    "stays in the ring; every new letter carries those of the first key."
)


class Command(BaseCommand):
    help = (
        "Bring contact data, letters and second factors under the first keys of MASTER_KEYS and INDEX_KEYS. "
        "May be stopped and started again at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="rows in one transaction")

    def handle(self, *_args: Any, **options: Any) -> None:
        broken = sum(self.renew(stock, max(1, options["batch"])) for stock in STOCKS)
        left = {stock.name: count for stock in STOCKS if (count := stock.stale().count())}
        if broken or left:
            told = ", ".join(f"{count} {name}" for name, count in left.items())
            raise CommandError(
                f"Left under other keys: {told}. Remove no key. If they cannot be opened, put the key that does back "
                "into the ring; if somebody held them just now, run this again."
            )
        self.stdout.write(self.style.SUCCESS(self.result()))
        self.stdout.write(TOKENS)

    def renew(self, stock: Stock, batch: int) -> int:
        """Renew one kind with a progress bar; how many could not be opened."""
        done = broken = 0
        with tqdm(
            total=stock.stale().count(), desc=stock.name, file=self.stderr, leave=False
        ) as bar:
            for part in rotate(stock, batch=batch):
                done, broken = done + part.done, broken + part.broken
                bar.update(part.done + part.broken)
        self.stdout.write(f"{stock.name}: {done} renewed, {broken} cannot be opened")
        return broken

    def result(self) -> str:
        older = [
            f"{name} {key_id}"
            for name in ("MASTER_KEYS", "INDEX_KEYS")
            for key_id in list(keyrings.ring(name))[1:]
        ]
        may_go = f" These may leave their ring a day from now: {', '.join(older)}." if older else ""
        return f"Everything stands under the current keys.{may_go}"
