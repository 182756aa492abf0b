# ruff: noqa: E501 - the tables hold whole sentences
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.errors import Invalid, Stopped
from concerns.parsing import (
    LONGEST_ANSWER,
    clean_answers,
    clean_contact,
    clean_line,
    clean_words,
    stop_in,
)

ONE_EACH = [
    {"key": "what", "type": "text"},
    {"key": "where", "type": "choice", "options": [{"key": "road"}, {"key": "path"}]},
    {
        "key": "broken",
        "type": "choices",
        "options": [{"key": "swing"}, {"key": "slide"}, {"key": "net"}],
    },
    {"key": "depth", "type": "number"},
    {"key": "danger", "type": "yes_no"},
    {"key": "since", "type": "date"},
]


def refusal_of(call, *args, **kwargs) -> tuple[str, str]:
    with pytest.raises(Invalid) as refusal:
        call(*args, **kwargs)
    return refusal.value.field, str(refusal.value)


# Answers


def test_clean_answers_keeps_one_of_each_type() -> None:
    answers = {
        "what": " A hole\r\n",
        "where": "path",
        "broken": ["net", "swing", "net"],
        "depth": 12.5,
        "danger": False,
        "since": "2026-11-01",
    }

    assert clean_answers(ONE_EACH, answers) == {**answers, "broken": ["swing", "net"]}


@pytest.mark.parametrize("empty", [None, "", "  \n", []])
def test_clean_answers_takes_empty_for_not_given(empty: object) -> None:
    assert clean_answers(ONE_EACH, {"what": empty, "broken": empty}) == {}


def test_clean_answers_of_a_category_without_questions() -> None:
    assert clean_answers([], {}) == {}


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("what", 5, "Please write text here."),
        ("what", ["a"], "Please write text here."),
        ("what", "a\0b", "This text contains signs that cannot be stored. Please remove them."),
        ("what", "a\ud800b", "This text contains signs that cannot be stored. Please remove them."),
        ("what", "x" * 1001, "This text is too long. Please shorten it to 1000 characters; it has 1001."),
        ("where", "sky", "Please choose one of the answers offered."),
        ("where", ["road"], "Please choose one of the answers offered."),
        ("where", True, "Please choose one of the answers offered."),
        ("broken", "swing", "Please choose from the answers offered."),
        ("broken", ["swing", "sky"], "Please choose one of the answers offered."),
        ("broken", [["swing"]], "Please choose one of the answers offered."),
        ("depth", "12", "Please enter a number."),
        ("depth", True, "Please enter a number."),
        ("depth", float("nan"), "This number is too large. Please check it."),
        ("depth", float("inf"), "This number is too large. Please check it."),
        ("depth", -(10**12) - 1, "This number is too large. Please check it."),
        ("danger", "yes", "Please answer with yes or no."),
        ("danger", 1, "Please answer with yes or no."),
        ("since", "1.11.2026", "Please enter a date with year, month and day, like 2026-12-31."),
        ("since", "2026-02-30", "Please enter a date with year, month and day, like 2026-12-31."),
        ("since", 20261101, "Please enter a date with year, month and day, like 2026-12-31."),
    ],
)  # fmt: skip
def test_clean_answers_refuses_what_does_not_fit_the_type(
    key: str, value: object, words: str
) -> None:
    assert refusal_of(clean_answers, ONE_EACH, {key: value}) == (f"answers.{key}", words)


def test_clean_answers_takes_the_longest_text_and_the_largest_number() -> None:
    answers = {"what": "x" * LONGEST_ANSWER, "depth": 10**12}

    assert clean_answers(ONE_EACH, answers) == answers


@pytest.mark.parametrize(
    ("key", "field"), [("colour", "answers.colour"), ("x" * 60, f"answers.{'x' * 50}")]
)
def test_clean_answers_refuses_an_unknown_question(key: str, field: str) -> None:
    words = "This question is not asked for this kind of concern. Please leave it out."
    assert refusal_of(clean_answers, ONE_EACH, {key: "red"}) == (field, words)


@pytest.mark.parametrize("answers", [[], "what", None, 5])
def test_clean_answers_refuses_what_is_not_by_question(answers: object) -> None:
    assert refusal_of(clean_answers, ONE_EACH, answers) == (
        "answers",
        "Answers must be given by question.",
    )


@pytest.mark.parametrize("empty", [{}, {"what": " "}, {"what": None}])
def test_clean_answers_demands_a_required_answer(empty: dict[str, object]) -> None:
    required = [{"key": "what", "type": "text", "required": True}]

    assert refusal_of(clean_answers, required, empty) == (
        "answers.what",
        "Please answer this question.",
    )


FOLDED = [
    {"key": "danger", "type": "yes_no"},
    {"key": "how", "type": "text", "required": True, "when": {"question": "danger", "is": True}},
    {"key": "what", "type": "choices", "options": [{"key": "tree"}, {"key": "wall"}]},
    {"key": "wood", "type": "text", "when": {"question": "what", "is": "tree"}},
    {"key": "size", "type": "number", "when": {"question": "wood", "is": "oak"}},
]


@pytest.mark.parametrize(
    ("answers", "cleaned"),
    [
        ({"danger": True, "how": "deep"}, {"danger": True, "how": "deep"}),
        ({"danger": False, "how": "deep"}, {"danger": False}),
        ({"how": "deep"}, {}),
        ({"what": ["wall", "tree"], "wood": "oak", "size": 3}, {"what": ["tree", "wall"], "wood": "oak", "size": 3}),
        ({"what": ["wall"], "wood": "oak", "size": 3}, {"what": ["wall"]}),
        ({"danger": False, "how": 5}, {"danger": False}),
    ],
)  # fmt: skip
def test_clean_answers_drops_what_was_not_asked(
    answers: dict[str, object], cleaned: dict[str, object]
) -> None:
    assert clean_answers(FOLDED, answers) == cleaned


def test_clean_answers_demands_a_required_answer_only_when_it_is_asked() -> None:
    assert refusal_of(clean_answers, FOLDED, {"danger": True})[0] == "answers.how"
    assert clean_answers(FOLDED, {"danger": False}) == {"danger": False}


DANGER = [
    {
        "key": "danger",
        "type": "yes_no",
        "labels": {"en": "Is somebody in danger?"},
        "stops": [{"is": True, "words": {"en": "Call 112."}}],
    },
    {"key": "where", "type": "text", "labels": {"en": "Where?"}, "required": True},
    {
        "key": "owner",
        "type": "choices",
        "labels": {"en": "Whose is it?"},
        "options": [{"key": "ours", "labels": {}}, {"key": "rail", "labels": {}}],
        "when": {"question": "danger", "is": False},
        "stops": [{"is": "rail", "words": {"en": "Ask the railway."}, "body": "railway"}],
    },
]


def test_an_answer_stops_whatever_else_is_missing() -> None:
    with pytest.raises(Stopped) as stop:
        clean_answers(DANGER, {"danger": True})

    told = (str(stop.value.message), stop.value.field, stop.value.body)
    assert told == ("Call 112.", "answers.danger", "")


def test_one_of_several_choices_stops_and_names_the_body() -> None:
    stop = stop_in(DANGER, {"danger": False, "owner": ["ours", "rail"]})

    assert stop is not None
    assert (str(stop.message), stop.body) == ("Ask the railway.", "railway")


@pytest.mark.parametrize(
    "answers",
    [
        {"danger": False, "where": "There"},
        {"danger": False, "where": "There", "owner": ["ours"]},
        {"where": "There"},
        {"where": "There", "owner": ["rail"]},
    ],
)
def test_other_answers_and_questions_not_asked_stop_nothing(answers: dict[str, object]) -> None:
    assert stop_in(DANGER, answers) is None


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["road", "swing", "2026-01-01"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)


@given(answers=st.dictionaries(st.sampled_from([question["key"] for question in ONE_EACH]), JSON))
def test_clean_answers_stores_or_refuses_whatever_comes(answers: dict[str, object]) -> None:
    try:
        cleaned = clean_answers(ONE_EACH, answers)
    except Invalid as refusal:
        field = refusal.field
        cleaned = {}
    else:
        field = "answers."

    assert field.removeprefix("answers.") in {"", *answers}
    assert clean_answers(ONE_EACH, cleaned) == cleaned


# Words


@pytest.mark.parametrize(
    "words",
    [
        "A hole.",
        "  two\r\nlines\tand  spaces \n",
        "é e\u0301 \u200d👨\u200d👩",
        "x" * 10_000,
        "?",
        "مرحبا",
    ],
)
def test_clean_words_keeps_them_as_they_are(words: str) -> None:
    assert clean_words(words).encode() == words.encode()


@pytest.mark.parametrize("words", ["", " ", "\r\n\t", "\u00a0\u2003", "\u200b\u200e", "\0"])
def test_clean_words_refuses_what_says_nothing(words: str) -> None:
    assert refusal_of(clean_words, words) == ("description", "Please write something here.")


@pytest.mark.parametrize("words", ["A\0hole", "\ud800 hole", "hole \udfff"])
def test_clean_words_refuses_what_cannot_be_stored(words: str) -> None:
    told = "This text contains signs that cannot be stored. Please remove them."
    assert refusal_of(clean_words, words) == ("description", told)


@pytest.mark.parametrize("length", [10_001, 1_000_000])
def test_clean_words_refuses_what_is_too_long(length: int) -> None:
    told = f"This text is too long. Please shorten it to 10000 characters; it has {length}."
    assert refusal_of(clean_words, "x" * length) == ("description", told)


@pytest.mark.parametrize("words", [None, 5, b"hole", ["hole"]])
def test_clean_words_refuses_what_is_no_text(words: object) -> None:
    assert refusal_of(clean_words, words, field="text") == ("text", "Please write text here.")


# One line


def test_clean_line_takes_off_the_spaces_around() -> None:
    assert clean_line("  Quay Street 5\u00a0", field="address", longest=13) == "Quay Street 5"


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("\u202a+44 20 7946 0018\u202c", "+44 20 7946 0018"),
        ("\u2066Rita\u2069 \u2067Roe\u2069", "Rita Roe"),
        ("\u202e \u202d", ""),
        ("ريتا\u200f رو", "ريتا\u200f رو"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_clean_line_drops_what_turns_it_around_and_leaves_scripts_alone(
    typed: str, line: str
) -> None:
    assert clean_line(typed, field="name", longest=50) == line


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_clean_line_may_be_empty(nothing: object) -> None:
    assert clean_line(nothing, field="address", longest=5) == ""


@pytest.mark.parametrize("line", ["a\nb", "a\r", "a\0", "\x1b[0m", "a\u2028b", "a\ud800"])
def test_clean_line_refuses_control_characters(line: str) -> None:
    told = "This must be one line without special signs. Please type it again."
    assert refusal_of(clean_line, line, field="address", longest=50) == ("address", told)


def test_clean_line_refuses_what_is_too_long_and_what_is_no_text() -> None:
    told = "This is too long. Please shorten it to 5 characters."
    assert refusal_of(clean_line, "123456", field="address", longest=5) == ("address", told)
    assert refusal_of(clean_line, 5, field="address", longest=5) == (
        "address",
        "Please write text here.",
    )


# Contact


def test_clean_contact_gives_all_three() -> None:
    given_contact = {
        "name": " Zoë O'Neil ",
        "email": " Zoe@Example.ORG ",
        "phone": "(01632) 960 001",
    }

    assert clean_contact(given_contact) == {
        "name": "Zoë O'Neil",
        "email": "Zoe@example.org",
        "phone": "+441632960001",
    }


@pytest.mark.parametrize("nothing", [{}, {"name": "", "email": " ", "phone": None}])
def test_clean_contact_may_be_anonymous(nothing: dict[str, object]) -> None:
    assert clean_contact(nothing) == {"name": "", "email": "", "phone": ""}


@pytest.mark.parametrize(
    ("dialled", "stored"),
    [("+49 202 563-0", "+492025630"), ("0049 202 5630", "+492025630"), ("01632 960001 ext. 12", "+441632960001;ext=12")],
)  # fmt: skip
def test_clean_contact_reads_phone_numbers_as_dialled_in_the_city(
    dialled: str, stored: str
) -> None:
    assert clean_contact({"phone": dialled})["phone"] == stored


NO_MAIL = "This is no complete e-mail address. Please check it, like name@example.org."
NO_PHONE = "This is no complete phone number. Please enter it with its area code."
NO_LINE = "This must be one line without special signs. Please type it again."


@pytest.mark.parametrize(
    ("contact", "field", "words"),
    [
        ({"email": "zoe"}, "contact.email", NO_MAIL),
        ({"email": "zoe@example"}, "contact.email", NO_MAIL),
        ({"email": "zoe@@example.org"}, "contact.email", NO_MAIL),
        ({"email": "Zoë <zoe@example.org>"}, "contact.email", NO_MAIL),
        ({"email": "zoë@example.org"}, "contact.email", NO_MAIL),
        ({"email": "zoe@example.org\r\nBcc: all@example.org"}, "contact.email", NO_LINE),
        ({"email": f"{'z' * 250}@example.org"}, "contact.email", "This is too long. Please shorten it to 254 characters."),
        ({"email": 5}, "contact.email", "Please write text here."),
        ({"phone": "call me"}, "contact.phone", NO_PHONE),
        ({"phone": "12"}, "contact.phone", NO_PHONE),
        ({"phone": "960001"}, "contact.phone", NO_PHONE),
        ({"phone": "1" * 41}, "contact.phone", "This is too long. Please shorten it to 40 characters."),
        ({"phone": "01632\n960001"}, "contact.phone", NO_LINE),
        ({"name": "Zoë\r\nBcc: all@example.org"}, "contact.name", NO_LINE),
        ({"name": "Z" * 201}, "contact.name", "This is too long. Please shorten it to 200 characters."),
        ({"fax": "1"}, "contact.fax", "This is not asked. Contact data are name, email and phone."),
        ("zoe", "contact", "Contact data must be given as name, email and phone."),
    ],
)  # fmt: skip
def test_clean_contact_refuses_with_the_field(contact: object, field: str, words: str) -> None:
    assert refusal_of(clean_contact, contact) == (field, words)
