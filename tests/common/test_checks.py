"""What must be right before the installation starts is said before it starts."""

import pytest

from common.checks import check_keys, check_role


def test_check_keys_finds_nothing_wrong_with_usable_rings() -> None:
    assert check_keys() == []


def test_check_keys_names_the_ring_and_the_key_but_never_the_secret(settings) -> None:
    settings.MASTER_KEYS = {"new": "c2hvcnQ="}

    (complaint,) = check_keys()

    assert complaint.id == "common.E003"
    assert "MASTER_KEYS" in complaint.msg
    assert "new" in complaint.msg
    assert "c2hvcnQ=" not in complaint.msg


@pytest.mark.django_db
def test_check_role_warns_when_the_application_owns_its_tables() -> None:
    (warning,) = check_role(databases=["default"])

    assert warning.id == "common.W001"


def test_check_role_asks_no_database_unless_told_to() -> None:
    assert check_role(databases=None) == []
