"""One report goes in by the public door and is read back: what became of it."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from time import monotonic
from typing import Any

from bench.replay.door import Answer, Door
from bench.replay.errors import CannotReplay
from bench.replay.names import Names
from bench.replay.reports import Report

CREATED, OK = 201, 200
NOT_LET_IN = (401, 403)
# Reserved for examples: no real person's mail server hears of it.
DOMAIN = "people.example"


class Way(StrEnum):
    """Where the category comes from: the file, or what the product finds in the words."""

    GIVEN = "given"
    GUESSED = "guessed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a report. `office` is the key of the office that has it, "" in triage; `refusal` says why not."""

    report: Report
    category: str
    seconds: float
    refusal: str = ""
    same: bool = False
    office: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One replay: every report gets an address and an Idempotency-Key of its own, new with each run."""

    door: Door
    names: Names
    way: Way
    id: str
    with_mail: bool

    def address_of(self, report: Report) -> str:
        return f"replay-{self.id}-{uuid.uuid5(uuid.NAMESPACE_OID, report.id).hex[:12]}@{DOMAIN}"

    def file_all(self, reports: Sequence[Report], *, at_once: int) -> Iterator[Outcome]:
        """Every outcome as it comes, in the order of the file, so many reports under way at once."""
        with ThreadPoolExecutor(at_once) as people:
            waiting = iter(reports)
            # Enough in line that nobody waits for the slowest.
            under_way = [people.submit(self.file, one) for one in islice(waiting, 4 * at_once)]
            while under_way:
                outcome = under_way.pop(0).result()
                under_way += [people.submit(self.file, one) for one in islice(waiting, 1)]
                yield outcome

    def file(self, report: Report) -> Outcome:
        category = self.category_of(report)
        body = body_of(report, category, self.address_of(report) if self.with_mail else "")
        began = monotonic()
        answer = self.door.post("concerns/", body, Idempotency_Key=str(uuid.uuid4()))
        seconds = monotonic() - began
        if answer.status in NOT_LET_IN:
            raise CannotReplay(f"The key does not open the door: {refusal_in(answer)}")
        if answer.status != CREATED:
            return Outcome(report, category, seconds, refusal=refusal_in(answer))
        return self.read_back(Outcome(report, category, seconds), answer.said)

    def category_of(self, report: Report) -> str:
        """The first that may be filed; whoever cannot say where it is files under none rather than not at all."""
        placed = bool(report.address) or report.lat is not None
        fitting = (
            slug
            for slug in self.candidates(report)
            if placed or slug not in self.names.needing_a_place
        )
        return next(fitting, "")

    def candidates(self, report: Report) -> list[str]:
        if self.way == Way.GIVEN:
            return [self.names.category_of(report)]
        answer = self.door.post("category-suggestions/", {"description": report.words})
        return [one["category"]["slug"] for one in answer.said.get("results", ())]

    def read_back(self, filed: Outcome, receipt: Mapping[str, Any]) -> Outcome:
        """The concern as its person sees it, by the link they were given."""
        token = str(receipt["tracking_url"]).rstrip("/").rpartition("/")[2]
        proof = f"Concern {token}"
        answer = self.door.get(f"concerns/{receipt['reference']}/", Authorization=proof)
        if answer.status != OK:
            raise CannotReplay(f"Report {filed.report.id} was filed but cannot be read back.")
        said = answer.said
        return Outcome(
            filed.report,
            filed.category,
            filed.seconds,
            same=said["words"].encode() == filed.report.words.encode(),
            office=str((said["department"] or {}).get("key", "")),
            state=str(said["state"]),
        )


def body_of(report: Report, category: str, address: str) -> dict[str, Any]:
    """What is not known is left out, as an app does."""
    place = {"address": report.address, "lat": report.lat, "lon": report.lon}
    told = {name: value for name, value in place.items() if value not in ("", None)}
    return {
        "description": report.words,
        "language": "de",
        **({"category": category} if category else {}),
        **({"place": told} if told else {}),
        **({"contact": {"email": address}} if address else {}),
    }


def refusal_in(answer: Answer) -> str:
    """Which value was refused and why; of the report's own words nothing."""
    errors = answer.said.get("errors") or [{"pointer": "", "detail": answer.said.get("detail", "")}]
    return "; ".join(
        f"{answer.status} {one.get('pointer', '')} {one.get('detail', '')}".replace("  ", " ")
        for one in errors
    ).strip()
