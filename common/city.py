"""Which city this is: the facts and texts of its city.yaml."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from email_validator import EmailNotValidError, validate_email

from common.city_files import UNREADABLE, CityDataRefused, Problems, read_yaml
from common.city_schema import (
    LONGEST_NAME,
    Field,
    anything,
    listing,
    one_of,
    read_fields,
    slug,
    text,
    words,
)
from common.words import in_language

FILE = "city.yaml"
LONGEST_TEXT = 20_000
LONGEST_SENTENCE = 1_000
# The portal's pages of words that are the city's to write, by the code in their address.
PAGES = ("imprint", "privacy", "accessibility", "plain-language", "sign-language")

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Contact:
    """Where people turn for help. Each may be empty, but not phone and e-mail at once."""

    phone: str
    email: str
    address: str
    opening_hours: Words


@dataclass(frozen=True, slots=True)
class Body:
    """Who is responsible where the city is not; named in the answer to the citizen."""

    key: str
    names: Words
    website: str
    phone: str

    @property
    def name(self) -> str:
        return in_language(self.names)


@dataclass(frozen=True, slots=True)
class City:
    """One city. Texts are maps by language; long ones are plain text, an empty line between paragraphs.

    `zone` is an IANA name, `country` ISO 3166-1, `state` the part after the hyphen in ISO 3166-2 (may be empty),
    `logo` a path below the static files (may be empty). The first of `languages` is the city's own.
    """

    key: str
    names: Words
    zone: str
    country: str
    state: str
    languages: tuple[str, ...]
    website: str
    logo: str
    contact: Contact
    emergency: Words
    privacy_sentence: Words
    privacy_version: str
    consent_version: str
    consent_to_words: Words
    consent_to_photos: Words
    texts: Mapping[str, Words]
    bodies: tuple[Body, ...]
    # The category of what people tell us on the page about accessibility; "" leaves it to a dispatcher.
    accessibility_category: str = ""

    @property
    def name(self) -> str:
        """The city's name in the reader's language."""
        return in_language(self.names)

    def body(self, key: str) -> Body | None:
        return next((one for one in self.bodies if one.key == key), None)

    def text(self, page: str) -> str:
        """The city's words for a page of PAGES in the reader's language; "" for one it has not written."""
        return in_language(self.texts.get(page, {}))


def city() -> City:
    """The city this installation serves, from settings.CITY_FOLDER; read once.

    Raises common.city_files.CityDataRefused when its city.yaml cannot be used.
    """
    return _city(Path(settings.CITY_FOLDER))


@lru_cache(maxsize=8)
def _city(folder: Path) -> City:
    problems = Problems(folder)
    found = read_city(problems)
    if found is None or problems.found:
        raise CityDataRefused(problems.found)
    return found


def read_city(problems: Problems) -> City | None:
    """The city of a folder; None, or a city not to be used, when a problem was added."""
    raw = read_yaml(problems, FILE)
    if raw is UNREADABLE:
        return None
    languages = _languages(problems, raw)
    values = read_fields(raw, _fields(languages), partial(problems.add, FILE, "city"))
    contact = _part(problems, values, "contact", _contact_fields(languages))
    consent = _part(problems, values, "consent", _consent_fields(languages))
    if not (contact["phone"] or contact["email"]):
        problems.add(FILE, "contact", "needs a phone or an email, so that people find help.")
    return City(
        **{name: values[name] for name in PLAIN},
        languages=languages,
        contact=Contact(**contact),
        consent_version=consent["version"],
        consent_to_words=consent["words"],
        consent_to_photos=consent["photos"],
        texts=_part(problems, values, "texts", _text_fields(languages)),
        bodies=_bodies(problems, values["bodies"], languages),
    )


PLAIN = (
    "key",
    "names",
    "zone",
    "country",
    "state",
    "website",
    "logo",
    "emergency",
    "privacy_sentence",
    "privacy_version",
    "accessibility_category",
)


def _fields(languages: tuple[str, ...]) -> dict[str, Field]:
    return {
        "key": Field(slug),
        "names": Field(words(languages)),
        "zone": Field(zone),
        "country": Field(country),
        "state": Field(text(10), default=""),
        "languages": Field(anything),
        "website": Field(web_address, default=""),
        "logo": Field(text(LONGEST_NAME), default=""),
        "contact": Field(anything),
        "emergency": Field(words(languages, LONGEST_SENTENCE)),
        "privacy_sentence": Field(words(languages, LONGEST_SENTENCE)),
        "privacy_version": Field(text(20)),
        "accessibility_category": Field(slug, default=""),
        "consent": Field(anything),
        "texts": Field(anything),
        "bodies": Field(listing(anything), default=[]),
    }


def _contact_fields(languages: tuple[str, ...]) -> dict[str, Field]:
    return {
        "phone": Field(text(40), default=""),
        "email": Field(mail_address, default=""),
        "address": Field(text(LONGEST_SENTENCE), default=""),
        "opening_hours": Field(words(languages, LONGEST_SENTENCE), default={}),
    }


def _consent_fields(languages: tuple[str, ...]) -> dict[str, Field]:
    sentence = Field(words(languages, LONGEST_SENTENCE))
    return {"version": Field(text(20)), "words": sentence, "photos": sentence}


def _text_fields(languages: tuple[str, ...]) -> dict[str, Field]:
    return {page: Field(words(languages, LONGEST_TEXT), default={}) for page in PAGES}


def _part(
    problems: Problems, values: Mapping[str, Any], name: str, fields: Mapping[str, Field]
) -> dict[str, Any]:
    """The map below one key of city.yaml; a missing one was reported already."""
    if values[name] is None:
        return dict.fromkeys(fields, "")
    return read_fields(values[name], fields, partial(problems.add, FILE, name))


def _bodies(problems: Problems, raws: list[Any], languages: tuple[str, ...]) -> tuple[Body, ...]:
    fields = {
        "key": Field(slug),
        "names": Field(words(languages)),
        "website": Field(web_address, default=""),
        "phone": Field(text(40), default=""),
    }
    bodies: dict[str, Body] = {}
    for nth, raw in enumerate(raws, start=1):
        refuse = partial(problems.add, FILE, f"bodies, entry {nth}")
        body = Body(**read_fields(raw, fields, refuse))
        if body.key in bodies:
            refuse(f"'{body.key}' stands here twice. Give one another key.")
        bodies[body.key] = body
    return tuple(bodies.values())


def _languages(problems: Problems, raw: object) -> tuple[str, ...]:
    """The city's languages, all of them among the product's; its own first."""
    known = [code for code, _ in settings.LANGUAGES]
    given = raw.get("languages") if isinstance(raw, Mapping) else None
    if not isinstance(given, list) or not given:
        problems.add(FILE, "languages", f"must be a list of at least one of {', '.join(known)}.")
        return tuple(known)
    for language in given:
        if complaint := one_of(known)(language):
            problems.add(FILE, "languages", complaint)
    return tuple(language for language in given if language in known)


def zone(value: object) -> str:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"'{value}' is no time zone. Write an IANA name like Europe/Berlin."
    return ""


def country(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"[A-Z]{2}", value):
        return ""
    return "must be two capital letters (ISO 3166), like DE."


def web_address(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"https?://[^\s<>\"]+", value):
        return ""
    return "must be a web address that begins with https://."


def mail_address(value: object) -> str:
    try:
        validate_email(str(value), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        return f"'{value}' is no e-mail address ({error})"
    return ""


def zone_mismatch(zone_name: str) -> str:
    """What is wrong when the city's zone is not the installation's; "" when they agree."""
    if zone_name == settings.TIME_ZONE:
        return ""
    return (
        f"zone '{zone_name}' is not the installation's ('{settings.TIME_ZONE}'). "
        f"Set TIME_ZONE={zone_name} in the environment, or correct the file."
    )
