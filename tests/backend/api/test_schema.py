from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from backend.settings.city import BASE_DIR

SNAPSHOT = Path(BASE_DIR) / "docs" / "openapi.yaml"


def test_the_description_is_valid_and_warns_of_nothing_and_the_stored_one_is_fresh(tmp_path):
    made = tmp_path / "openapi.yaml"

    call_command("spectacular", lang="en", validate=True, fail_on_warn=True, file=str(made))

    assert made.read_text() == SNAPSHOT.read_text(), (
        "docs/openapi.yaml is stale. Renew it with: make schema"
    )


@pytest.mark.django_db
def test_the_description_is_there_for_everybody():
    response = Client().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})

    described = response.json()
    assert response.status_code == 200
    assert described["paths"]["/api/v1/concerns/{reference}/"]["get"]["security"] == [
        {"concernToken": []},
        {"concernPin": []},
    ]
    assert described["paths"]["/api/v1/tickets/{ticket_id}/accept/"]["post"][
        "responses"
    ].keys() == {
        "200",
        "204",
        "default",
    }
