"""How Django is told of the database."""

import pytest
from django.db import connection

from backend.settings.database import KEEP_PLANS, database_from

URL = "postgresql://app:s%40cret@db:5433/sachstand?sslmode=require&options=-c%20work_mem%3D8MB"


def test_a_url_names_everything() -> None:
    found = database_from(URL)

    assert [found[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        *("app", "s@cret", "db", 5433, "sachstand")
    ]
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["options"] == f"{KEEP_PLANS} -c work_mem=8MB"
    assert (found["CONN_MAX_AGE"], "pool" in found["OPTIONS"]) == (60, False)


def test_a_pool_keeps_its_connections_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_POOL", "4")

    found = database_from(URL)

    assert (found["CONN_MAX_AGE"], found["OPTIONS"]["pool"]["max_size"]) == (0, 4)


@pytest.mark.django_db
def test_plans_of_prepared_statements_are_kept() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("force_generic_plan",)
