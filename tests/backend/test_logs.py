"""No line of a log opens anything."""

import logging

import pytest

from backend.logs import DiscreetFormatter


@pytest.mark.parametrize(
    ("path", "printed"),
    [
        ("/concerns/K7M-4QX-9RT/t/secret/", "/concerns/K7M-4QX-9RT/t/…/"),
        ("/workspace/password/2x-d4jk2m-9f8e7d/", "/workspace/password/2x-…/"),
        ("/workspace/password/sent/", "/workspace/password/sent/"),
    ],
)
def test_tokens_in_paths_are_hidden(path: str, printed: str) -> None:
    record = logging.LogRecord("django.request", 30, "x", 1, "Not Found: %s", (path,), None)

    assert DiscreetFormatter("{message}", style="{").format(record) == f"Not Found: {printed}"
