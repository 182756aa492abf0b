"""What an installation owes after everything in it was killed, counted at the doors and in the database."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bench.faults.journal import Receipt, Story
from bench.faults.people import words_of
from bench.faults.post import Arrived
from bench.replay.door import Door
from concerns.models import Concern
from concerns.queries.audit import broken_chains
from notifications.models import Delivery
from notifications.queries import backlog

OK = 200
FIRST, AFTER_CONFIRMING, AFTER_ACCEPTING = "confirmation", "condensed", "in_progress"


@dataclass(frozen=True, slots=True)
class Promise:
    """One line of the table. More `broken` than `bound` is a broken promise."""

    what: str
    of: int
    broken: int
    bound: int = 0

    @property
    def kept(self) -> bool:
        return self.broken <= self.bound


def stored(story: Story) -> list[Promise]:
    """Each filing by its words, which hold its key."""
    words = Concern.objects.filter(words__startswith=words_of("")).values_list("words", flat=True)
    times = Counter(said.removeprefix(words_of("")) for said in words)
    silent = story.begun - set(story.filed)
    return [
        Promise(
            "acknowledged and not stored", len(story.filed), sum(not times[k] for k in story.filed)
        ),
        Promise(
            "acknowledged and stored twice",
            len(story.filed),
            sum(times[k] > 1 for k in story.filed),
        ),
        Promise(
            "never acknowledged and stored twice", len(silent), sum(times[k] > 1 for k in silent)
        ),
        Promise("stored and never asked for", sum(times.values()), len(set(times) - story.begun)),
    ]


def read_back(door: Door, filed: Mapping[str, Receipt]) -> Promise:
    """By the link each person was given."""
    wrong = sum(not reads_back(door, key, receipt) for key, receipt in filed.items())
    return Promise("not read back with its words", len(filed), wrong)


def reads_back(door: Door, key: str, receipt: Receipt) -> bool:
    proof = {"Authorization": f"Concern {receipt.token}", "X_Forwarded_Proto": "https"}
    answer = door.get(f"concerns/{receipt.reference}/", **proof)
    return answer.status == OK and answer.said["words"] == words_of(key)


def chains() -> Promise:
    return Promise("chains of events that are broken", 0, sum(1 for _ in broken_chains()))


def unfinished(story: Story) -> Promise:
    """Whoever gave up after minutes of asking again."""
    return Promise("people who had to give up", len(story.begun), len(story.given_up))


def owed(story: Story) -> Counter[tuple[str, str]]:
    """Address and kind of every notice, as the people's own acts make them due."""
    due = (
        (FIRST, story.filed),
        (AFTER_CONFIRMING, story.confirmed),
        (AFTER_ACCEPTING, story.accepted),
    )
    return Counter((story.filed[key].address, purpose) for purpose, keys in due for key in keys)


def notices(story: Story, mails: Iterable[Arrived], *, kills: int) -> list[Promise]:
    """At the sink. Only the same Message-ID may come again: the one repeat nobody can avoid.

    The mail server took the mail and the worker was killed before it could note it: `kills` counts how many letters
    that may have been, one for each process of a worker that was killed.
    """
    purposes = dict(Delivery.objects.values_list("message_id", "purpose"))
    ours = {receipt.address for receipt in story.filed.values()}
    came = Counter(
        (one.address, purposes.get(one.message_id, "unknown"), one.message_id)
        for one in mails
        if one.address in ours
    )
    letters = Counter((address, purpose) for address, purpose, _id in came)
    due = owed(story)
    return [
        Promise("notices that did not come", due.total(), (due - letters).total()),
        Promise("notices written twice, or not due", due.total(), (letters - due).total()),
        Promise(
            "notices repeated under the same Message-ID",
            due.total(),
            sum(times - 1 for times in came.values()),
            bound=kills,
        ),
    ]


def lag() -> Promise:
    post = backlog()
    waiting = post.envelopes_pending + post.deliveries_pending
    given_up = post.envelopes_dead + post.deliveries_dead + post.deliveries_failed
    return Promise("letters that wait or were given up", 0, waiting + given_up)


def table(promises: Collection[Promise]) -> str:
    rows = ["| | of | found | at most | |", "|---|---|---|---|---|"]
    rows += [
        f"| {one.what} | {one.of or ''} | {one.broken} | {one.bound} | {'✓' if one.kept else '✗'} |"
        for one in promises
    ]
    return "\n".join(rows)
