"""`manage.py describe_data`: write docs/data-model.md, so that analysts know what the tables say."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.models import Field, Model

INTRODUCTION = """# Data model

Every table of the product's own, from its models. Times are stored in UTC, coordinates in degrees WGS84. A column
marked *personal* may hold data about a person: exports leave it out or need a reason. Texts of the city's data are
maps by language. Who may see a row is decided by `concerns/queries/visible.py`, not by the database: a report for more
eyes than its author's counts, it does not quote.
"""
Words = Mapping[str, Any]


class Command(BaseCommand):
    help = "Write docs/data-model.md from the models and docs/data-model.yaml."

    def handle(self, *_args: Any, **_options: Any) -> None:
        page = docs() / "data-model.md"
        page.write_text(data_model_page(), encoding="utf-8")
        self.stdout.write(f"{page.relative_to(settings.BASE_DIR)}: written")


def docs() -> Path:
    return Path(settings.BASE_DIR) / "docs"


def words() -> Words:
    known: Words = yaml.safe_load((docs() / "data-model.yaml").read_text(encoding="utf-8"))
    return known


def described_models() -> list[type[Model]]:
    """Models of ours, those that declare what is personal, by the name of their table."""
    ours = [model for model in apps.get_models() if hasattr(model, "personal_fields")]
    return sorted(ours, key=lambda model: model._meta.db_table)


def data_model_page() -> str:
    known = words()
    parts = [INTRODUCTION]
    for model in described_models():
        parts += section(model, known["tables"].get(model._meta.db_table, {}), known["everywhere"])
    return "\n".join(parts) + "\n"


def section(model: type[Model], said: Words, everywhere: Words) -> Iterator[str]:
    yield f"## {model._meta.db_table}\n\n{said.get('meaning', '')}\n"
    yield "| column | type | leads to | meaning | personal |\n|---|---|---|---|---|"
    columns = said.get("columns", {})
    for field in model._meta.concrete_fields:
        name = str(field.column)
        meaning = columns.get(name) or everywhere.get(name, "")
        target = field.related_model._meta.db_table if field.related_model else ""
        personal = "personal" if is_personal(model, field) else ""
        yield f"| {name} | {kind_of(field)} | {target} | {meaning} | {personal} |"
    yield ""


def kind_of(field: "Field[Any, Any]") -> str:
    """The column's type in PostgreSQL; «?» when it may be empty."""
    return f"{field.db_type(connection)}{'?' if field.null else ''}"


def is_personal(model: type[Model], field: "Field[Any, Any]") -> bool:
    return field.name in getattr(model, "personal_fields", frozenset())
