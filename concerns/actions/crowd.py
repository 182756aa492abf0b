"""A year of concerns for a trial, drawn from the city's crowd.yaml: seasons, hot spots, all courses of events.

The same seed, day and gazetteer give the same stories. `demo.play` lets them happen by real actions.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

DAYS = 365
# What happened in these last days is what a trial works on.
RECENT_DAYS = 21
# Of the matters that take others in, how many are told of again, and by how many more people at most.
TOLD_AGAIN = 0.25
MOST_MORE = 3
JITTER_DEGREES = 0.0006
WORK_BEGINS, WORK_ENDS = 8, 16
SATURDAY = 5
HALF_AN_HOUR = 1 / 48
# Of a hundred matters that may be shown to everybody, so many are.
SHOWN = 60
Story = dict[str, Any]
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place people name, as the gazetteer knows it; degrees WGS84."""

    label: str
    lat: float
    lon: float


@dataclass
class Crowd:
    """Draws stories. `moment` is when the year ends, aware, in the city's zone."""

    data: Data
    spots: Sequence[Spot]
    moment: dt.datetime
    seed: int
    rng: Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)  # noqa: S311 - a population, no secret
        flatness = self.data["flatness"]
        self.heat = [1 / (rank + flatness) for rank in range(len(self.spots))]
        self.days = [self.moment - dt.timedelta(days=age) for age in range(DAYS)]
        self.traffic = [self._share(day) for day in self.days]

    def stories(self, count: int) -> list[Story]:
        """So many stories or a few more, one for each concern; those of the same matter name the one they join."""
        told: list[Story] = []
        while len(told) < count:
            told += self._matter(f"crowd-{len(told)}")
        return told

    def _share(self, day: dt.datetime) -> float:
        return float(self.data["months"][day.month - 1] * self.data["weekdays"][day.weekday()])

    def _matter(self, name: str) -> Iterator[Story]:
        filed_at = self._moment_of_filing()
        age = (self.moment - filed_at) / dt.timedelta(days=1)
        matters = [
            one
            for one in self.data["matters"]
            if filed_at.month in one.get("months", [filed_at.month])
        ]
        matter = self.rng.choices(matters, [one["weight"] for one in matters])[0]
        contact = {} if matter.get("internal") else self._contact()
        course = self._course(matter, age, contact)
        spot = self.rng.choices(self.spots, self.heat)[0]
        words = self.rng.choice(matter["words"])
        steps = [*self._confirmation(contact), *self._steps(course, matter, filed_at)]
        yield self._story(matter, filed_at, spot, words, contact, steps) | {"name": name}
        if course.get("takes_others") and matter.get("again") and self.rng.random() < TOLD_AGAIN:
            for _nth in range(self.rng.randint(1, MOST_MORE)):
                yield self._again(matter, filed_at, spot, name)

    def _moment_of_filing(self) -> dt.datetime:
        recent = RECENT_DAYS if self._percent(self.data["recent"]) else DAYS
        day = self.rng.choices(self.days[:recent], self.traffic[:recent])[0]
        hour = min(max(self.rng.gauss(13.5, 4), 5), 23)
        moment = day.replace(hour=int(hour), minute=self.rng.randrange(60))
        return min(moment, self.moment - dt.timedelta(minutes=self.rng.randint(5, 120)))

    def _contact(self) -> dict[str, str]:
        """What one person leaves of themselves: often nothing."""
        shares = self.data["reporters"]
        first, last = self.rng.choice(shares["first"]), self.rng.choice(shares["last"])
        contact = {}
        if self._percent(shares["email"]):
            contact["email"] = f"post{self.rng.randrange(10**6):06}@beispiel.test"
        if self._percent(shares["phone"]):
            contact["phone"] = f"0202 55501{self.rng.randrange(100):02}"
        return contact | {"name": f"{first} {last}"} if contact else {}

    def _percent(self, share: int) -> bool:
        return self.rng.random() * 100 < share

    def _course(self, matter: Data, age: float, contact: Data) -> Data:
        """One of the courses that this matter, its age and its author leave room for."""
        courses: Mapping[str, Data] = self.data["courses"]
        chosen = matter.get("outcomes")
        fitting = [
            (key, max(course["weight"], 1 if chosen else 0))
            for key, course in courses.items()
            if key in (chosen or courses)
            and course.get("youngest", 0) <= age <= course.get("oldest", DAYS)
            and matter["category"] in course.get("only", [matter["category"]])
            and (course.get("needs") != "email" or "email" in contact or matter.get("internal"))
        ]
        if not fitting:
            return courses["fixed" if not chosen else next(iter(chosen))]
        keys, weights = zip(*fitting, strict=True)
        return courses[self.rng.choices(keys, weights)[0]]

    def _confirmation(self, contact: Data) -> list[Story]:
        confirmed = "email" in contact and self._percent(self.data["reporters"]["confirmed"])
        return [{"after": 0.05, "do": "confirm_address"}] if confirmed else []

    def _steps(self, course: Data, matter: Data, filed_at: dt.datetime) -> list[Story]:
        texts = self.data["texts"] | matter.get("texts", {})
        pace = self.rng.uniform(0.8, 1.3)
        steps: list[Story] = []
        for given in course.get("steps", []):
            step = dict(given) | {"after": given["after"] * pace}
            for name in ("text", "partner", "body"):
                if name in step:
                    step[name] = texts[step[name]]
            if step["do"] == "rate":
                step["rating"] = self.rng.choices([5, 4, 3, 2, 1], [6, 4, 2, 1, 1])[0]
            if step.get("outcome") == "fixed" and "causes" in matter:
                step["cause"] = self.rng.choice(matter["causes"])
            if "by" in step:
                step["after"] = self._at_work(filed_at, step["after"])
            # Moved into working hours, two acts may meet: the second still comes second.
            step["after"] = max(step["after"], steps[-1]["after"] + HALF_AN_HOUR if steps else 0)
            steps.append(step)
        if course.get("publishes") and not matter.get("placeless") and self._percent(SHOWN):
            shown = {"after": steps[0]["after"] + HALF_AN_HOUR / 2, "by": "worker", "do": "publish"}
            steps.insert(1, shown)
        return steps

    def _at_work(self, filed_at: dt.datetime, after: float) -> float:
        """Days after the filing, moved to the next hour in which an office works."""
        moment = filed_at + dt.timedelta(days=after)
        if moment.hour >= WORK_ENDS:
            moment = (moment + dt.timedelta(days=1)).replace(hour=WORK_BEGINS)
        if moment.hour < WORK_BEGINS:
            moment = moment.replace(hour=WORK_BEGINS)
        while moment.weekday() >= SATURDAY:
            moment += dt.timedelta(days=1)
        return max(after, (moment - filed_at) / dt.timedelta(days=1))

    def _story(
        self,
        matter: Data,
        filed_at: dt.datetime,
        spot: Spot,
        words: str,
        contact: dict[str, str],
        steps: list[Story],
    ) -> Story:
        place = not matter.get("placeless")
        street = spot.label.rstrip("0123456789 abcdef") or spot.label
        story: Story = {
            "filed_at": filed_at,
            "words": words.format(address=spot.label, street=street),
            "category": matter["category"],
            "steps": steps,
        }
        if place:
            lon = spot.lon + self.rng.uniform(-JITTER_DEGREES, JITTER_DEGREES)
            lat = spot.lat + self.rng.uniform(-JITTER_DEGREES, JITTER_DEGREES)
            story |= {"address": spot.label, "point": (round(lon, 5), round(lat, 5))}
        if matter.get("internal"):
            return story | {"by": "employee"}
        if matter.get("english") and self._percent(self.data["reporters"]["english"]):
            english = self.rng.choice(matter["english"])
            story |= {"words": english.format(address=spot.label, street=street), "language": "en"}
        channel = self.rng.choices(["portal", "api", "phone"], [80, 10, 10])[0]
        return story | {"contact": contact, "channel": channel}

    def _again(self, matter: Data, filed_at: dt.datetime, spot: Spot, name: str) -> Story:
        """Somebody else tells of the same within two days; a clerk sees it and joins the two."""
        later = min(filed_at + dt.timedelta(days=self.rng.uniform(0.2, 2)), self.moment)
        contact = self._contact()
        joined = {"after": 0.6, "by": "worker", "do": "join", "to": name}
        steps = [*self._confirmation(contact), joined]
        return self._story(matter, later, spot, self.rng.choice(matter["again"]), contact, steps)
