"""Whatever is asked, the answer is one the description announces: a bounded round here, a longer one by `make fuzz`."""

import os
import secrets
import time
import zlib
from collections.abc import Iterator

import pytest
from schemathesis.schemas import APIOperation

from accounts.models import User
from concerns.api.views import directory
from concerns.models import Cause, Concern, Objection
from concerns.references import tracking_token
from departments.enums import Capability
from tests.factories.organisation import MembershipFactory
from tests.support.fuzz import Fuzzer, Knowing, Known, described, one_connection
from tests.support.rest import program_of
from tests.support.stages import STAGES
from tests.support.town import Town

MINUTES = float(os.environ.get("FUZZ_MINUTES", "0"))


@pytest.fixture
def unlimited(settings) -> Iterator[None]:
    settings.REQUESTS_PER_MINUTE_PER_NETWORK = settings.FILINGS_PER_NETWORK_PER_HOUR = 10**6
    settings.PROOF_ATTEMPTS_PER_CONCERN = settings.PROOF_ATTEMPTS_PER_NETWORK = 10**6
    with one_connection():
        yield


@pytest.fixture
def almighty(town: Town) -> User:
    """Somebody with every capability in the whole city, beside a ticket in every state."""
    for stage in STAGES.values():
        stage(town)
    person = town.people["alma"]
    for capability in set(Capability) - {Capability.ADMIN}:
        MembershipFactory(user=person, department=town.office("town"), capability=capability)
    return person


def knowing_all(town: Town, person: User) -> Knowing:
    """Things that exist, a key with every scope, and the proof of each concern."""
    concerns = list(Concern.objects.order_by("pk"))
    objection = Objection.objects.get(verdict="")
    key = program_of(person).headers
    values = {
        "slug": "pothole",
        "category": "tree",
        "department": "parks",
        "circle": "personnel",
        "assignee": town.people["carl"].pk,
        "person": town.people["paul"].pk,
        "lead": concerns[0].placements.get(until=None).ticket_id,
        "objection": objection.pk,
    }

    def known(operation: APIOperation) -> Known:
        """Another concern for each operation, so that no ticket takes all the acts."""
        concern = concerns[zlib.crc32(operation.label.encode()) % len(concerns)]
        token = tracking_token(concern.pk, concern.generation)
        own = operation.path.startswith("/api/v1/concerns/{")
        proof = {"Authorization": f"Concern {token}"} if own else key
        placed = {
            "ticket_id": concern.placements.get(until=None).ticket_id,
            "reference": concern.reference,
            "concern": concern.reference,
            "to": [concern.reference],
        }
        return Known({**values, **placed}, {**proof, "If-Match": "*"})

    return known


def knowing_nothing(_operation: APIOperation) -> Known:
    return Known()


@pytest.mark.timeout(300)
def test_whatever_somebody_with_all_rights_asks_is_answered_as_described(town, almighty, unlimited):
    assert Fuzzer(described(), knowing_all(town, almighty)).faults(good=4, bad=2) == []


@pytest.mark.timeout(300)
def test_whatever_a_stranger_asks_is_answered_as_described(almighty, unlimited):
    assert Fuzzer(described(), knowing_nothing).faults(good=1, bad=1) == []


def test_what_is_not_as_described_is_found(almighty, unlimited, monkeypatch):
    """The fuzzer sees an answer that fits no schema, and a failure of ours."""
    causes = described().include(path="/api/v1/causes/")
    known = Known(headers=program_of(almighty).headers)
    Cause.objects.create(key="wear", names={})

    monkeypatch.setattr(directory, "cause_shown", lambda row: {"key": row["key"]})
    assert len(Fuzzer(causes, lambda _operation: known).faults(good=1, bad=0)) == 1
    monkeypatch.setattr(directory, "cause_shown", lambda row: row["no such column"])
    assert len(Fuzzer(causes, lambda _operation: known).faults(good=1, bad=0)) == 1


@pytest.mark.skipif(not MINUTES, reason="only make fuzz takes the time")
@pytest.mark.timeout(MINUTES * 60 + 600)
def test_for_some_minutes_nothing_is_found(town, almighty, unlimited):
    end, faults = time.monotonic() + MINUTES * 60, []
    fuzzer = Fuzzer(described(), knowing_all(town, almighty))
    while time.monotonic() < end and not faults:
        faults = fuzzer.faults(good=20, bad=10, number=secrets.randbelow(2**32))

    assert faults == []
