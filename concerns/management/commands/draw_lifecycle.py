"""`manage.py draw_lifecycle`: write docs/lifecycle.md from the machine as it is declared."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from concerns.queries.picture import lifecycle_page


class Command(BaseCommand):
    help = "Write docs/lifecycle.md from the machine as it is declared."

    def handle(self, *_args: Any, **_options: Any) -> None:
        page = settings.BASE_DIR / "docs" / "lifecycle.md"
        page.write_text(lifecycle_page(), encoding="utf-8")
        self.stdout.write(f"{page.relative_to(settings.BASE_DIR)}: written")
