"""Typed readers refuse what they do not understand."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from backend.settings import env


@pytest.mark.parametrize(("said", "meant"), [("yes", True), ("ON", True), ("0", False), ("", True)])
def test_flag_reads_yes_and_no(monkeypatch: pytest.MonkeyPatch, said: str, meant: bool) -> None:
    monkeypatch.setenv("X", said)

    assert env.flag("X", default=True) is meant


@pytest.mark.parametrize("said", ["ten", "1.5", "-1"])
def test_whole_refuses_what_is_no_whole_number_or_too_small(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("X", said)

    with pytest.raises(ImproperlyConfigured):
        env.whole("X", 3)


def test_text_without_value_or_default_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("X", raising=False)

    with pytest.raises(ImproperlyConfigured, match="X is not set"):
        env.text("X")


def test_text_reads_the_file_a_container_mounts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("kept\n")
    monkeypatch.setenv("X_FILE", str(tmp_path / "secret"))

    assert env.text("X") == "kept"


def test_keyring_keeps_the_order_the_first_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "new:bbb, old:aaa")

    assert list(env.keyring("X").items()) == [("new", "bbb"), ("old", "aaa")]


@pytest.mark.parametrize("said", ["nokey", "a:", ":b", "a:1,a:2"])
def test_keyring_refuses_entries_without_id_key_or_with_an_id_twice(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("X", said)

    with pytest.raises(ImproperlyConfigured):
        env.keyring("X")
