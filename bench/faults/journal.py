"""What the people of a campaign did and were told, one JSON object a line, written only after the answer came."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the city owes: a concern under this reference, and mails to this address."""

    address: str
    reference: str
    token: str


@dataclass
class Story:
    """All lines together. Each filing is known by its Idempotency-Key."""

    begun: set[str] = field(default_factory=set)
    filed: dict[str, Receipt] = field(default_factory=dict)
    confirmed: set[str] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    given_up: set[str] = field(default_factory=set)
    refusals: Counter[str] = field(default_factory=Counter)

    @property
    def acts(self) -> int:
        return len(self.filed) + len(self.confirmed) + len(self.accepted)


class Journal:
    """Several threads of one process write; another process reads what is whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.turn = threading.Lock()

    def note(self, did: str, key: str, **more: str) -> None:
        line = json.dumps({"did": did, "key": key, **more})
        with self.turn, self.path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def told(self) -> Story:
        story = Story()
        for line in self._lines():
            _tell(story, json.loads(line))
        return story

    def _lines(self) -> Iterator[str]:
        if self.path.exists():
            text = self.path.read_text(encoding="utf-8")
            yield from text[: text.rfind("\n") + 1].splitlines()


def _tell(story: Story, line: dict[str, str]) -> None:
    key = line["key"]
    match line["did"]:
        case "began":
            story.begun.add(key)
        case "filed":
            story.filed[key] = Receipt(line["address"], line["reference"], line["token"])
        case "confirmed":
            story.confirmed.add(key)
        case "accepted":
            story.accepted.add(key)
        case "gave_up":
            story.given_up.add(key)
        case _:
            story.refusals[line["did"]] += 1
