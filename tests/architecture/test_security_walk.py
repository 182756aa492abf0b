"""The walk through the standard is whole, and what it points at is there."""

import re

import pytest

from tests.architecture.source import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
# OWASP ASVS 5.0.0: how many requirements of level 1 and 2 each section has; they are its first ones.
REQUIREMENTS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip
ROW = re.compile(r"^\| ([\d.]+) \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")
NAMED = re.compile(r"`([\w.-]+/[\w./-]*)`")


def test_every_requirement_has_one_line() -> None:
    expected = [
        f"{section}.{n}" for section, count in REQUIREMENTS.items() for n in range(1, count + 1)
    ]

    assert [number for number, _answer, _proof in ROW.findall(PAGE)] == expected


def test_every_line_has_a_reason_or_says_that_it_is_open() -> None:
    bare = [
        number
        for number, answer, proof in ROW.findall(PAGE)
        if not proof and "**Open**" not in answer
    ]

    assert bare == []


def test_every_test_that_is_named_is_there() -> None:
    named = TEST.findall(PAGE)
    missing = [
        f"{path}::{name}"
        for path, name in named
        if f"\ndef {name}(" not in (ROOT / "tests" / path).read_text(encoding="utf-8")
    ]

    assert (missing, named != []) == ([], True)


@pytest.mark.parametrize("name", sorted(set(NAMED.findall(PAGE))))
def test_what_is_named_is_there(name: str) -> None:
    assert (ROOT / name).exists()
