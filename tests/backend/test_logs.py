"""No line of a log opens anything, and none says what people said."""

import io
import json
import logging

import pytest

from backend.logs import DiscreetFormatter, JsonFormatter
from common import request_id

GIVEN = "01890a5d-ac96-774b-bcce-b302099a8057"


def record(name: str, said: str, *args: object, **more: object) -> logging.LogRecord:
    return logging.LogRecord(name, 30, "x", 1, said, args, None, **more)


@pytest.mark.parametrize(
    ("path", "printed"),
    [
        ("/concerns/K7M-4QX-9RT/t/secret/", "/concerns/K7M-4QX-9RT/t/…/"),
        ("/workspace/password/2x-d4jk2m-9f8e7d/", "/workspace/password/2x-…/"),
        ("/workspace/password/sent/", "/workspace/password/sent/"),
    ],
)
def test_tokens_in_paths_are_hidden(path: str, printed: str) -> None:
    asked = record("ours", "Asked: %s", path)

    assert DiscreetFormatter("{message}", style="{").format(asked) == f"Asked: {printed}"


@pytest.mark.parametrize(
    ("name", "said", "args", "printed"),
    [
        ("django.request", "%s: %s", ("Not Found", "/rita marker/"), "Not Found: …"),
        ("django.request", "Bad Request: %s", ("/rita/",), "Bad Request: …"),
        (
            "django.security.DisallowedHost",
            "Invalid HTTP_HOST header: 'rita.example'. You may need to add 'rita.example'.",
            (),
            "Invalid HTTP_HOST header",
        ),
        ("gunicorn.error", "Invalid request from ip=192.0.2.7: Rita", (), "Invalid request"),
        ("gunicorn.error", "Error handling request %s", ("/?q=rita",), "Error handling request"),
        ("gunicorn.error", "Booting worker with pid: %s", (7,), "Booting worker with pid: 7"),
        ("ours", "refused: %s", (ValueError("Rita"),), "refused: ValueError"),
    ],
)
def test_what_libraries_add_of_people_is_left_out(
    name: str, said: str, args: tuple[object, ...], printed: str
) -> None:
    assert json.loads(JsonFormatter().format(record(name, said, *args)))["message"] == printed


def failing(words: str) -> logging.LogRecord:
    fault = ValueError(words)
    context = {
        "name": "concerns.tend",
        "id": GIVEN,
        "exc": repr(fault),
        "description": "raised unexpected",
    }
    said = "Task %(name)s[%(id)s] %(description)s: %(exc)s"
    failure = (ValueError, fault, None)
    return logging.LogRecord("celery.app.trace", 40, "x", 1, said, (context,), failure)


def test_a_failed_task_is_named_and_its_words_are_not() -> None:
    line = json.loads(JsonFormatter().format(failing("Rita lives here")))

    assert line["message"] == f"Task concerns.tend[{GIVEN}] raised unexpected: ValueError"
    assert (line["task"], line["task_id"]) == ("concerns.tend", GIVEN)
    assert line["exception"][0] == "ValueError"
    assert "Rita" not in json.dumps(line)


def test_a_line_is_one_object_with_time_in_utc_and_the_request() -> None:
    made = record("ours", "one\ntwo")
    made.created = 1_764_042_245.25

    with request_id.named(GIVEN):
        text = JsonFormatter().format(made)

    assert "\n" not in text
    assert json.loads(text) == {
        "time": "2025-11-25T03:44:05.250+00:00",
        "level": "WARNING",
        "logger": "ours",
        "message": "one\ntwo",
        "request_id": GIVEN,
    }


def test_a_record_stays_as_it_came_for_whoever_else_reads_it() -> None:
    made = record("django.request", "Not Found: %s", "/rita/")
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonFormatter())

    handler.emit(made)

    assert made.getMessage() == "Not Found: /rita/"
    assert "rita" not in out.getvalue()
