"""What people send in, checked before anything is stored: answers, words, contact data.

Every function returns the checked value and raises concerns.errors.Invalid, whose `field` names the culprit.
"""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import phonenumbers
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from common.city import city
from common.words import in_language
from concerns.errors import Invalid, Stopped

LONGEST_WORDS = 10_000
LONGEST_ANSWER = 1_000
LARGEST_NUMBER = 10**12
LONGEST_NAME = 200
LONGEST_EMAIL = 254
LONGEST_PHONE = 40
CONTACT_FIELDS = ("name", "email", "phone")
# NUL, and halves of surrogate pairs, which JSON can smuggle into a string but UTF-8 cannot write.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
# They turn what follows in a line around and let `gpj.exe` read as `exe.jpg`; numbers copied from a phone bring them.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# ISO 8601 knows more ways to write a day (20261231, 2026-W53-4); forms and JSON Schema know this one.
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

Question = Mapping[str, Any]


def clean_answers(
    questions: Sequence[Question], answers: Mapping[str, Any]
) -> dict[str, str | bool | int | float | list[str]]:
    """The answers to a category's questions, by key; field of a refusal: `answers.<key>`.

    Values are what JSON has: text and date (ISO 8601) and choice a string, choices a list of option keys, number
    a number, yes_no a boolean. Empty ones count as not given. An answer to a question that is not asked, because
    of another answer, is dropped: a form that cannot fold sends it all the same. One to a question the category
    does not have is refused. Raises Stopped for an answer that says this is no matter to file.
    """
    if not isinstance(answers, Mapping):
        raise Invalid(_("Answers must be given by question."), field="answers")
    if stop := stop_in(questions, answers):
        raise stop
    known = {question["key"] for question in questions}
    for key in answers:
        if key not in known:
            raise Invalid(
                _("This question is not asked for this kind of concern. Please leave it out."),
                field=f"answers.{str(key)[:50]}",
            )
    cleaned: dict[str, str | bool | int | float | list[str]] = {}
    for question in questions:
        if is_asked(question, cleaned):
            _clean_one(question, answers.get(question["key"]), cleaned)
    return cleaned


def is_asked(question: Question, answers: Mapping[str, Any]) -> bool:
    """Whether the answers given before call for this question."""
    when = question.get("when")
    if not when:
        return True
    given = answers.get(when["question"])
    return when["is"] in given if isinstance(given, list) else given == when["is"]


def _clean_one(question: Question, value: object, cleaned: dict[str, Any]) -> None:
    key = question["key"]
    field = f"answers.{key}"
    if value is None or value == [] or (isinstance(value, str) and not value.strip()):
        if question.get("required"):
            raise Invalid(_("Please answer this question."), field=field)
        return
    cleaned[key] = READERS[question["type"]](question, value, field)


def stop_in(questions: Sequence[Question], answers: Mapping[str, Any]) -> Stopped | None:
    """What an answer leads to instead of a concern («danger to life: call 112»); None when it goes on.

    The first answer that stops counts, whatever else is missing or wrong: who is in danger must not be asked for more.
    """
    for question in questions:
        given = answers.get(question["key"])
        chosen = given if isinstance(given, list) else [given]
        for stop in question.get("stops", []) if is_asked(question, answers) else []:
            if stop["is"] in chosen:
                field = f"answers.{question['key']}"
                return Stopped(in_language(stop["words"]), field=field, body=stop.get("body", ""))
    return None


def redirect_for(redirect: Mapping[str, Any]) -> Stopped | None:
    """Where a category sends people whose matter the city does not deal with; None when it is filed here."""
    if not redirect:
        return None
    return Stopped(in_language(redirect["words"]), field="category", body=redirect.get("body", ""))


def _text(_question: Question, value: object, field: str) -> str:
    return clean_text(value, field=field, longest=LONGEST_ANSWER)


def _choice(question: Question, value: object, field: str) -> str:
    if not isinstance(value, str) or value not in _options(question):
        raise Invalid(_("Please choose one of the answers offered."), field=field)
    return value


def _choices(question: Question, value: object, field: str) -> list[str]:
    if not isinstance(value, list):
        raise Invalid(_("Please choose from the answers offered."), field=field)
    chosen = {_choice(question, entry, field) for entry in value}
    return [option for option in _options(question) if option in chosen]


def _number(_question: Question, value: object, field: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Invalid(_("Please enter a number."), field=field)
    if not math.isfinite(value) or abs(value) > LARGEST_NUMBER:
        raise Invalid(_("This number is too large. Please check it."), field=field)
    return value


def _yes_no(_question: Question, value: object, field: str) -> bool:
    if not isinstance(value, bool):
        raise Invalid(_("Please answer with yes or no."), field=field)
    return value


def _date(_question: Question, value: object, field: str) -> str:
    try:
        written = DAY.fullmatch(value) if isinstance(value, str) else None
        return dt.date.fromisoformat(written[0] if written else "").isoformat()
    except ValueError:
        words = _("Please enter a date with year, month and day, like 2026-12-31.")
        raise Invalid(words, field=field) from None


READERS: Mapping[str, Callable[[Question, object, str], str | bool | int | float | list[str]]] = {
    "text": _text,
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "yes_no": _yes_no,
    "date": _date,
}
QUESTION_TYPES = tuple(READERS)
TYPES_WITH_OPTIONS = ("choice", "choices")


def _options(question: Question) -> list[str]:
    return [option["key"] for option in question["options"]]


def clean_words(text: object, field: str = "description") -> str:
    """What a person wrote, byte for byte: line ends, spaces and forms of letters stay as they came.

    Refused are what is no text or empty (white space and invisible signs only), what is longer than 10,000
    characters, and what PostgreSQL cannot store (NUL, halves of surrogate pairs).
    """
    return clean_text(text, field=field, longest=LONGEST_WORDS)


def clean_text(text: object, *, field: str, longest: int) -> str:
    """As `clean_words`, with a length of its own."""
    if not isinstance(text, str):
        raise Invalid(_("Please write text here."), field=field)
    if len(text) > longest:
        words = _(
            "This text is too long. Please shorten it to %(limit)d characters; it has %(length)d."
        )
        raise Invalid(words % {"limit": longest, "length": len(text)}, field=field)
    if not any(is_visible(sign) for sign in text):
        raise Invalid(_("Please write something here."), field=field)
    if UNSTORABLE.search(text):
        words = _("This text contains signs that cannot be stored. Please remove them.")
        raise Invalid(words, field=field)
    return text


def is_visible(sign: str) -> bool:
    """Neither white space nor one of the signs that only steer others (zero-width space, direction marks, NUL)."""
    return not sign.isspace() and unicodedata.category(sign) not in ("Cf", "Cc")


def clean_line(text: object, *, field: str, longest: int) -> str:
    """One line without the spaces around it and without signs that turn its direction; may be empty.

    Refuses line ends and other control characters.
    """
    if text is None or text == "":
        return ""
    if not isinstance(text, str):
        raise Invalid(_("Please write text here."), field=field)
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in text):
        words = _("This must be one line without special signs. Please type it again.")
        raise Invalid(words, field=field)
    line = TURNING.sub("", text).strip()
    if len(line) > longest:
        words = _("This is too long. Please shorten it to %(limit)d characters.")
        raise Invalid(words % {"limit": longest}, field=field)
    return line


def clean_contact(contact: Mapping[str, Any]) -> dict[str, str]:
    """Name, e-mail address and phone number, each "" when not given; field of a refusal: `contact.<name>`.

    The phone number comes back in E.164 (with ";ext=12" where it has an extension); without a country code it is
    read as dialled in the city's country.
    """
    if not isinstance(contact, Mapping):
        raise Invalid(_("Contact data must be given as name, email and phone."), field="contact")
    for key in contact:
        if key not in CONTACT_FIELDS:
            words = _("This is not asked. Contact data are name, email and phone.")
            raise Invalid(words, field=f"contact.{str(key)[:50]}")
    return {
        "name": clean_line(contact.get("name"), field="contact.name", longest=LONGEST_NAME),
        "email": _email(contact.get("email")),
        "phone": _phone(contact.get("phone")),
    }


def _email(value: object) -> str:
    """Syntax only: asking the name server would make filing wait for others. Names in .test are for trials."""
    address = clean_line(value, field="contact.email", longest=LONGEST_EMAIL)
    if not address:
        return ""
    try:
        return validate_email(
            address, check_deliverability=False, allow_smtputf8=False, test_environment=True
        ).normalized
    except EmailNotValidError:
        words = _("This is no complete e-mail address. Please check it, like name@example.org.")
        raise Invalid(words, field="contact.email") from None


def _phone(value: object) -> str:
    """A possible number is enough: which ranges are assigned changes faster than libraries."""
    number = clean_line(value, field="contact.phone", longest=LONGEST_PHONE)
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number, city().country)
    except phonenumbers.NumberParseException:
        parsed = phonenumbers.PhoneNumber()
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        words = _("This is no complete phone number. Please enter it with its area code.")
        raise Invalid(words, field="contact.phone")
    dialled = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return f"{dialled};ext={parsed.extension}" if parsed.extension else dialled
