import pytest

from backend.api.parsers import Doubtful, read
from tests.support.rest import Rest, problem_in

NOT_JSON = "The body is not JSON. Please check how it is built."
NOT_UTF8 = "The body is not UTF-8. Please send all text in this encoding."
NO_NUMBER = "The body holds a number that is none, or too large. Please check it."
TWICE = "A name stands twice in one object. Please send each only once."


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a": [1, 2.5, true, null, "\xc3\xa4"]}', {"a": [1, 2.5, True, None, "ä"]}),
        (b'"\\ud83d\\ude00"', "😀"),
        (b'"\\u0000"', "\0"),
        (b'[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
    ],
)
def test_read_gives_the_value(raw, value):
    assert read(raw) == value


@pytest.mark.parametrize("raw", [b"NaN", b"[Infinity]", b'{"a": -Infinity}', b"1e999"])
def test_read_refuses_numbers_that_are_none(raw):
    with pytest.raises(Doubtful):
        read(raw)


def test_read_refuses_half_a_surrogate_pair_also_as_a_name():
    with pytest.raises(UnicodeEncodeError):
        read(b'{"\\ud800": 1}')


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"{", NOT_JSON),
        (b"{'a': 1}", NOT_JSON),
        (b"\xef\xbb\xbf{}", NOT_JSON),
        (b"[" * 200_000, NOT_JSON),
        (b"9" * 5000, NOT_JSON),
        (b'{"description": "\xff\xfe"}', NOT_UTF8),
        (b'{"description": "\\udc00"}', NOT_UTF8),
        (b'{"place": {"lat": NaN, "lon": 1}}', NO_NUMBER),
        (b'{"place": {"lat": 1e400, "lon": 1}}', NO_NUMBER),
        (b'{"description": "a", "description": "b"}', TWICE),
        (b'{"place": {"lat": 1, "lat": 2}}', TWICE),
    ],
)
def test_a_body_that_cannot_be_read_is_400(town, raw, words):
    response = Rest().send("POST", "concerns/", raw, Idempotency_Key="one")

    assert problem_in(response) == (400, "malformed", words)


@pytest.mark.parametrize("size", [1_000_001, 3_000_000])
def test_a_body_over_one_megabyte_is_413(town, size):
    response = Rest().send("POST", "concerns/", b'"' + b"a" * size + b'"', Idempotency_Key="one")

    words = "The request is larger than 1 MB. Please shorten what you send."
    assert problem_in(response) == (413, "too_large", words)


def test_a_body_of_one_megabyte_is_read(town):
    response = Rest().send("POST", "concerns/", b'"' + b"a" * 999_998 + b'"', Idempotency_Key="one")

    assert problem_in(response)[:2] == (422, "invalid")
