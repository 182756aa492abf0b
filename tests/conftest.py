"""What all tests share: Northmoor, and a database that refuses what production's refuses."""

import pytest

from tests.support.town import Town, build_town


@pytest.fixture
def town(db: None) -> Town:
    """The invented city with its offices, people, categories, rules and districts."""
    return build_town()
