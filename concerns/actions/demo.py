"""A small population to try the product with, told by the city's data: people, concerns, and what became of them.

Every step is the action a person would have taken at that hour, so the demo's events, dates and mails are real ones.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction

from accounts.models import User
from common.actor import Actor
from common.clock import now, pretend
from concerns.actions import (
    correcting,
    deciding,
    ending,
    joining,
    referring,
    safeguarding,
    screening,
    voicing,
    waiting,
    words,
    working,
)
from concerns.actions.contact import confirm_address
from concerns.actions.filing import Filed, Filing, Place, file_concern
from concerns.actions.responsibility import hand_back, route, transfer
from concerns.actions.tending import tend
from concerns.enums import Channel
from concerns.models import Ticket
from concerns.queries.placements import ticket_id_of
from departments.enums import Capability
from departments.models import Department, Membership
from departments.queries import actor_for

Step = Mapping[str, Any]
Act = Callable[[Actor, Filed, Step], object]


def ticket_id(filed: Filed) -> int:
    return ticket_id_of(filed.concern.pk)


def answer_in(step: Step) -> deciding.Answer:
    return deciding.Answer(
        step["outcome"], step["text"], step.get("body", ""), step.get("cause", "")
    )


def department_in(step: Step) -> int:
    return Department.objects.get(key=step["department"]).pk


def date_in(step: Step) -> dt.date:
    return now().date() + dt.timedelta(days=step["in_days"])


# Parts of no particular person, with the capability they need.
PARTS = {
    "worker": Capability.CLERK,
    "dispatcher": Capability.DISPATCHER,
    "approver": Capability.APPROVER,
}
ACTS: dict[str, Act] = {
    "route": lambda who, it, s: route(
        actor=who, ticket_id=ticket_id(it), department_id=department_in(s)
    ),
    "accept": lambda who, it, _s: working.accept(actor=who, ticket_id=ticket_id(it)),
    "schedule": lambda who, it, s: working.schedule(
        actor=who, ticket_id=ticket_id(it), date=date_in(s)
    ),
    "ask": lambda who, it, s: waiting.ask(actor=who, ticket_id=ticket_id(it), text=s["text"]),
    "refer": lambda who, it, s: referring.refer(
        actor=who, ticket_id=ticket_id(it), partner=s["partner"], text=s["text"]
    ),
    "submit": lambda who, it, s: deciding.submit(
        actor=who, ticket_id=ticket_id(it), answer=answer_in(s)
    ),
    "resolve": lambda who, it, s: deciding.resolve(
        actor=who, ticket_id=ticket_id(it), answer=answer_in(s)
    ),
    "decline": lambda who, it, s: deciding.decline(
        actor=who, ticket_id=ticket_id(it), answer=answer_in(s)
    ),
    "transfer": lambda who, it, s: transfer(
        actor=who, ticket_id=ticket_id(it), department_id=department_in(s), reason=s["text"]
    ),
    "hand_back": lambda who, it, s: hand_back(actor=who, ticket_id=ticket_id(it), reason=s["text"]),
    "publish": lambda who, it, _s: correcting.publish(actor=who, ticket_id=ticket_id(it)),
    "note": lambda who, it, s: words.note(actor=who, ticket_id=ticket_id(it), text=s["text"]),
    "message": lambda who, it, s: words.send_message(
        actor=who, ticket_id=ticket_id(it), text=s["text"]
    ),
    "approve": lambda who, it, _s: deciding.approve(actor=who, ticket_id=ticket_id(it)),
    "discard": lambda who, it, s: screening.discard(
        actor=who, ticket_id=ticket_id(it), reason=s["text"]
    ),
    "close_withdrawn": lambda who, it, s: ending.close_withdrawn(
        actor=who, ticket_id=ticket_id(it), reason=s["text"]
    ),
    "reopen": lambda who, it, s: ending.reopen(
        actor=who, ticket_id=ticket_id(it), reason=s["text"]
    ),
    "encircle": lambda who, it, s: safeguarding.encircle(
        actor=who, ticket_id=ticket_id(it), circle_key=s["circle"]
    ),
    "confirm_address": lambda _who, it, _s: confirm_address(concern_id=it.concern.pk),
    "reply": lambda _who, it, s: words.reply(concern_id=it.concern.pk, text=s["text"]),
    "object": lambda _who, it, s: voicing.object_to_result(
        concern_id=it.concern.pk, text=s["text"]
    ),
    "confirm": lambda _who, it, _s: voicing.confirm(concern_id=it.concern.pk),
    "rate": lambda _who, it, s: voicing.rate(concern_id=it.concern.pk, rating=s["rating"]),
    "withdraw": lambda _who, it, _s: voicing.withdraw(concern_id=it.concern.pk),
}


@transaction.atomic
def load_people(people: list[Mapping[str, Any]], *, password: str) -> dict[str, User]:
    """The demo's log-ins by short name; those that exist keep their rights and get the password again."""
    known = {}
    for person in people:
        user = User.objects.filter(email=person["email"]).first()
        if user is None:
            user = User.objects.create_user(person["email"], password, name=person["name"])
        for capability, department in person["duties"].items():
            Membership.objects.get_or_create(
                user=user, capability=capability, department=Department.objects.get(key=department)
            )
        known[person["key"]] = user
    return known


@dataclass
class Cast:
    """Who acts: a person named, or whoever does that part for the ticket at that moment."""

    people: Mapping[str, User]
    _duties: list[tuple[int, str, int]] = field(init=False)

    def __post_init__(self) -> None:
        named = {user.pk for user in self.people.values()}
        held = Membership.objects.filter(user__in=named).order_by("-department__path", "pk")
        self._duties = list(held.values_list("user", "capability", "department"))

    def actor(self, part: str, department: Department | None) -> Actor:
        """The actor for a part: a key of `people`, or worker, dispatcher, approver, employee."""
        if part in self.people:
            return actor_for(self.people[part])
        return actor_for(User.objects.get(pk=self._whoever(part, department)))

    def _whoever(self, part: str, department: Department | None) -> int:
        if part == "employee":
            return self._duties[0][0]
        capability = PARTS[part]
        near = [department.pk, *department.ancestor_ids] if department else []
        suited = [duty for duty in self._duties if duty[1] == capability]
        exact = [user for level in near for user, _cap, where in suited if where == level]
        return (exact or [user for user, _cap, _where in suited])[0]


@dataclass(order=True)
class Scene:
    """Something that happens at a moment; equal moments keep the order of telling."""

    moment: dt.datetime
    order: int
    happen: Callable[[], object] = field(compare=False)


def play(concerns: Sequence[Mapping[str, Any]], people: Mapping[str, User]) -> int:
    """File each concern on its day and let its steps happen; how many concerns there are now."""
    stories = [
        {"filed_at": now() - dt.timedelta(days=float(one["days_ago"])), **one} for one in concerns
    ]
    for scene in scenes(stories, people):
        with pretend(scene.moment):
            scene.happen()
    return len(stories)


def scenes(stories: Sequence[Mapping[str, Any]], people: Mapping[str, User]) -> list[Scene]:
    """All filings and steps up to now in the order of time, and what the clock does each night."""
    cast, told = Cast(people), dict[str, Filed]()
    found: list[Scene] = []

    def add(moment: dt.datetime, happen: Callable[[], object]) -> None:
        if moment <= now():
            found.append(Scene(moment, len(found), happen))

    for nth, story in enumerate(stories):
        name = story.get("name", f"story {nth}")
        add(story["filed_at"], partial(begin, story, name, told, cast))
        for step in story.get("steps", []):
            moment = story["filed_at"] + dt.timedelta(days=float(step["after"]))
            add(moment, partial(carry_out, step, name, told, cast))
    for night in nights(min((story["filed_at"] for story in stories), default=now())):
        add(night, tend)
    return sorted(found)


def nights(since: dt.datetime) -> Iterator[dt.datetime]:
    night = since.replace(hour=3, minute=0) + dt.timedelta(days=1)
    while night < now():
        yield night
        night += dt.timedelta(days=1)


def begin(story: Mapping[str, Any], name: str, told: dict[str, Filed], cast: Cast) -> None:
    author = cast.actor(story["by"], None) if "by" in story else Actor.anonymous()
    told[name] = file_concern(actor=author, filing=filing_of(story))


def filing_of(story: Mapping[str, Any]) -> Filing:
    lon, lat = story.get("point", (None, None))
    return Filing(
        words=story["words"],
        channel=Channel(story.get("channel", Channel.PORTAL)),
        language=story.get("language", "de"),
        category=story.get("category", ""),
        place=Place(address=story.get("address", ""), lat=lat, lon=lon),
        answers=story.get("answers", {}),
        contact=story.get("contact", {}),
    )


def carry_out(step: Step, name: str, told: Mapping[str, Filed], cast: Cast) -> None:
    filed = told[name]
    actor = Actor.citizen(filed.concern.pk)
    if "by" in step:
        ticket = Ticket.objects.select_related("department").get(pk=ticket_id(filed))
        actor = cast.actor(step["by"], ticket.department)
    if step["do"] == "join":
        joining.join(actor=actor, ticket_id=ticket_id(filed), lead_id=ticket_id(told[step["to"]]))
        return
    ACTS[step["do"]](actor, filed, step)
