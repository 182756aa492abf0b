from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from backend.api.schema import described
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


def proofs_of(path, method="get"):
    return described("en")["paths"][f"/api/v1/{path}"][method]["security"]


def test_the_description_says_which_scope_a_key_needs_and_what_is_for_anybody():
    session = {"cookieAuth": []}

    assert proofs_of("tickets/") == [{"apiKey": ["tickets:read"]}, session]
    assert proofs_of("tickets/{ticket_id}/accept/", "post") == [
        {"apiKey": ["tickets:write"]},
        session,
    ]
    assert proofs_of("departments/") == [{"apiKey": ["directory:read"]}, session]
    assert proofs_of("categories/") == [{"apiKey": []}, {}, session]
    assert proofs_of("concerns/", "post") == [{"apiKey": ["concerns:file"]}, {}, session]


def test_the_description_says_how_a_problem_names_whom_to_call():
    schemas = described("en")["components"]["schemas"]

    assert schemas["Problem"]["properties"]["body"]["oneOf"] == [
        {"$ref": "#/components/schemas/BodyOutput"},
        {"type": "null"},
    ]
    assert set(schemas["BodyOutput"]["properties"]) == {"name", "phone", "website"}


def test_the_description_comes_in_the_language_asked_for(db):
    answers = [
        Client().get(f"/api/schema/?lang={lang}&format=json").json() for lang in ("de", "en")
    ]

    told = [one["components"]["schemas"]["State"]["description"] for one in answers]
    assert ["Zugewiesen" in words for words in told] == [True, False]
    assert ["Assigned" in words for words in told] == [False, True]
