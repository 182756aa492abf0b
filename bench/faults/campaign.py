"""One campaign from an empty folder to the table."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from backend.runtime import household
from backend.runtime.paths import REPOSITORY, Layout
from backend.runtime.processes import Child
from backend.runtime.servers import start_servers
from bench import environment
from bench.faults.house import PARTS, WORKERS, House
from bench.faults.journal import Journal
from bench.servers import HOST

AT_ONCE = 8
ACTS = 3  # of each person: filed, confirmed, accepted
LOOK_SECONDS = 0.2
# The lease of a killed worker's letters is five minutes.
LAG_SECONDS = 420.0


@dataclass(frozen=True, slots=True)
class Wish:
    filings: int
    rounds: int
    away: float  # seconds from a kill to the next start
    hurry: bool  # free the leases of a killed worker instead of waiting for their end


@dataclass
class Report:
    """The table and what stands below it."""

    table: str
    kept: bool
    notes: list[str] = field(default_factory=list)


def campaign(layout: Layout, wish: Wish) -> Report:
    with House(layout, os.environ) as house:
        start_servers(house)
        household.start_sink(house)
        key = prepare(house)
        served = environment.served(layout.var)
        house.open(served)
        journal = Journal(layout.var / "journal.jsonl")
        people = hire(house, wish, journal, key)
        try:
            upheaval(house, wish, journal, people)
        finally:
            people.stop()
        waited = wait_for_the_post(house)
        return reported(house, journal, served, waited)


def prepare(house: House) -> str:
    """Schema, city and a clerk; the clerk's key. From here on this process knows Django."""
    os.environ.update(house.environment)
    environment.set_up(house.layout.var)
    from django.core.management import call_command  # noqa: PLC0415 - needs settings
    from django.db import connections  # noqa: PLC0415

    from bench.stage import new_key  # noqa: PLC0415 - imports models

    call_command("migrate", verbosity=0)
    call_command("load_city", verbosity=0)
    call_command("seed_demo", count=1)
    environment.collect_static(house.layout.var)
    key = new_key()
    connections.close_all()
    return key


def hire(house: House, wish: Wish, journal: Journal, key: str) -> Child:
    return house.hire(
        "bench.faults.people",
        f"http://{HOST}:{house.port}/",
        str(wish.filings),
        str(AT_ONCE),
        str(journal.path),
        str(house.layout.mail),
        FAULTS_KEY=key,
    )


def upheaval(house: House, wish: Wish, journal: Journal, people: Child) -> None:
    """Kill one after the other while people file, spread evenly over the filings."""
    waiting = [name for _ in range(wish.rounds) for name in PARTS]
    step = wish.filings / (len(waiting) + 1)
    tqdm.monitor_interval = 0  # its thread would be one in a process that forks
    with tqdm(total=wish.filings * ACTS, desc="People file", unit="acts", disable=None) as bar:
        while people.process.poll() is None:
            house.rest(LOOK_SECONDS)
            story = journal.told()
            bar.update(story.acts - bar.n)
            if waiting and len(story.filed) >= step * (len(house.killed) + 1):
                strike(house, waiting.pop(0), wish)
                bar.set_postfix_str(f"{len(house.killed)} killed")
        bar.update(journal.told().acts - bar.n)
    if people.process.returncode:
        raise RuntimeError(
            f"The people ended with status {people.process.returncode}.\n{people.tail()}"
        )


def strike(house: House, name: str, wish: Wish) -> None:
    house.kill(name)
    house.rest(wish.away)
    if name == "worker" and wish.hurry:
        free_leases()
    house.again(name)


def free_leases() -> None:
    """As if five minutes had passed. Only while no worker is there: then nobody holds them."""
    from django.db import connections  # noqa: PLC0415

    from notifications.models import Delivery, Envelope  # noqa: PLC0415

    for model in (Delivery, Envelope):
        model.objects.filter(locked_until__isnull=False).update(locked_until=None)
    connections.close_all()


def wait_for_the_post(house: House) -> float:
    """Seconds until nothing waits any more; LAG_SECONDS at the most."""
    from bench.faults.promises import lag  # noqa: PLC0415

    began = time.monotonic()
    with tqdm(desc="Letters that wait", unit="", disable=None) as bar:
        while (waiting := lag().broken) and time.monotonic() - began < LAG_SECONDS:
            bar.set_postfix_str(str(waiting))
            house.rest(LOOK_SECONDS)
    return time.monotonic() - began


def reported(house: House, journal: Journal, served: dict[str, str], waited: float) -> Report:
    from bench.faults import promises  # noqa: PLC0415
    from bench.faults.post import Post  # noqa: PLC0415
    from bench.replay.door import Door  # noqa: PLC0415

    story = journal.told()
    door = Door(f"http://{HOST}:{house.port}/")
    found = [
        *promises.stored(story),
        promises.read_back(door, story.filed),
        promises.unfinished(story),
        promises.chains(),
        promises.lag(),
        *promises.notices(story, Post(house.layout.mail).look(), kills=bound(house.killed)),
    ]
    door.close()
    status, said = doctor(house, served)
    notes = [
        f"{len(story.filed)} filed, {len(story.confirmed)} confirmed, {len(story.accepted)} accepted",
        f"{len(house.killed)} kills: {', '.join(house.killed)}",
        f"seconds until nothing waited: {waited:.0f}",
        f"answers people had to overcome: {dict(story.refusals) or 'none'}",
        f"doctor, status {status}: {said}",
    ]
    kept = all(one.kept for one in found) and status in (0, 1)
    return Report(promises.table(found), kept, notes)


def bound(killed: Iterable[str]) -> int:
    """Letters that may have been between the mail server's word and the note of it."""
    return sum(WORKERS for name in killed if name == "worker")


def doctor(house: House, served: dict[str, str]) -> tuple[int, str]:
    asked = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--no-color"],
        cwd=REPOSITORY,
        env={**house.environment, **served},
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.returncode, (asked.stdout + asked.stderr).strip()


def fresh(folder: Path) -> Layout:
    """Only an empty folder: what is counted must be of this campaign alone."""
    if folder.exists() and any(folder.iterdir()):
        raise SystemExit(f"{folder} is not empty. Remove it or name another: VAR=var-2 make faults")
    return Layout(folder)
