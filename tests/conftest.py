"""What all tests share: Northmoor, and a database that refuses what production's refuses."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

from concerns.models.attachment import attachment_storage
from tests.support.town import Town, build_town

# How fast an example is made or run says something of the machine, nothing of the rule.
settings.register_profile(
    "any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any-machine")


@pytest.fixture
def town(db: None) -> Town:
    """The invented city with its offices, people, categories, rules and districts."""
    return build_town()


@pytest.fixture(autouse=True)
def _settings_language() -> Iterator[None]:
    """Every test begins in the language of the settings: a German page asked for before leaves its thread German."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _own_files(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every test keeps attachments in a folder of its own, made when one is stored: a rollback leaves files behind."""
    folder = tmp_path_factory.getbasetemp() / f"files-{uuid4().hex}"
    monkeypatch.setitem(vars(attachment_storage()), "location", str(folder))
