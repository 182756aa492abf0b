"""Partners from a city's files. Reading reports problems; writing supposes there were none."""

from django.conf import settings

from common.city_files import Problems, Sheet, read_sheet
from common.city_rows import Tally, clear_out, put
from common.city_schema import Field, one_of, slug, words
from concerns.models import Partner
from departments.actions.loading_departments import mailbox


def read_partners(problems: Problems, languages: tuple[str, ...]) -> Sheet:
    """The bodies a ticket can be passed to; `language` is the one they are written to in, else the city's."""
    fields = {
        "key": Field(slug),
        "names": Field(words(languages)),
        "email": Field(mailbox),
        "language": Field(one_of(languages), default=settings.LANGUAGE_CODE),
    }
    return read_sheet(problems, "partners.yaml", "partner", fields)


def write_partners(sheet: Sheet) -> Tally:
    tally = Tally("partners")
    rows = {row.key: row for row in Partner.objects.all()}
    for key, record in sheet.records.items():
        row = rows.get(key) or Partner(key=key)
        said = {name: record.values[name] for name in ("names", "email", "language")}
        put(row, key, {**said, "retired": False}, tally)
    return tally


def retire_partners(sheet: Sheet, tally: Tally) -> None:
    """Partners that left the file go, unless a ticket was passed to them: then nobody chooses them again."""
    vanished = Partner.objects.exclude(key__in=sheet.records)
    clear_out({row.key: row for row in vanished}, tally, lambda _row: {"retired": True})
