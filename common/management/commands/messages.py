"""Catalogs of translations without GNU gettext: Babel reads the sources, keeps locale/ in step and compiles it.

What is written holds no dates, no line numbers and one order, so that a change of the words is the only change.
"""

import os
import re
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

DOMAIN = "django"
# The language the sources are written in needs no translation; its catalog is for rewording.
SOURCE_LANGUAGE = "en"
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
KEPT_HEADERS = {
    "Language",
    "Plural-Forms",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
}
HEADER_LINE = re.compile(r'"([A-Za-z-]+): .*\\n"')
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
# A catalog's key of a message: its context and its text in the singular.
Key = tuple[str | None, str]


class Command(BaseCommand):
    help = "Keep the translations in step with the sources: --extract, --compile or --check."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--extract", action="store_true", help="write new texts into locale/*/*.po"
        )
        what.add_argument("--compile", action="store_true", help="make the .mo files Django reads")
        what.add_argument(
            "--check", action="store_true", help="fail while a text is not translated"
        )

    def handle(self, *_args: object, **options: object) -> None:
        if options["extract"]:
            self._extract()
        elif options["compile"]:
            self._compile()
        else:
            self._check()

    def _extract(self) -> None:
        said = messages_in(Path(settings.BASE_DIR))
        for language in languages():
            catalog = updated(language, said)
            text = as_text(catalog)
            path = po_path(language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            open_ones = sum(1 for message in catalog if is_open(message))
            self.stdout.write(
                f"{language}: {len(catalog)} texts, {open_ones} without a translation"
            )

    def _compile(self) -> None:
        for language in languages():
            path = po_path(language).with_suffix(".mo")
            compiled = BytesIO()
            write_mo(compiled, read(language))
            # Another process may read it this moment, or write it as well.
            draft = path.with_suffix(f".mo.{os.getpid()}")
            draft.write_bytes(compiled.getvalue())
            draft.replace(path)

    def _check(self) -> None:
        said = messages_in(Path(settings.BASE_DIR))
        found = [complaint for language in languages() for complaint in complaints(language, said)]
        if found:
            todo = "Run `manage.py messages --extract`, then translate what is empty in locale/."
            raise CommandError("\n".join([*found, todo]), returncode=1)


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def po_path(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """The catalog of a language; an empty one when there is no file yet."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def messages_in(root: Path) -> Catalog:
    """All texts for people in the packages below `root`, with the files they stand in."""
    catalog = Catalog(domain=DOMAIN)
    for path in sources(root):
        place = path.relative_to(root).as_posix()
        for _line, ids, _comments, context in extract("python", readable(path), keywords=KEYWORDS):
            catalog.add(ids, locations=[(place, 0)], context=context)
    return catalog


def sources(root: Path) -> Iterator[Path]:
    """Python modules and templates of the packages directly below `root`, but for tests and migrations."""
    for package in sorted(path.parent for path in root.glob("*/__init__.py")):
        if package.name == "tests":
            continue
        for path in sorted(package.rglob("*")):
            parts = path.relative_to(package).parts
            is_template = "templates" in parts and path.suffix in (".html", ".txt")
            if is_template or (path.suffix == ".py" and "migrations" not in parts):
                yield path


def readable(path: Path) -> IO[bytes]:
    """A source as Python to look for calls in. Of a template only its calls are left, one line each."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        calls = templatize(text, origin=str(path)).splitlines()
        text = "\n".join(line.strip() for line in calls)
    return BytesIO(text.encode())


def updated(language: str, said: Catalog) -> Catalog:
    """The language's catalog with exactly the texts of the sources; translations are kept, never guessed."""
    known = {key_of(message): message for message in read(language) if message.id}
    catalog = Catalog(locale=language, domain=DOMAIN, fuzzy=False)
    for message in said:
        if message.id:
            old = known.get(key_of(message))
            same_form = old is not None and isinstance(old.id, tuple) == isinstance(
                message.id, tuple
            )
            catalog.add(
                message.id,
                string=old.string if old is not None and same_form else None,
                locations=message.locations,
                context=message.context,
            )
    return catalog


def as_text(catalog: Catalog) -> str:
    """The catalog as a .po file without anything that changes by itself."""
    written = BytesIO()
    write_po(written, catalog, sort_output=True, include_lineno=False, omit_header=False)
    lines = written.getvalue().decode().splitlines()
    start = lines.index('msgid ""')
    kept = [
        line
        for line in lines[start:]
        if not (m := HEADER_LINE.fullmatch(line)) or m[1] in KEPT_HEADERS
    ]
    return "\n".join(kept).rstrip("\n") + "\n"


def complaints(language: str, said: Catalog) -> Iterator[str]:
    """What keeps a language's catalog from being complete, a line each."""
    here = {key_of(message): message for message in read(language) if message.id}
    there = {key_of(message) for message in said if message.id}
    for context, text in sorted(there - here.keys(), key=str):
        yield f"{language}: missing: {context or ''} {text!r}"
    for context, text in sorted(here.keys() - there, key=str):
        yield f"{language}: obsolete: {context or ''} {text!r}"
    for key in sorted(here.keys() & there, key=str):
        message = here[key]
        if message.fuzzy:
            yield f"{language}: fuzzy: {key[1]!r}"
        elif is_open(message):
            if language != SOURCE_LANGUAGE:
                yield f"{language}: untranslated: {key[1]!r}"
        else:
            yield from (f"{language}: {key[1]!r}: {fault}" for fault in faults(message))


def faults(message: Message) -> Iterator[str]:
    """Placeholders that a translation lost or invented; a plural form may say its number in words."""
    asked = placeholders(as_forms(message.id))
    given = placeholders(as_forms(message.string))
    if asked != given:
        yield f"placeholders {', '.join(sorted(asked ^ given))} differ"


def placeholders(forms: Iterable[str]) -> set[str]:
    return {name for form in forms for name in PLACEHOLDER.findall(form)}


def as_forms(text: str | Sequence[str] | None) -> Sequence[str]:
    """One text as itself, a plural as its forms; none is empty."""
    return (text or "",) if text is None or isinstance(text, str) else text


def key_of(message: Message) -> Key:
    return message.context, as_forms(message.id)[0]


def is_open(message: Message) -> bool:
    """Whether a translation, or one of its plural forms, is missing."""
    return bool(message.id) and not all(as_forms(message.string))
